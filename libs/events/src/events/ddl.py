"""The SQL that makes the message path's tables; versions are frozen, a change is a new function."""

from typing import Final

PARTITION_ROWS: Final = 20_000_000
FIRST_PARTITIONS: Final = 25
"""Half a thousand million events before an operator has to add partitions (docs/operations.md)."""

_ENVELOPE = """
    id uuid NOT NULL,
    type text NOT NULL,
    key uuid NOT NULL,
    household_id uuid,
    region text,
    fact_id uuid,
    revision integer NOT NULL,
    void boolean NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    correlation_id uuid NOT NULL,
    causation_id uuid,
    traceparent text,
    data jsonb NOT NULL"""

_TABLES = f"""
CREATE TABLE event_log (
    seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) CONSTRAINT pk_event_log PRIMARY KEY,{_ENVELOPE}
) PARTITION BY RANGE (seq);
CREATE INDEX ix_event_log_id ON event_log (id);
CREATE INDEX ix_event_log_household_id_seq ON event_log (household_id, seq);
CREATE INDEX ix_event_log_correlation_id ON event_log (correlation_id);
CREATE TABLE relay_state (
    singleton smallint CONSTRAINT pk_relay_state PRIMARY KEY
        CONSTRAINT ck_relay_state_one_row CHECK (singleton = 1),
    epoch text NOT NULL,
    hi bigint NOT NULL
);
CREATE TABLE relay_gaps (lo bigint CONSTRAINT pk_relay_gaps PRIMARY KEY, hi bigint NOT NULL);
CREATE TABLE relay_rewinds (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_relay_rewinds PRIMARY KEY,
    lo bigint NOT NULL,
    hi bigint NOT NULL
);
CREATE TABLE receipt_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_receipt_outbox PRIMARY KEY,
    source text NOT NULL,
    outcome text NOT NULL,
    seqs int8multirange NOT NULL
);
CREATE TABLE receipts (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_receipts PRIMARY KEY,
    consumer text NOT NULL,
    outcome text NOT NULL,
    seqs int8multirange NOT NULL,
    lowest bigint NOT NULL,
    highest bigint NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ix_receipts_highest_lowest ON receipts (highest, lowest);
CREATE TABLE consumption (consumer text CONSTRAINT pk_consumption PRIMARY KEY, seqs int8multirange NOT NULL);
CREATE TABLE received_log (
    number bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) CONSTRAINT pk_received_log PRIMARY KEY,
    source text NOT NULL,
    seq bigint NOT NULL,{_ENVELOPE},
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT uq_received_log_source_seq UNIQUE (source, seq)
);
CREATE INDEX ix_received_log_id ON received_log (id);
CREATE INDEX ix_received_log_key_number ON received_log (key, number);
CREATE INDEX ix_received_log_household_id_number ON received_log (household_id, number);
CREATE TABLE consumer_fences (partition integer CONSTRAINT pk_consumer_fences PRIMARY KEY, owner bigint NOT NULL);
CREATE TABLE consumer_offsets (
    epoch text,
    topic text,
    partition integer,
    next_offset bigint NOT NULL,
    CONSTRAINT pk_consumer_offsets PRIMARY KEY (epoch, topic, partition)
);
CREATE TABLE blocks (
    source text,
    key uuid,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    redrive_requested_at timestamptz,
    CONSTRAINT pk_blocks PRIMARY KEY (source, key)
);
CREATE TABLE dead_letters (
    id uuid CONSTRAINT pk_dead_letters PRIMARY KEY,
    source text NOT NULL,
    seq bigint NOT NULL,
    key uuid NOT NULL,
    event_id uuid,
    event_type text NOT NULL,
    state text NOT NULL
        CONSTRAINT ck_dead_letters_state CHECK (state IN ('poison', 'parked', 'redriven', 'dismissed')),
    cause text,
    topic text NOT NULL,
    partition integer NOT NULL,
    headers jsonb NOT NULL,
    value bytea NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at timestamptz,
    CONSTRAINT uq_dead_letters_source_seq UNIQUE (source, seq)
);
CREATE INDEX ix_dead_letters_waiting ON dead_letters (source, key, seq) WHERE state IN ('poison', 'parked');
CREATE TABLE event_keys (key uuid CONSTRAINT pk_event_keys PRIMARY KEY)"""

_APPEND_ONLY = ("event_log", "received_log")
_WORKED_ON = (
    "relay_state",
    "relay_gaps",
    "relay_rewinds",
    "receipt_outbox",
    "receipts",
    "consumption",
    "consumer_fences",
    "consumer_offsets",
    "blocks",
    "dead_letters",
    "event_keys",
)


def create_v1(service: str) -> list[str]:
    """The statements of the first migration: tables, log partitions, rights of the app and worker roles.

    The logs can be added to and read, never changed; nobody but the owner has a right on the sequences.
    """
    statements = [statement.strip() for statement in _TABLES.split(";\n")]
    statements += [partition(n) for n in range(FIRST_PARTITIONS)]
    roles = f"{service}_app, {service}_worker"
    statements += [f"GRANT SELECT, INSERT ON {table} TO {roles}" for table in _APPEND_ONLY]
    statements += [f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {roles}" for table in _WORKED_ON]
    return statements


def partition(n: int) -> str:
    """The statement that adds the n-th partition of the event log."""
    lo, hi = n * PARTITION_ROWS + (n == 0), (n + 1) * PARTITION_ROWS
    return f"CREATE TABLE event_log_{n:04d} PARTITION OF event_log FOR VALUES FROM ({lo}) TO ({hi})"


def drop_index_of_chains() -> str:
    """The statement that drops the index of the log by chain of events: nobody looks them up, every event paid it."""
    return "DROP INDEX ix_event_log_correlation_id"
