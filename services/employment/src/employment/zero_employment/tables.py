"""Tables of unemployment registrations and of families without any work; each row is a fact."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text, Uuid, text

from directory.facts import awaited_index, fact_columns
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

registrations = Table(
    "unemployment_registrations",
    metadata,
    *fact_columns(),
    Column("registered_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("end_reason", Text),
    Column("department", Text, nullable=False),
    Index(
        "uq_unemployment_registrations_standing",
        "person_id",
        unique=True,
        postgresql_where=text("ended_on IS NULL AND NOT void"),
    ),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    awaited_index("unemployment_registrations"),
    comment="失业登记: ended_on is the first day on which it no longer holds",
)

families = Table(
    "zero_employment_households",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("region", String(12)),
    Column("path", Text(collation="C"), nullable=False),
    Column("found_on", Date, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("due_on", Date),
    Column("offered_on", Date),
    Column("cleared_on", Date),
    Column("clear_reason", Text),
    Index(
        "uq_zero_employment_households_open",
        "household_id",
        unique=True,
        postgresql_where=text("cleared_on IS NULL AND NOT void"),
    ),
    Index(None, "path", "id"),
    comment="零就业家庭: one row per finding; due_on is the last day for offering a job",
)
