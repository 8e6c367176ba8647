"""Tables of teams; names and phones are ciphertext and masks."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, MetaData, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

team_members = Table(
    "team_members",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("role", Text, nullable=False),
    Column("household_id", Uuid),
    Column("name", LargeBinary),
    Column("masked_name", Text, nullable=False),
    Column("phone", LargeBinary),
    Column("masked_phone", Text),
    Column("organisation", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index(None, "path"),
    comment="六位一体成员: one row per place that somebody takes in a village's team",
)
