"""Tables of measures: those that people record, with their history, and what departments tell of theirs."""

from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, Index, Integer, MetaData, Table, Text, Uuid

from kit.tables import NAMING, copies

metadata = MetaData(naming_convention=NAMING)

measures = Table(
    "measures",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("category", Text, nullable=False),
    Column("causes", ARRAY(Text), nullable=False),
    Column("started_on", Date, nullable=False),
    Column("completed_on", Date),
    Column("department", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("source", Text, nullable=False),
    Index(None, "household_id"),
    comment="帮扶措施: causes are the risks it is meant to answer; completed_on is the day it was finished",
)

measure_versions = Table(
    "measure_versions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    *copies(measures, "id", "revision"),
    Column("recorded_on", Date, nullable=False),
    Index(None, "household_id"),
    comment="帮扶措施历史: every revision of a measure, with the business date of its recording",
)

given_measures = Table(
    "given_measures",
    metadata,
    Column("service", Text, primary_key=True),
    Column("fact_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("void", Boolean, nullable=False),
    Column("type", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("person_id", Uuid),
    Column("reference", Uuid),
    Column("category", Text),
    Column("causes", ARRAY(Text), nullable=False),
    Column("started_on", Date),
    Column("completed_on", Date),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_on", Date, nullable=False),
    Index(None, "household_id"),
    Index(None, "person_id"),
    comment="部门帮扶措施: what departments told of help and of its end, every revision, with the business date of its"
    " taking; without reference it says that it is none; without category it is the end of another fact",
)
