"""The tables of payments and of what each paid to whom."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from directory.facts import awaited_index, fact_columns
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

_YUAN = Numeric(14, 2)

settlements = Table(
    "settlements",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("buyer_id", Uuid, nullable=False),
    Column("region", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("refunded", _YUAN, nullable=False),
    Column("department", Text, nullable=False),
    Index("uq_settlements_order_id_reference", "order_id", "reference", unique=True, postgresql_where=text("NOT void")),
    Index(None, "buyer_id", "paid_on"),
    comment="结算: region and path are those of the buyer",
)

sales = Table(
    "sales",
    metadata,
    *fact_columns(),
    Column("order_id", Uuid, nullable=False),
    Column("share_id", Uuid, nullable=False),
    Column("settlement_id", Uuid, nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("buyer_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("paid", _YUAN, nullable=False),
    Column("refunded", _YUAN, nullable=False),
    Column("department", Text, nullable=False),
    Index(None, "settlement_id"),
    Index(None, "household_id", "paid_on"),
    Index(None, "path", "id"),
    awaited_index("sales"),
    comment="农户销售: what a settlement paid to one household",
)
