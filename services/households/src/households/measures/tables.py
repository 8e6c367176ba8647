"""Table of measures; each row is the newest revision of its fact, the event log keeps the others."""

from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, Index, Integer, MetaData, Table, Text, Uuid

from kit.tables import NAMING

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
