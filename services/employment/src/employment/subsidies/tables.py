"""Tables of subsidies and of their batches."""

from sqlalchemy import Column, Date, Index, Integer, MetaData, Numeric, String, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

subsidies = Table(
    "subsidies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("region", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("proof", Text, nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("applied_by", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("amount", Numeric(14, 2)),
    Column("explained", JSONB, nullable=False),
    Column("batch_id", Uuid),
    Column("approved_on", Date),
    Column("closed_on", Date),
    Column("close_reason", Text),
    Column("paid_on", Date),
    Column("returned_on", Date),
    Column("return_reason", Text),
    Column("transfer_revision", Integer, nullable=False),
    Index(
        "uq_subsidies_once",
        "person_id",
        "kind",
        "year",
        unique=True,
        postgresql_where=text("state <> 'closed'"),
    ),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    Index(None, "batch_id"),
    comment="补贴申请: one per person, kind and year; transfer_revision is the highest heard of what finance paid",
)

batches = Table(
    "subsidy_batches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("prepared_on", Date, nullable=False),
    Column("prepared_by", Text, nullable=False),
    Column("decided_on", Date),
    Column("decided_by", Text),
    Index(None, "path", "id"),
    comment="补贴批次: path is the area of whoever prepared it",
)
