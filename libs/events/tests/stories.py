"""Streams of events with duplicates and poison, the handlers that take them, and what must come out."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.employment import WagePaid
from events.catalog.households import BusinessDateAdvanced
from events.catalog.monitoring import RiskChanged, RiskLevel
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Handlers, Received
from events.wire import LoggedEvent

from .fakes import Topics
from .homes import OCCURRED, Chains, ledger_of, wage

TICKS = derived_id("business-date")
SOURCES = ("employment", "finance")
_POISON = ("handler", "sqlstate", "unsendable", "undecodable", "version")
_LEARNT_FROM_THE_RECORD = ("undecodable", "version")
_WRITE = text("""
    INSERT INTO ledger (source, key, chain, count) VALUES (:source, :key, :chain, :count)
    ON CONFLICT (source, key) DO UPDATE SET chain = EXCLUDED.chain, count = EXCLUDED.count
""")
_GATE = text("""
    SELECT mode FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 20220823 AND objid = 1 AND pid = pg_backend_pid() AND granted
""")


@dataclass
class Ledger:
    """Handlers that write a chain per source and key and append one follow-up per event; some events are poison."""

    poison: dict[int, str] = field(default_factory=dict)
    """amount → how it fails"""
    follow_ups: bool = True
    live: bool = True
    """false in a replay, which keeps nobody out"""

    def handlers(self) -> Handlers:
        return {WagePaid: [self.take], BusinessDateAdvanced: [self.tick]}

    async def take(self, tx: AsyncConnection, events: Sequence[Received[WagePaid]]) -> None:
        assert await self._modes(tx) & {"ShareLock", "ExclusiveLock"}
        for event in events:
            await self._fail(tx, self.poison.get(int(event.data.amount)))
        await self._write(tx, events)
        if self.follow_ups:
            await locked(tx, {event.key for event in events})
            await append(tx, *[_follow_up(event) for event in events])

    async def tick(self, tx: AsyncConnection, events: Sequence[Received[BusinessDateAdvanced]]) -> None:
        assert len(events) == 1
        assert not self.live or "ExclusiveLock" in await self._modes(tx)
        await self._write(tx, events)

    async def _modes(self, tx: AsyncConnection) -> set[str]:
        return set((await tx.execute(_GATE)).scalars())

    async def _fail(self, tx: AsyncConnection, how: str | None) -> None:
        if how == "handler":
            raise ValueError("陈秀兰 13800000000")
        if how == "sqlstate":
            await tx.execute(text("INSERT INTO ledger (source, key) VALUES ('陈秀兰', NULL)"))
        if how == "unsendable":
            await tx.execute(_WRITE, {"source": "x", "key": TICKS, "chain": "", "count": 2**40})

    async def _write(self, tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
        chains = await ledger_of(tx, {event.key for event in events})
        for event in events:
            chains.add(event.source, event.key, event.seq)
        await tx.execute(
            _WRITE,
            [
                {"source": source, "key": key, "chain": chain, "count": count}
                for (source, key), (chain, count) in sorted(chains.of.items())
            ],
        )


def _follow_up(event: Received[Any]) -> NewEvent:
    changed = RiskChanged(
        level=RiskLevel.YELLOW, previous=RiskLevel.GREEN, business_date=date(2023, 10, 15), rules=("wage",)
    )
    return NewEvent(event=changed, key=event.key, household_id=event.household_id, occurred_at=OCCURRED, cause=event)


@dataclass
class Story:
    """Events of two sources and of the clock, and how each of them is to end."""

    events: list[tuple[str, LoggedEvent, str | None]] = field(default_factory=list)
    """source, event, None or the kind of poison or `ignored`"""

    @classmethod
    def drawn(cls, chance: random.Random, *, events: int, keys: int, poison_in: int | None) -> "Story":
        story = cls()
        homes = [uuid7() for _ in range(keys)]
        poisons = 0
        for source in SOURCES:
            for seq in range(1, events + 1):
                fate = None
                if poison_in and chance.randrange(poison_in) == 0 and poisons < 15:
                    fate = chance.choice((*_POISON, "ignored"))
                    poisons += 1
                story.events.append((source, wage_event(chance.choice(homes), seq, source, fate), fate))
        for day in range(1, 6):
            story.events.append(("households", _tick_event(day), None))
        return story

    def ledger(self) -> Ledger:
        return Ledger({_amount(s, e.seq): fate for s, e, fate in self.events if fate in _POISON})

    def sent(self, chance: random.Random, *, copies: int) -> Topics:
        """Each event in its log's order, and up to `copies` of it in all, the later ones at any distance."""
        topics = Topics()
        for source in {source for source, _, _ in self.events}:
            own = [event for s, event, _ in self.events if s == source]
            order = [(at + 0.0, event) for at, event in enumerate(own)]
            for at, event in enumerate(own):
                for _ in range(chance.randint(0, copies - 1)):
                    order.append((chance.uniform(at, at + chance.choice([1, 10, len(own)])), event))
            for _, event in sorted(order, key=lambda placed: placed[0]):
                topics.send(source, event)
        return topics

    def applied(self, *, healed: bool = False) -> Chains:
        """The chains after the stream, or after everything that can be healed was redriven and the rest dismissed."""
        blocked: set[tuple[str, UUID]] = set()
        kept: list[tuple[str, UUID, int]] = []
        for source, event, fate in self.events:
            gone = fate in (_LEARNT_FROM_THE_RECORD if healed else _POISON)
            if gone and not healed:
                blocked.add((source, event.key))
            if fate != "ignored" and not gone and (source, event.key) not in blocked:
                kept.append((source, event.key, event.seq))
        return Chains.over(kept)

    def letters(self) -> dict[tuple[str, int], str]:
        """What must stand among the dead letters, and in which state."""
        blocked: set[tuple[str, UUID]] = set()
        letters: dict[tuple[str, int], str] = {}
        for source, event, fate in self.events:
            waits = (source, event.key) in blocked
            if fate in _LEARNT_FROM_THE_RECORD or (fate in _POISON and not waits):
                letters[source, event.seq] = "poison"
                blocked.add((source, event.key))
            elif waits and fate != "ignored":
                letters[source, event.seq] = "parked"
        return letters

    def hopeless(self) -> set[tuple[str, int]]:
        """What no repair of a handler can make readable."""
        return {(source, event.seq) for source, event, fate in self.events if fate in _LEARNT_FROM_THE_RECORD}

    def seqs(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for source, event, _ in self.events:
            found[source].add(event.seq)
        return found


def _amount(source: str, seq: int) -> int:
    return 10_000 * (1 + SOURCES.index(source)) + seq if source in SOURCES else 0


def wage_event(key: UUID, seq: int, source: str, fate: str | None = None) -> LoggedEvent:
    new = wage(key, _amount(source, seq))
    wire_type, data = new.event.wire_type(), new.event.model_dump_json()
    if fate == "undecodable":
        data = data.replace("2023-10", "陈秀兰")
    if fate == "version":
        wire_type = wire_type.replace(".v1", ".v9")
    if fate == "ignored":
        wire_type = wire_type.replace("WagePaid", "NeverHeardOf")
    return logged(wire_type, key, seq, data)


def _tick_event(day: int) -> LoggedEvent:
    tick = BusinessDateAdvanced(business_date=date(2023, 10, day))
    return logged(tick.wire_type(), TICKS, day, tick.model_dump_json())


def logged(wire_type: str, key: UUID, seq: int, data: str, traceparent: str | None = None) -> LoggedEvent:
    id_ = uuid7()
    return LoggedEvent(
        seq=seq, id=id_, type=wire_type, key=key, household_id=key, region=None, fact_id=None, revision=1, void=False,
        occurred_at=OCCURRED, recorded_at=OCCURRED, correlation_id=id_, causation_id=None, traceparent=traceparent,
        data=data,
    )  # fmt: skip
