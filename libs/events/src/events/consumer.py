"""The consumer: takes batches from the broker into the database, each exactly once, and never skips.

Transient trouble backs off and tries again. A batch that fails otherwise is tried event by event; the poisonous ones
become dead letters and block their key. Too much poison at once is a bad deploy: it stops and buries nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from . import deadletters, fence, incoming, receipts
from .batch import Faulty, Processor
from .broker import BrokerSettings, ensure_topics, refuse_another_cluster
from .catalog.base import Service
from .catalog.platform import Consumed
from .dispatch import Dispatch
from .incoming import Incoming, Place
from .locks import MOST_ADVISORY_KEYS, locked
from .partitioner import partition_of
from .received import Handlers, OutOfTurn
from .redriving import Blocked, asked
from .topology import subscriptions
from .turns import stopped
from .wire import LARGEST_SEQ

_log = structlog.get_logger(__name__)

BATCH: Final = 500
POLL_MS: Final = 200
REDRIVE_EVERY: Final = 0.5
KAFKA_COMMIT_EVERY: Final = 1.0
_FIRST_BACK_OFF: Final = 0.05
LONGEST_BACK_OFF: Final = 5.0
LEAST_POISON: Final = 20
POISON_SHARE: Final = 0.05

# Connections, read-only after a failover, conflicts, resources, lock waits, timeouts and shutdowns, storage.
_TRANSIENT_SQLSTATES: Final = ("08", "25006", "40001", "40P01", "53", "55P03", "57", "58")


@dataclass(frozen=True, slots=True)
class Pace:
    """How much of the machine a consumer takes while little comes at a time.

    A turn costs something before its first record, so that turns in a row can fill a machine with few facts. After a
    turn of few records it rests, and more of them come together.

    Attributes:
        rest: how many times as long as the turn.
        longest: seconds at most.
        enough: records after which it does not rest.
    """

    rest: float
    longest: float
    enough: int

    def after(self, records: int, turn: float) -> float:
        """Seconds to rest after a turn with so many records that took so many seconds."""
        return 0.0 if records >= self.enough else min(turn * self.rest, self.longest)


BRISK: Final = Pace(rest=0.5, longest=0.03, enough=20)
"""Somebody waits for what comes of it: 300 facts a second waited nearly twice as long where it rested a whole turn."""
CALM: Final = Pace(rest=9, longest=0.5, enough=BATCH)
"""It makes answers ready for whoever may ask."""


class BadDeploy(RuntimeError):
    """So much of one type is poison that the code must be wrong, not the facts: stop and bury nothing."""

    def __init__(self, event_type: str):
        super().__init__(f"more than 5 % of {event_type} within a minute is poison")


def transient(error: BaseException) -> bool:
    """Whether trying the same thing again can help: connections, locks, resources; never the event's content."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        if state is None:
            # A value that the driver cannot send stays so however often it is tried; the rest is the connection.
            return error.connection_invalidated or not isinstance(error.driver_exception, ValueError)
        return error.connection_invalidated or state.startswith(_TRANSIENT_SQLSTATES)
    return isinstance(error, OSError | TimeoutError | PoolTimeout | KafkaError | OutOfTurn)


class _Stopped(Exception):
    """Told to stop while waiting to try again."""


class Consumer:
    """One member of a service's consumer group.

    Args:
        service: the consuming service; also the group's name.
        engine: as the worker role.
        broker: serves one epoch of the broker's log; a new epoch is a new process.
        handlers: event class → handlers.
        replays: the received log is read again, for a rebuild or a question: it keeps what nobody handles too.
        pace: leaves the machine to those for whom somebody waits.
        clock: monotonic seconds, injected in tests.
    """

    def __init__(
        self,
        service: Service,
        engine: AsyncEngine,
        broker: BrokerSettings,
        handlers: Handlers,
        *,
        replays: bool = False,
        pace: Pace = CALM,
        clock: Callable[[], float] = monotonic,
    ):
        self._service = service
        self._heard = None if replays else incoming.names_of((*handlers, Consumed))
        self._engine = engine
        self._broker = broker
        self._dispatch = Dispatch(handlers)
        self._pace = pace
        self._processor = Processor(service, broker.epoch, self._dispatch)
        self._owners: dict[int, int] = {}
        self._failure: Exception | None = None
        self._clock = clock
        self._committed_at = self._redriven_at = clock()
        self._uncommitted: dict[Place, int] = {}
        self.taken = 0
        """records put away in the life of this object"""

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until told to stop.

        Raises:
            BadDeploy: too much poison; the process should end and be looked at.
            AnotherCluster: the log of the broker began anew.
        """
        with suppress(_Stopped):
            await _retrying(stop, lambda: ensure_topics(self._broker))
            consumer = AIOKafkaConsumer(
                **self._broker.consumer_options(at_least=self._pace.longest),
                group_id=self._service,
                partition_assignment_strategy=(RangePartitionAssignor,),
            )
            self._join(consumer, stop)
            try:
                await consumer.start()
                while not stop.is_set():
                    await stopped(stop, await self._turn(consumer, stop))
            finally:
                await consumer.stop()

    def _join(self, consumer: AIOKafkaConsumer, stop: asyncio.Event) -> None:
        """Join the group, or join it again: what is owned and where it goes on is decided anew."""
        self.let_go()
        self._uncommitted.clear()
        consumer.subscribe(subscriptions(self._service), listener=_Assignment(self, consumer, stop))

    async def _turn(self, consumer: AIOKafkaConsumer, stop: asyncio.Event) -> float:
        """One turn; gives how long to rest after it, in seconds."""
        polled = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
        began = self._clock()
        if self._failure is not None:
            raise self._failure
        owners = dict(self._owners)
        records = [incoming.read(record, self._broker.epoch, self._heard) for record in _flat(polled)]
        if not any(record.concerns(self._service) for record in records):
            # Nothing to write: where to go on is stored with the next batch, and reading these again is harmless.
            records = []
        try:
            for part in incoming.cut(records, MOST_ADVISORY_KEYS):
                await self._put_away(part, owners, stop)
            await self._redrive(owners)
        except fence.Fenced:
            # Another member goes on from the stored offsets; what is in hand here is not ours any more.
            _log.info("fenced", service=self._service)
            if owners and owners == self._owners:
                # Nobody has told: a member that was slow or is dead took over too late. What was dropped here must be
                # read again before what comes after it, so all go on from the stored offsets.
                self._join(consumer, stop)
            return 0.0
        await self._tell_kafka(consumer)
        return self._pace.after(len(records), self._clock() - began)

    async def _put_away(self, part: Sequence[Incoming], owners: dict[int, int], stop: asyncio.Event) -> None:
        try:
            await self._apply(part, owners, stop)
        except (fence.Fenced, _Stopped):
            raise
        except Exception as error:
            if len(part) > 1:
                for record in part:
                    await self._put_away([record], owners, stop)
                return
            await self._bury(part[0], error, owners, stop)
        self.taken += len(part)
        self._uncommitted.update(incoming.next_offsets(part))

    async def _apply(self, part: Sequence[Incoming], owners: dict[int, int], stop: asyncio.Event) -> None:
        mine = {record.partition: owners.get(record.partition, 0) for record in part}

        async def attempt() -> None:
            async with self._engine.begin() as tx:
                await self._processor.apply(tx, part, mine)

        await _retrying(stop, attempt)

    async def _bury(self, record: Incoming, error: Exception, owners: dict[int, int], stop: asyncio.Event) -> None:
        kind = record.headers.get("ce_type", "?")
        cause = f"undecodable: {error}" if isinstance(error, Faulty) else deadletters.cause_of(error)

        async def attempt() -> None:
            async with self._engine.begin() as tx:
                await fence.check(tx, {record.partition: owners.get(record.partition, 0)})
                await locked(tx, [record.key])
                if await deadletters.settled_before(tx, record):
                    await receipts.write(tx, {(record.source, "duplicate"): [record.seq]})
                else:
                    await _refuse_bad_deploy(tx, kind)
                    await deadletters.bury(tx, self._service, record, cause)
                    _log.error("dead letter", service=self._service, event_type=kind, seq=record.seq, cause=cause)
                await fence.store_offsets(tx, self._broker.epoch, incoming.next_offsets([record]))

        await _retrying(stop, attempt)

    async def _redrive(self, owners: dict[int, int]) -> None:
        if self._clock() - self._redriven_at < REDRIVE_EVERY:
            return
        self._redriven_at = self._clock()
        try:
            async with self._engine.connect() as connection:
                wanted = await asked(connection)
            for source, key in wanted:
                if partition_of(key) in owners:
                    await self._redrive_one(source, key, owners)
        except Exception as error:
            if not transient(error):
                raise
            _log.warning("redrive put off", error=type(error).__name__)

    async def _redrive_one(self, source: str, key: UUID, owners: dict[int, int]) -> None:
        """All letters of a key at once; where a handler refuses one of them, one by one up to it."""
        blocked = Blocked(self._service, self._dispatch, source, key, owners)
        if await self._refused(blocked, LARGEST_SEQ) is None:
            return
        async with self._engine.connect() as connection:
            waiting = await blocked.waiting(connection)
        for seq in waiting:
            if (error := await self._refused(blocked, seq)) is not None:
                async with self._engine.begin() as tx:
                    await blocked.stop_at(tx, seq, deadletters.cause_of(error))
                return

    async def _refused(self, blocked: Blocked, through: int) -> Exception | None:
        try:
            async with self._engine.begin() as tx:
                await blocked.redrive(tx, through)
        except Exception as error:
            if isinstance(error, fence.Fenced) or transient(error):
                raise
            return error
        return None

    async def _tell_kafka(self, consumer: AIOKafkaConsumer) -> None:
        """Commit to Kafka for the operators' tools; the database is what counts, so a failure is no matter."""
        if not self._uncommitted or self._clock() - self._committed_at < KAFKA_COMMIT_EVERY:
            return
        self._committed_at = self._clock()
        try:
            await consumer.commit({TopicPartition(*place): n for place, n in self._uncommitted.items()})
        except KafkaError as error:
            _log.debug("kafka commit failed", error=type(error).__name__)
        self._uncommitted.clear()

    def fail(self, failure: Exception) -> None:
        """End the run with this failure: aiokafka only logs what a rebalance listener raises."""
        self._failure = failure

    async def take_over(self, partitions: set[int]) -> dict[Place, int]:
        """Become the owner of partition numbers; returns where the topics go on.

        Raises:
            AnotherCluster: the log began anew; where the topics went on is void.
        """
        await refuse_another_cluster(self._broker)
        async with self._engine.begin() as tx:
            owners = await fence.take_over(tx, partitions) if partitions else {}
            offsets = await fence.stored_offsets(tx, self._broker.epoch)
        self._owners = owners
        self._uncommitted.clear()
        return offsets

    def let_go(self) -> None:
        """Own nothing until the next assignment."""
        self._owners = {}


class _Assignment(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    def __init__(self, owner: Consumer, consumer: AIOKafkaConsumer, stop: asyncio.Event):
        self._owner = owner
        self._consumer = consumer
        self._stop = stop

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self._owner.let_go()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        offsets: dict[Place, int] = {}

        async def attempt() -> None:
            offsets.update(await self._owner.take_over({tp.partition for tp in assigned}))

        try:
            await _retrying(self._stop, attempt)
        except _Stopped:
            return
        except Exception as error:
            self._owner.fail(error)
            return
        for tp in assigned:
            # Beyond the retained log the reset policy takes over, so 0 means the beginning.
            self._consumer.seek(tp, offsets.get((tp.topic, tp.partition), 0))


async def _refuse_bad_deploy(tx: AsyncConnection, event_type: str) -> None:
    poison = await deadletters.recent_poison(tx, event_type) + 1
    if poison < LEAST_POISON:
        return
    if poison > POISON_SHARE * (poison + await deadletters.recently_applied(tx, event_type)):
        raise BadDeploy(event_type)


def _flat(polled: dict[TopicPartition, list[ConsumerRecord]]) -> Iterable[ConsumerRecord]:
    for records in polled.values():
        yield from records


async def _retrying(stop: asyncio.Event, attempt: Callable[[], Awaitable[object]]) -> None:
    """Run until it works; transient trouble waits a little longer each time, anything else is raised.

    Raises:
        _Stopped: told to stop while waiting.
    """
    wait = _FIRST_BACK_OFF
    while True:
        try:
            await attempt()
            return
        except Exception as error:
            if not transient(error):
                raise
            _log.warning("waiting to try again", error=type(error).__name__, seconds=wait)
        if await stopped(stop, wait):
            raise _Stopped
        wait = min(wait * 2, LONGEST_BACK_OFF)
