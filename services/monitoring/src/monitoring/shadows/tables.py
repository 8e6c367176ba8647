"""Shadows; each of their days is a what-if."""

from sqlalchemy import Column, DateTime, Index, MetaData, Table, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

_MOMENT = DateTime(timezone=True)

shadows = Table(
    "shadows",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("title", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("values", JSONB, nullable=False),
    Column("candidates", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("started_by", Text, nullable=False),
    Column("started_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("stopped_at", _MOMENT),
    Index("ix_shadows_running", "id", postgresql_where=text("stopped_at IS NULL")),
)
