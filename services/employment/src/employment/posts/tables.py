"""Tables of public-welfare posts and of who holds them."""

from sqlalchemy import ARRAY, Boolean, Column, Date, Index, Integer, MetaData, Numeric, String, Table, Text, Uuid, text

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

posts = Table(
    "public_posts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("region", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("places", Integer, nullable=False),
    Column("monthly_pay", Numeric(14, 2), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("document", Text, nullable=False),
    Column("department", Text, nullable=False),
    Index(None, "path", "id"),
    comment="乡村公益性岗位: budgeted places of a village",
)

holdings = Table(
    "post_holdings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("region", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("post_id", Uuid, nullable=False),
    Column("spell_id", Uuid, nullable=False),
    Column("contract_from", Date, nullable=False),
    Column("contract_to", Date, nullable=False),
    Column("causes", ARRAY(Text, as_tuple=True), nullable=False),
    Column("ended_on", Date),
    Column("end_reason", Text),
    Column("department", Text, nullable=False),
    Index(
        "uq_post_holdings_one",
        "person_id",
        unique=True,
        postgresql_where=text("ended_on IS NULL AND NOT void"),
    ),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    Index(None, "post_id"),
    comment="在岗: ended_on is the first day outside; spell_id is the job under which the wage is paid",
)
