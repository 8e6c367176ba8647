"""Ticks and policy changes by their number in the received log, and the drafts of values that wait for release."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    func,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

gates = Table(
    "gates",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("business_date", Date),
    Column("policy_id", Uuid),
)

policy_drafts = Table(
    "policy_drafts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", Text, CheckConstraint("state IN ('draft', 'released', 'withdrawn')", name="state"), nullable=False),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("value", Numeric(18, 6), nullable=False),
    Column("document", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("decided_by", Text),
    Column("decided_at", DateTime(timezone=True)),
    CheckConstraint("(state = 'draft') = (decided_by IS NULL)", name="decided"),
    CheckConstraint("state <> 'released' OR decided_by <> drafted_by", name="two_persons"),
    Index(None, "state", "id"),
)
