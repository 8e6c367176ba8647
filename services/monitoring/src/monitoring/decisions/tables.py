"""The chain: one row per decision, never changed; nobody but the owner of the database has the right to."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Index, MetaData, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

decisions = Table(
    "decisions",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("household_id", Uuid),
    Column("path", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("decided_on", Date),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("content", JSONB, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("seq"),
    Index(None, "household_id"),
    Index(None, "subject_id"),
)
