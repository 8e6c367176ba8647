"""Tables of market entities, their links to households and the benefits paid; visible by region, by household."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

market_entities = Table(
    "market_entities",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("credit_code", String(18), nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("closed", Boolean, nullable=False),
    Index("uq_market_entities_credit_code", "credit_code", unique=True, postgresql_where=text("NOT closed")),
    Index(None, "region_code"),
    comment="市场主体: read by everybody, as a public register is; written within the area of its region",
)

interest_modes = Table(
    "interest_modes",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    comment="利益联结模式: an editable list; the plan speaks of ten modes and names none",
)

interest_links = Table(
    "interest_links",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("entity_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("mode", Text, nullable=False),
    Column("contract", Text, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("ended_on", Date),
    Column("reason", Text),
    Index(None, "household_id"),
    Index(None, "entity_id", "id"),
    comment="利益联结: ends_on is the last day agreed, ended_on the first day without the link",
)

benefits = Table(
    "benefits",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("link_id", Uuid, nullable=False),
    Column("entity_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("benefit", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("first_month", String(7), nullable=False),
    Column("last_month", String(7), nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "household_id", "paid_on"),
    Index(None, "link_id"),
    comment="收益发放: rent and dividends paid under a link, for the months they name; the highest revision of each",
)
