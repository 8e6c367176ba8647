"""The table of cancelled shares: what each household would have delivered to an order that was cancelled."""

from sqlalchemy import Column, Date, Index, MetaData, Numeric, Table, Text, Uuid

from directory.facts import awaited_index, fact_columns
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

cancelled_shares = Table(
    "cancelled_shares",
    metadata,
    *fact_columns(),
    Column("order_id", Uuid, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("cancelled_on", Date, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("cause", Text, nullable=False),
    Column("department", Text, nullable=False),
    Index(None, "order_id"),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    awaited_index("cancelled_shares"),
    comment="取消订单中各户的份额",
)
