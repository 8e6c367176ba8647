"""Tables of conditions and expenses; each row is the newest revision of its fact, the event log keeps the others."""

from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, MetaData, Numeric, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

conditions = Table(
    "conditions",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("guarantee", Text, nullable=False),
    Column("person_id", Uuid),
    Column("since", Date, nullable=False),
    Column("resolved_on", Date),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "household_id"),
    comment="保障问题: a guarantee that is not solved, or was solved on a day",
)

expenses = Table(
    "expenses",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("window_from", Date, nullable=False),
    Column("window_to", Date, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "household_id"),
    comment="刚性支出: self-paid expenses of a household in a window",
)
