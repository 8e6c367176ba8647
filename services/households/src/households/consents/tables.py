"""Tables of consents and plans; each row is the newest revision of its fact, the event log keeps the others."""

from sqlalchemy import (
    ARRAY,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

consents = Table(
    "consents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("person_id", Uuid),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "household_id"),
    comment="农户授权: the newest decision of a household on each purpose",
)

household_plans = Table(
    "household_plans",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("agreed_on", Date, nullable=False),
    Column("target_per_head", Numeric(14, 2), nullable=False),
    Column("expected_gain", Numeric(14, 2), nullable=False),
    Column("categories", ARRAY(Text), nullable=False),
    Column("causes", ARRAY(Text), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "household_id"),
    comment="增产增收计划: one per household and year",
)
