"""What-ifs, the households that would flip, and the alerts by township, week and rule."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

_MOMENT = DateTime(timezone=True)
_STATES = "state IN ('waiting', 'running', 'done', 'cancelled')"

what_ifs = Table(
    "what_ifs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("title", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("values", JSONB, nullable=False),
    Column("candidates", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("gate", BigInteger, nullable=False),
    Column("state", Text, CheckConstraint(_STATES, name="state"), nullable=False, server_default="waiting"),
    Column("behind", Uuid),
    Column("households", Integer, nullable=False, server_default=text("0")),
    Column("levels", JSONB, nullable=False, server_default=text("'{}'")),
    Column("shortfall_before", Numeric(14, 2), nullable=False, server_default=text("0")),
    Column("shortfall_after", Numeric(14, 2), nullable=False, server_default=text("0")),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("heartbeat_at", _MOMENT),
    Column("ended_at", _MOMENT),
    Column("shadow_id", Uuid),
    CheckConstraint("first_on <= last_on", name="period"),
    CheckConstraint("(state IN ('done', 'cancelled')) = (ended_at IS NOT NULL)", name="ended"),
    Index("ix_what_ifs_waiting", "id", postgresql_where=text("ended_at IS NULL")),
    Index("uq_what_ifs_shadow_id_last_on", "shadow_id", "last_on", unique=True),
)

what_if_flips = Table(
    "what_if_flips",
    metadata,
    Column("what_if_id", Uuid, primary_key=True),
    Column("household_id", Uuid, primary_key=True),
    Column("path", Text, nullable=False),
    Column("level_before", Text, nullable=False),
    Column("level_after", Text, nullable=False),
    Column("since", Date),
    Column("more", ARRAY(Text), nullable=False),
    Column("fewer", ARRAY(Text), nullable=False),
)

what_if_weeks = Table(
    "what_if_weeks",
    metadata,
    Column("what_if_id", Uuid, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("week", Date, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
)
