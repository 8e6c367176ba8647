"""The tables of orders: orders, their households' shares, deliveries, and what households lost by cancellations."""

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

orders = Table(
    "orders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("buyer_id", Uuid, nullable=False),
    Column("region", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("supplier_name", Text),
    Column("supplier_code", String(18)),
    Column("placed_on", Date, nullable=False),
    Column("due_on", Date),
    Column("accepted_on", Date),
    Column("closed_on", Date),
    Column("cancelled_on", Date),
    Column("households", Integer, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("accepted", _YUAN, nullable=False),
    Column("rejected", _YUAN, nullable=False),
    Column("cancelled", _YUAN, nullable=False),
    Column("paid", _YUAN, nullable=False),
    Column("refunded", _YUAN, nullable=False),
    Column("state", Text, nullable=False),
    Column("department", Text, nullable=False),
    Index(None, "buyer_id"),
    Index(None, "path", "id"),
    comment="订单: the id follows from department and number; region and path are those of the buyer",
)

order_shares = Table(
    "order_shares",
    metadata,
    *fact_columns(),
    Column("order_id", Uuid, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("percent", Numeric(7, 4)),
    Column("ordered", _YUAN, nullable=False),
    Column("accepted", _YUAN, nullable=False),
    Column("rejected", _YUAN, nullable=False),
    Column("cancelled", _YUAN, nullable=False),
    Column("paid", _YUAN, nullable=False),
    Column("refunded", _YUAN, nullable=False),
    Index(None, "order_id"),
    Index(None, "household_id", "order_number"),
    awaited_index("order_shares"),
    comment="订单份额: what each household delivers to an order",
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("reference", Text, nullable=False),
    Column("region", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("delivered_on", Date, nullable=False),
    Column("accepted", _YUAN, nullable=False),
    Column("rejected", _YUAN, nullable=False),
    Column("cause", Text),
    Column("final", Boolean, nullable=False),
    Column("department", Text, nullable=False),
    Index("uq_deliveries_order_id_reference", "order_id", "reference", unique=True, postgresql_where=text("NOT void")),
    comment="交付: region and path are those of the buyer",
)

delivered_shares = Table(
    "delivered_shares",
    metadata,
    *fact_columns(),
    Column("order_id", Uuid, nullable=False),
    Column("share_id", Uuid, nullable=False),
    Column("delivery_id", Uuid, nullable=False),
    Column("delivered_on", Date, nullable=False),
    Column("accepted", _YUAN, nullable=False),
    Column("rejected", _YUAN, nullable=False),
    Column("cause", Text),
    Column("department", Text, nullable=False),
    Index(None, "delivery_id"),
    Index(None, "household_id"),
    awaited_index("delivered_shares"),
    comment="交付份额: each household's part of a delivery; what was rejected is published",
)

cancelled_shares = Table(
    "cancelled_shares",
    metadata,
    *fact_columns(),
    Column("order_id", Uuid, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("cancelled_on", Date, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("cause", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("share_id", Uuid),
    Index(None, "order_id"),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    awaited_index("cancelled_shares"),
    comment="取消订单中各户的份额",
)
