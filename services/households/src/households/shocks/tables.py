"""Table of shocks; each row is the newest revision of its fact, the event log keeps the others."""

from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, MetaData, Numeric, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

shocks = Table(
    "shocks",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("disaster", Text),
    Column("happened_on", Date, nullable=False),
    Column("means_lost", Boolean, nullable=False),
    Column("loss", Numeric(14, 2)),
    Column("resolved_on", Date),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "household_id"),
    comment="突发事件: a disaster or an accident; resolved_on is the first day on which the household is through it",
)
