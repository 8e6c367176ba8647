"""Table of villages as the newest export states them; earlier ones stand in the event log."""

from sqlalchemy import Boolean, Column, Date, Integer, MetaData, String, Table

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

village_facts = Table(
    "village_facts",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("stated_on", Date, nullable=False),
    Column("lifted", Boolean),
    Column("households", Integer),
    Column("persons", Integer),
    Column("hamlets", Integer),
    Column("groups", Integer),
    comment="村情: as the newest export of 行政村信息 states it; null is not filled; nothing of persons",
)
