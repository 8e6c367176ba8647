"""One row per alert; of each household and rule at most one is open."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("household_id", Uuid, nullable=False),
    Column("rule", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("state", Text, CheckConstraint("state IN ('open', 'closed', 'retracted')", name="state"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("opening_event", Uuid, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("changed_on", Date, nullable=False),
    Column("changed_event", Uuid, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("reason_zh", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Column("policy_version", Text),
    Column("source", Text, nullable=False),
    Column(
        "holder", Text, CheckConstraint("holder IN ('village', 'township', 'county')", name="holder"), nullable=False
    ),
    Column("held_since", Date, nullable=False),
    Column("acknowledged_on", Date),
    Column("verdict", Text),
    Column("helped_on", Date),
    Column("snoozed_until", Date),
    Column("snooze_reason", Text),
    Column("merged_into", Text),
    Index(None, "path", postgresql_where=text("state = 'open'")),
    Index("uq_alerts_open", "household_id", "rule", unique=True, postgresql_where=text("state = 'open'")),
    Index(None, "number", "id"),
    Index(None, "household_id", "number"),
)
