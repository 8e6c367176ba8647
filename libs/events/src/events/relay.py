"""The relay: carries a service's event log to the broker, in order per key, at least once, stepping over nothing.

One round:
1. read what lies above `hi` and in the gaps, in sequence order, in one statement;
2. send it as batches with acks=all; within a partition batch n+1 leaves only after n is acknowledged;
3. look up who still writes to the log, so that gaps can die;
4. keep `hi` and the gaps. A failure anywhere ends the round, and it is sent again.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from time import monotonic, time
from typing import Any, Final
from uuid import UUID

import structlog
from aiokafka import AIOKafkaProducer
from opentelemetry.trace import Span
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from . import hints, reader, receipts
from .broker import AnotherCluster, BrokerSettings, ensure_topics, refuse_another_cluster
from .catalog.base import Service
from .gaps import Cursor, Gap, ranges
from .partitioner import key_bytes, partition_of
from .receipt_relay import send_receipts
from .topology import dead_letter_topic
from .tracing import message_span, recorded, traceparent_of
from .turns import own_session, stopped, stopped_or_stirred
from .wire import LoggedEvent, to_headers, topic_for

_log = structlog.get_logger(__name__)

_LEAD = text("SELECT pg_try_advisory_lock(20220823, 2)")
_LOAD = text("SELECT epoch, hi FROM relay_state")
_LOAD_GAPS = text("SELECT lo, hi FROM relay_gaps ORDER BY lo")
_KEEP = text("""
    WITH state AS (
        INSERT INTO relay_state (singleton, epoch, hi) VALUES (1, :epoch, :hi)
        ON CONFLICT (singleton) DO UPDATE SET epoch = EXCLUDED.epoch, hi = EXCLUDED.hi
    ), closed AS (DELETE FROM relay_gaps WHERE NOT lo = ANY(CAST(:lows AS bigint[])))
    INSERT INTO relay_gaps (lo, hi)
    SELECT * FROM unnest(CAST(:lows AS bigint[]), CAST(:highs AS bigint[]))
    ON CONFLICT (lo) DO UPDATE SET hi = EXCLUDED.hi
""")

_REWINDS = text("SELECT id, lo, hi FROM relay_rewinds ORDER BY id")
_TAKEN_UP = text("DELETE FROM relay_rewinds WHERE id = ANY(CAST(:ids AS bigint[]))")

BATCH: Final = 1_000
BUSY_POLL: Final = 0.005
"""Seconds at least between polls while events flow."""
IDLE_POLL: Final = 0.1
"""Seconds at most between polls in silence, from which a hint wakes: five relays ask all day for nothing."""
RECEIPTS_EVERY: Final = 0.1
"""Seconds in which receipts gather: nobody waits for one, and each is a transaction at its publisher."""
RETRY: Final = 0.5


class Relay:
    """The one active relay of a service; others wait for its lock.

    Args:
        service: whose log it carries.
        engine: connects directly (no transaction pooler) as the worker role.
        broker: serves one epoch of the broker's log; a new epoch is a new process.
    """

    def __init__(self, service: Service, engine: AsyncEngine, broker: BrokerSettings):
        self._service = service
        self._engine = engine
        self._broker = broker
        self._cursor = Cursor()
        self._receipted_at = 0.0
        self.sent = 0
        """events acknowledged by the broker in the life of this object"""

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until told to stop; broker and database may come and go meanwhile.

        Raises:
            AnotherCluster: the log of the broker began anew.
        """
        while not stop.is_set():
            try:
                await self._lead(stop)
            except AnotherCluster:
                raise
            except Exception as error:  # whatever ended the term, the log is intact: take the lead again
                _log.warning("relay interrupted", service=self._service, error=_kind(error))
                await stopped(stop, RETRY)

    async def _lead(self, stop: asyncio.Event) -> None:
        async with own_session(self._engine) as connection, _producer(self._broker) as producer:
            while not (await connection.execute(_LEAD)).scalar_one():
                if await stopped(stop, RETRY):
                    return
            # Sent to a new log before its rewind, newer events would come before older ones.
            await refuse_another_cluster(self._broker)
            await self._load(connection)
            hinted = asyncio.Event()
            await hints.listen(connection, hinted.set)
            wait, ended = BUSY_POLL, False
            while not ended:
                hinted.clear()
                began = monotonic()
                if await self._turn(connection, producer):
                    # a round costs nearly the same for one event as for fifty: under load more of them come together
                    wait = min(max(BUSY_POLL, monotonic() - began), IDLE_POLL)
                    ended = await stopped(stop, wait)
                else:
                    wait = min(wait * 2, IDLE_POLL)
                    ended = await stopped_or_stirred(stop, hinted, wait)

    async def _turn(self, connection: AsyncConnection, producer: AIOKafkaProducer) -> bool:
        """Do what waits; True when events were sent."""
        events, confirmations, rewinds = await reader.waiting(connection, self._cursor.hi)
        if rewinds:
            await self._rewind(connection)
        sent = (events or bool(self._cursor.gaps)) and await self._round(connection, producer)
        if confirmations:
            await self._send_receipts(connection, producer)
        return sent

    async def _send_receipts(self, connection: AsyncConnection, producer: AIOKafkaProducer) -> None:
        if monotonic() - self._receipted_at < RECEIPTS_EVERY:
            return
        self._receipted_at = monotonic()
        await send_receipts(self._service, connection, producer)

    async def _load(self, connection: AsyncConnection) -> None:
        state = (await connection.execute(_LOAD)).one_or_none()
        hi = state.hi if state else 0
        if state and state.epoch != self._broker.epoch:
            # The broker forgot everything: before anything newer, what no receipt covers goes out again.
            gaps = await receipts.not_consumed(connection, self._service, hi)
            _log.info("new broker epoch", service=self._service, rewound=sum(g.hi - g.lo + 1 for g in gaps))
        else:
            gaps = tuple(Gap(row.lo, row.hi) for row in await connection.execute(_LOAD_GAPS))
        self._cursor = Cursor(hi, gaps)
        await self._keep(connection)

    async def _rewind(self, connection: AsyncConnection) -> None:
        """Take up what operators asked to send again; asked for is deleted only after it is kept as gaps."""
        asked = (await connection.execute(_REWINDS)).all()
        for row in asked:
            self._cursor = self._cursor.rewound(row.lo, row.hi)
        await self._keep(connection)
        await connection.execute(_TAKEN_UP, {"ids": [row.id for row in asked]})

    async def _round(self, connection: AsyncConnection, producer: AIOKafkaProducer) -> bool:
        """One round; True when it sent something."""
        before = self._cursor
        rows = await reader.read(connection, before, BATCH)
        after, died = before.after_read([row.seq for row in rows], complete=len(rows) < BATCH)
        if rows:
            await self._send(producer, rows)
        if after.needs_look_up:
            after = after.after_look_up(await reader.writers(connection))
        if died or rows:
            await receipts.nothing_to_consume(connection, self._service, self._unmeant(rows, died))
        self._cursor = after
        if (after.hi, [(g.lo, g.hi) for g in after.gaps]) != (before.hi, [(g.lo, g.hi) for g in before.gaps]):
            await self._keep(connection)
        return bool(rows)

    def _unmeant(self, rows: Sequence[LoggedEvent], died: Sequence[Gap]) -> list[tuple[int, int]]:
        copies = dead_letter_topic(self._service)
        return [
            *((gap.lo, gap.hi) for gap in died),
            *ranges(row.seq for row in rows if topic_for(self._service, row.type) == copies),
        ]

    async def _keep(self, connection: AsyncConnection) -> None:
        cursor = self._cursor
        await connection.execute(
            _KEEP,
            {
                "epoch": self._broker.epoch,
                "hi": cursor.hi,
                "lows": [gap.lo for gap in cursor.gaps],
                "highs": [gap.hi for gap in cursor.gaps],
            },
        )

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[LoggedEvent]) -> None:
        lanes: dict[tuple[str, int], list[LoggedEvent]] = defaultdict(list)
        for row in rows:
            lanes[topic_for(self._service, row.type), partition_of(row.key)].append(row)
        spans = _spans(self._service, rows)
        try:
            async with asyncio.TaskGroup() as group:
                for (topic, partition), lane in lanes.items():
                    group.create_task(self._send_in_order(producer, topic, partition, lane, spans))
        finally:
            for span in spans.values():
                span.end()
        self.sent += len(rows)

    async def _send_in_order(
        self,
        producer: AIOKafkaProducer,
        topic: str,
        partition: int,
        lane: Sequence[LoggedEvent],
        spans: Mapping[UUID, Span],
    ) -> None:
        batch = producer.create_batch()
        for row in lane:
            message = self._message(row, spans.get(row.id))
            if batch.append(**message) is None:
                await (await producer.send_batch(batch, topic, partition=partition))
                batch = producer.create_batch()
                if batch.append(**message) is None:
                    raise ValueError(f"{row.type} is larger than a broker batch")
        await (await producer.send_batch(batch, topic, partition=partition))

    def _message(self, row: LoggedEvent, span: Span | None) -> dict[str, Any]:
        parent = traceparent_of(span) if span else row.traceparent
        return {
            "key": key_bytes(row.key),
            "value": row.data.encode(),
            # A broker refuses what lies in its future, and a database may be ahead; the event keeps its own time.
            "timestamp": int(min(row.recorded_at.timestamp(), time()) * 1000),
            "headers": to_headers(self._service, row, parent),
        }


def _kind(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(sorted({_kind(inner) for inner in error.exceptions}))
    return type(error).__name__


def _spans(service: str, rows: Sequence[LoggedEvent]) -> dict[UUID, Span]:
    return {
        row.id: message_span("send", topic_for(service, row.type), row.type, row.traceparent, event_id=str(row.id))
        for row in rows
        if row.traceparent and recorded(row.traceparent)
    }


@asynccontextmanager
async def _producer(broker: BrokerSettings) -> AsyncIterator[AIOKafkaProducer]:
    await ensure_topics(broker)
    producer = AIOKafkaProducer(**broker.producer_options())
    try:
        await producer.start()
        yield producer
    finally:
        await producer.stop()
