"""Tables of publicity and role models; visible by region, by household."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

publicity = Table(
    "publicity",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("households", Integer, nullable=False),
    Index(None, "region_code", "held_on"),
    comment="宣传引导: what was held in a village on a day, and how many it reached",
)

role_models = Table(
    "role_models",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("field", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("reason", Text),
    Column("consented_on", Date, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Index(None, "household_id"),
    comment="典型: a household that agreed to be shown, and who of it signed; until is the first day without",
)
