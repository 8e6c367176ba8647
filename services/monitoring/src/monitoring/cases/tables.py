"""One row per case as it stands, and every step of it; at most one case of a household is not refused.

Beside them, what the national register states of households on its list, until their cases follow.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("household_id", Uuid, nullable=False),
    Column("path", Text, nullable=False),
    Column("region", Text),
    Column("state", Text, nullable=False),
    Column("eliminating", Boolean, nullable=False),
    Column("due_on", Date),
    Column("decided_on", Date),
    Column("version", Integer, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("body", JSONB, nullable=False),
    Index("uq_cases_household_id", "household_id", unique=True, postgresql_where=text("state <> 'refused'")),
    Index(None, "household_id"),
    Index(None, "state", "id"),
)

# `applied` is false while the household's profile has not taken up a step that rules read of.
case_steps = Table(
    "case_steps",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("path", Text, nullable=False),
    Column("move", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("officer", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    Column("applied", Boolean, nullable=False),
    Index(None, "case_id", "number"),
    Index("ix_case_steps_pending", "household_id", postgresql_where=text("NOT applied")),
)

register_statements = Table(
    "register_statements",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("region", Text),
    Column("said", JSONB, nullable=False),
    Column("settled", Boolean, nullable=False),
    Index("ix_register_statements_waiting", "household_id", postgresql_where=text("NOT settled")),
)

consents = Table(
    "consents",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("decided_on", Date, nullable=False),
)
