"""The tables of the kit, the same in every service's database."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}
"""How constraints are named, in every service: violations are told apart by these names."""


def copies(of: Table, *left_out: str) -> list[Column[Any]]:
    """The columns of a table for its history, without keys, and without those that are left out."""
    return [
        Column(column.name, column.type, nullable=column.nullable) for column in of.c if column.name not in left_out
    ]


metadata = MetaData(naming_convention=NAMING)

_MOMENT = DateTime(timezone=True)

# The database fills in who acts, from the transaction's settings: an audit row cannot be written in another's name
# by forgetting a parameter.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("subject", Text, nullable=False, server_default=text("current_setting('app.subject')")),
    Column("department", Text, nullable=False, server_default=text("current_setting('app.department')")),
    Column("action", Text, nullable=False),
    Column("entity", Text),
    Column("entity_id", Text),
    Column("trace_id", Text),
    Column("detail", JSONB, nullable=False),
    Index(None, "entity", "entity_id"),
    Index(None, "subject", "at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request", LargeBinary, nullable=False),
    Column("status", SmallInteger),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    Column("expires_at", _MOMENT, nullable=False),
    Index(None, "expires_at"),
)

policy_values = Table(
    "policy_values",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("value", Numeric(18, 6), nullable=False),
    Column("document", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("recorded_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    CheckConstraint("valid_to >= valid_from", name="valid_period"),
    CheckConstraint("confidence IN ('official', 'reported', 'unverified', 'demo')", name="confidence"),
    Index(None, "name", "valid_from"),
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
    Column("drafted_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("decided_by", Text),
    Column("decided_at", _MOMENT),
    CheckConstraint("(state = 'draft') = (decided_by IS NULL)", name="decided"),
    CheckConstraint("state <> 'released' OR decided_by <> drafted_by", name="two_persons"),
    Index(None, "state", "id"),
)
