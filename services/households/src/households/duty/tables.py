"""Tables of duty; officers are account names, never names of persons."""

from sqlalchemy import Column, Date, Index, Integer, MetaData, String, Table, Text, Uuid, text

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

staff_assignments = Table(
    "staff_assignments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer", Text, nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("version", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("succeeds_id", Uuid),
    Index("uq_staff_assignments_open", "officer", "path", unique=True, postgresql_where=text("until IS NULL")),
    comment="责任人: who answers for a region or grid, as lead or deputy",
)

staff_leaves = Table(
    "staff_leaves",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "officer"),
    comment="请假: until is the first day back",
)

grids = Table(
    "grids",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("village_code", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "village_code"),
    Index("uq_grids_path", "path", unique=True),
    comment="网格: about 60 households of a village",
)
