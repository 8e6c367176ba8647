"""Tables of regions and the business date."""

from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, MetaData, String, Table, Text, text

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

regions = Table(
    "regions",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent_code", String(12)),
    Column("path", Text(collation="C"), nullable=False),
    Column("key_county", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Index("uq_regions_current", "code", unique=True, postgresql_where=text("valid_to IS NULL")),
    comment="区划, effective-dated; valid_to is the first day on which the row no longer stands",
)

business_days = Table(
    "business_days",
    metadata,
    Column("business_date", Date, primary_key=True),
    Column("advanced_at", DateTime(timezone=True), nullable=False),
    comment="业务日期: every day the platform has been through; the last one is now",
)
