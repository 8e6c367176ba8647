"""Table of advisers; names and phones are ciphertext and masks."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, MetaData, Table, Text, Uuid, text

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

advisers = Table(
    "advisers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("who", Text, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("masked_name", Text, nullable=False),
    Column("phone", LargeBinary),
    Column("masked_phone", Text),
    Column("organisation", Text, nullable=False),
    Column("trade", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index(None, "path"),
    Index("uq_advisers_standing", "path", "trade", "who", unique=True, postgresql_where=text("until IS NULL")),
    comment="科技顾问: one row per village, trade and adviser; who is a blind index of name and organisation",
)
