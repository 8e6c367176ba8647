"""Table of asset pilots; visible by region."""

from sqlalchemy import Column, Date, Index, Integer, MetaData, String, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

asset_pilots = Table(
    "asset_pilots",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("body", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("document", Text, nullable=False),
    Index(None, "region_code"),
    comment="村级资产运营管理试点: one per village; until is the first day without",
)
