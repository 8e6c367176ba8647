"""The tables of the message path, the same in every service's database."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE, JSONB

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

_MOMENT = DateTime(timezone=True)


def _envelope() -> tuple[Column[object], ...]:
    return (
        Column("id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("key", Uuid, nullable=False),
        Column("household_id", Uuid),
        Column("region", Text),
        Column("fact_id", Uuid),
        Column("revision", Integer, nullable=False),
        Column("void", Boolean, nullable=False),
        Column("occurred_at", _MOMENT, nullable=False),
        Column("recorded_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
        Column("correlation_id", Uuid, nullable=False),
        Column("causation_id", Uuid),
        Column("traceparent", Text),
        Column("data", JSONB, nullable=False),
    )


# Outbox, audit source and archive at once; rows are never updated. CACHE 1 and GENERATED ALWAYS: seq is drawn only
# inside the INSERT, under the key's lock, which is what makes seq order the commit order per key.
event_log = Table(
    "event_log",
    metadata,
    Column("seq", BigInteger, Identity(always=True, cache=1), primary_key=True),
    *_envelope(),
    Index(None, "id"),
    Index(None, "household_id", "seq"),
    postgresql_partition_by="RANGE (seq)",
)

relay_state = Table(
    "relay_state",
    metadata,
    Column("singleton", SmallInteger, CheckConstraint("singleton = 1", name="one_row"), primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("hi", BigInteger, nullable=False),
)

relay_gaps = Table(
    "relay_gaps",
    metadata,
    Column("lo", BigInteger, primary_key=True, autoincrement=False),
    Column("hi", BigInteger, nullable=False),
)

relay_rewinds = Table(
    "relay_rewinds",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("lo", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
)

receipt_outbox = Table(
    "receipt_outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("seqs", INT8MULTIRANGE, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("consumer", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("seqs", INT8MULTIRANGE, nullable=False),
    Column("lowest", BigInteger, nullable=False),
    Column("highest", BigInteger, nullable=False),
    Column("received_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Index(None, "highest", "lowest"),
)

consumption = Table(
    "consumption",
    metadata,
    Column("consumer", Text, primary_key=True),
    Column("seqs", INT8MULTIRANGE, nullable=False),
)

received_log = Table(
    "received_log",
    metadata,
    Column("number", BigInteger, Identity(always=True, cache=1), primary_key=True),
    Column("source", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    *_envelope(),
    Column("received_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    UniqueConstraint("source", "seq"),
    Index(None, "id"),
    Index(None, "key", "number"),
    Index(None, "household_id", "number"),
)

consumer_fences = Table(
    "consumer_fences",
    metadata,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("owner", BigInteger, nullable=False),
)

consumer_offsets = Table(
    "consumer_offsets",
    metadata,
    Column("epoch", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
)

blocks = Table(
    "blocks",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Uuid, primary_key=True),
    Column("since", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("redrive_requested_at", _MOMENT),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("source", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("key", Uuid, nullable=False),
    Column("event_id", Uuid),
    Column("event_type", Text, nullable=False),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('poison', 'parked', 'redriven', 'dismissed')", name="state"),
        nullable=False,
    ),
    Column("cause", Text),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("written_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("settled_at", _MOMENT),
    UniqueConstraint("source", "seq"),
    Index("ix_dead_letters_waiting", "source", "key", "seq", postgresql_where=text("state IN ('poison', 'parked')")),
)

event_keys = Table("event_keys", metadata, Column("key", Uuid, primary_key=True))
