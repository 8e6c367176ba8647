"""Tables of money set apart for the neediest; visible in the area of the collective, a line also where it lives."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
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

_YUAN = Numeric(14, 2)
_SHARES = Numeric(14, 2)

set_asides = Table(
    "set_asides",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("collective_id", Uuid, nullable=False),
    Column("reference", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("closed_on", Date),
    Index(None, "collective_id", "year"),
    comment="帮扶股: what of an income is set apart for the neediest; until is the last day on which it is paid,"
    " closed_on the day the notice ended",
)

set_aside_lines = Table(
    "set_aside_lines",
    metadata,
    Column("set_aside_id", Uuid, ForeignKey("set_asides.id"), primary_key=True),
    Column("household_id", Uuid, primary_key=True),
    Column("shares", _SHARES, nullable=False),
    Column("ground", Text, nullable=False),
    Index(None, "household_id"),
    comment="帮扶股到户: shares of a household, 0 = not chosen any more; ground is why it was chosen",
)
