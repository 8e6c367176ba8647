"""Tables of job spells, wages and missed wages; each row is a fact, matched to a household or waiting for it."""

from sqlalchemy import Column, Date, Index, Integer, MetaData, Numeric, String, Table, Text, Uuid, text

from directory.facts import awaited_index, fact_columns
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

spells = Table(
    "spells",
    metadata,
    *fact_columns(),
    Column("started_on", Date, nullable=False),
    Column("channel", Text, nullable=False),
    Column("place_code", String(12)),
    Column("employer", Text),
    Column("monthly_wage", Numeric(14, 2)),
    Column("ended_on", Date),
    Column("end_reason", Text),
    Column("end_revision", Integer, nullable=False),
    Column("next_expected", Date),
    Column("department", Text, nullable=False),
    Index(None, "person_id", "started_on"),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    Index("ix_spells_expecting", "next_expected", postgresql_where=text("next_expected IS NOT NULL AND NOT void")),
    awaited_index("spells"),
    comment="务工记录: end_revision counts publications of the end; next_expected is the month to look at next",
)

wages = Table(
    "wages",
    metadata,
    *fact_columns(),
    Column("spell_id", Uuid),
    Column("month", Date, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("channel", Text, nullable=False),
    Column("department", Text, nullable=False),
    Index("uq_wages_spell_month", "spell_id", "month", unique=True, postgresql_where=text("NOT void")),
    Index(None, "person_id", "month"),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    awaited_index("wages"),
    comment="工资: month is its first day",
)

missed_wages = Table(
    "missed_wages",
    metadata,
    *fact_columns(),
    Column("spell_id", Uuid, nullable=False),
    Column("month", Date, nullable=False),
    Column("expected", Numeric(14, 2), nullable=False),
    Index("uq_missed_wages_spell_month", "spell_id", "month", unique=True),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    comment="工资未到: the id follows from spell and month; void once the wage came after all",
)
