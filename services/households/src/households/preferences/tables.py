"""Tables of the preference list; read by everybody, written by the worker alone."""

from sqlalchemy import ARRAY, Column, Date, Index, Integer, MetaData, Numeric, String, Table, Text, Uuid, text

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

preference_listings = Table(
    "preference_listings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("entity_id", Uuid, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("listed_on", Date, nullable=False),
    Column("delisted_on", Date),
    Column("reason", Text),
    Column("households", Integer, nullable=False),
    Column("paid", Numeric(14, 2), nullable=False),
    Column("policy_ids", ARRAY(Uuid), nullable=False),
    Index("uq_preference_listings_standing", "entity_id", unique=True, postgresql_where=text("delisted_on IS NULL")),
    Index(None, "entity_id", "listed_on"),
    comment="倾斜支持名单: one row per stay, as it was when listed; delisted_on is the first day without it",
)

preference_reviews = Table(
    "preference_reviews",
    metadata,
    Column("reviewed_on", Date, primary_key=True),
    comment="名单评定日: the business dates for which the list was made",
)
