"""Work lists of meetings and their lines; a list stands as it was made, decisions are added to it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

_MOMENT = DateTime(timezone=True)

dispatch_lists = Table(
    "dispatch_lists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("level", Text, CheckConstraint("level IN ('township', 'county', 'city')", name="level"), nullable=False),
    Column("path", Text, nullable=False),
    Column("above", Text, nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("made_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("due_on", Date),
    Column("held_on", Date),
    Column("attendees", Integer),
    Column("held_by", Text),
    UniqueConstraint("level", "path", "period_from"),
    CheckConstraint("(held_on IS NULL) = (held_by IS NULL)", name="held"),
    Index(None, "above", "due_on"),
)

dispatch_lines = Table(
    "dispatch_lines",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("list_id", Uuid, nullable=False),
    Column("place", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject_id", Uuid),
    Column("household_id", Uuid),
    Column("level", Text),
    Column("since", Date),
    Column("due_on", Date),
    Column("overdue", Boolean, nullable=False),
    Column("households", BigInteger, nullable=False),
    Column("resolution", Text),
    Column("responsible", Text),
    Column("do_by", Date),
    Column("decided_by", Text),
    Column("decided_on", Date),
    Column("decided_at", _MOMENT),
    Index(None, "list_id", "place"),
    Index(None, "household_id"),
)
