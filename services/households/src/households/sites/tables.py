"""Tables of relocation sites and their households; visible by region, by household."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, MetaData, String, Table, Text, Uuid, text

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

relocation_sites = Table(
    "relocation_sites",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("since", Date, nullable=False),
    Column("closed_on", Date),
    Index(None, "region_code"),
    comment="易地扶贫搬迁安置区: closed_on is the first day without it",
)

site_households = Table(
    "site_households",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("site_id", Uuid, ForeignKey("relocation_sites.id"), nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index(None, "site_id"),
    Index("uq_site_households_standing", "household_id", unique=True, postgresql_where=text("until IS NULL")),
    comment="安置农户: one per site and household, in one site at a time; until is the first day without",
)
