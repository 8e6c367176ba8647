"""One row per request, as it stands after the department's last answer."""

from sqlalchemy import ARRAY, BigInteger, Column, Date, Index, Integer, MetaData, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

help_requests = Table(
    "help_requests",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("household_id", Uuid, nullable=False),
    Column("path", Text, nullable=False),
    Column("alert_id", Uuid),
    Column("case_id", Uuid),
    Column("service", Text, nullable=False),
    Column("offer", Text, nullable=False),
    Column("causes", ARRAY(Text), nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("due_on", Date),
    Column("state", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("taken_on", Date),
    Column("answered_on", Date),
    Column("answered_by", Text),
    Column("reason", Text),
    Column("reference", Uuid),
    Column("provided_on", Date),
    Column("number", BigInteger, nullable=False),
    Column("withdrawn_on", Date),
    Index(None, "household_id"),
    Index(None, "alert_id"),
    Index(None, "case_id"),
    Index(None, "asked_on", "id"),
)
