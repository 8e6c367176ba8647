"""Tables of reports and contests; what was said and who said it is ciphertext."""

from sqlalchemy import Column, Date, DateTime, Index, Integer, LargeBinary, MetaData, String, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

self_reports = Table(
    "self_reports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("household_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("accepted_on", Date),
    Column("settled_on", Date),
    Column("outcome", Text),
    Column("text", LargeBinary),
    Column("contact", LargeBinary),
    Index(None, "path", "id"),
    Index(None, "household_id"),
    comment="自主申报; text is what was said, contact how to reach who said it",
)

contests = Table(
    "contests",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("fact_id", Uuid, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("settled_on", Date),
    Column("outcome", Text),
    Column("text", LargeBinary),
    Index(None, "household_id"),
    comment="异议: a fact that the household says is wrong",
)

door_keys = Table(
    "door_keys",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("opens", Text, nullable=False),
    Column("target_id", Uuid, nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("valid_until", Date),
    Index(None, "target_id"),
    comment="回执与户码: keyed digest of a receipt or household code to what it opens;"
    " without row security, like identities",
)
