"""What officers did about alerts, in the order of the received log; `applied` once the household has taken it up."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, MetaData, Table, Text, Uuid, text

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

alert_acts = Table(
    "alert_acts",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("alert_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("path", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verdict", Text),
    Column("acted_on", Date, nullable=False),
    Column("officer", Text, nullable=False),
    Column("applied", Boolean, nullable=False, server_default=text("false")),
    Index(None, "alert_id", "number"),
    Index(None, "officer", "acted_on"),
    Index("ix_alert_acts_pending", "household_id", postgresql_where=text("NOT applied")),
)
