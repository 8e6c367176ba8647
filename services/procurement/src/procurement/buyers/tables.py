"""The tables of buyers and the reserves they file."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
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

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

_YUAN = Numeric(14, 2)

buyers = Table(
    "buyers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("credit_code", String(18), nullable=False),
    Column("region", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("canteen", Text, nullable=False),
    Column("counts_for", Uuid),
    Column("members", Integer),
    Column("closed", Boolean, nullable=False),
    Column("department", Text, nullable=False),
    Index("uq_buyers_credit_code", "credit_code", unique=True, postgresql_where=text("NOT closed")),
    Index(None, "path", "id"),
    Index(None, "counts_for"),
    comment="采购单位",
)

reserves = Table(
    "reserves",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("buyer_id", Uuid, nullable=False),
    Column("region", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("food_budget", _YUAN, nullable=False),
    Column("reserve", _YUAN, nullable=False),
    Column("ratio", Numeric(7, 6), nullable=False),
    Column("policy_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("filed_on", Date, nullable=False),
    Column("decided_on", Date),
    Column("department", Text, nullable=False),
    CheckConstraint("reserve <= food_budget", name="within_budget"),
    Index("uq_reserves_buyer_id_year", "buyer_id", "year", unique=True),
    Index(None, "path", "id"),
    comment="预留份额填报: one row per unit and year, as it stands; what it was before stands in the event log",
)
