"""The set of facts, one row per household with what follows from them, and the count of households by level."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
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
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

facts = Table(
    "facts",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("household_id", Uuid),
    Column("person_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("amount", Numeric(14, 2)),
    Column("data", JSONB, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Index(None, "household_id"),
    Index(None, "person_id", postgresql_where=text("person_id IS NOT NULL")),
    Index("ix_facts_merges", "household_id", postgresql_where=text("kind IN ('HouseholdMerged', 'HouseholdUnmerged')")),
)

# `received` is the last event read into the fold, `gate` the last tick or policy change, `version` the last of either
# that changed what is shown; all three are numbers of the received log, so a rebuild gives the same.
profiles = Table(
    "profiles",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("level_since", Date),
    Column("standings", JSONB, nullable=False),
    Column("outcomes", JSONB, nullable=False),
    Column("figures", JSONB, nullable=False),
    Column("indicators", JSONB, nullable=False),
    Column("digest", Text, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("gate", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Index(None, "level", "household_id"),
    Index(None, "path"),
    Index(None, "gate", "household_id"),
)

# 留存画像: a profile as its facts came to it; good while the row above has the same `received`, from `first_on` until
# before `until_on`. It only saves time, so a rebuild neither makes nor compares it.
kept_profiles = Table(
    "kept_profiles",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("received", BigInteger, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("form", Text, nullable=False),
    Column("profile", Text, nullable=False),
)

level_counts = Table(
    "level_counts",
    metadata,
    Column("path", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("households", BigInteger, nullable=False),
)

# 重建: each time the projections were replaced by a replay; what a process remembers of them ends with it.
rebuilds = Table(
    "rebuilds",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("until", BigInteger, nullable=False),
    Column("replaced", JSONB, nullable=False),
    Column("swapped_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
)
