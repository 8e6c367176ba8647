"""Tables of demonstration bases, their recognitions and households; visible by region, by household."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, MetaData, Numeric, String, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

bases = Table(
    "bases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("trade", Text, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("entity_id", Uuid),
    Column("collective_id", Uuid),
    Column("area", Numeric(14, 2), nullable=False),
    Column("since", Date, nullable=False),
    Column("closed_on", Date),
    Index(None, "region_code"),
    comment="示范基地: owned by an entity or a collective; area in mu",
)

base_recognitions = Table(
    "base_recognitions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("base_id", Uuid, ForeignKey("bases.id"), nullable=False),
    Column("level", Text, nullable=False),
    Column("recognised_on", Date, nullable=False),
    Column("withdrawn_on", Date),
    Column("document", Text, nullable=False),
    Index(None, "base_id"),
    comment="认定: one per base and level; withdrawn_on is the first day without it",
)

base_households = Table(
    "base_households",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("base_id", Uuid, ForeignKey("bases.id"), nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index(None, "base_id"),
    Index(None, "household_id"),
    comment="带动农户: one per base and household; until is the first day without it",
)
