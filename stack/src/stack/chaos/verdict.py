"""The verdict: what was promised is looked for in every place it must be, once."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from events.catalog.base import Service
from events.topology import SERVICES, listeners_of

from ..audit import alert_changes, audit
from ..databases import connection
from ..hearing import keeps
from ..reconciling import reconcile
from ..state import Running
from .disorder import Disorder
from .ledger import Ledger, Row
from .watching import TopicWatch

_ORDER = text("""
    SELECT key, seq FROM (
        SELECT key, seq, lag(seq) OVER (PARTITION BY key ORDER BY number) AS before
        FROM received_log WHERE source = :source
    ) AS pairs WHERE before > seq
""")
_LETTERS = text("SELECT seq, key, state FROM dead_letters WHERE source = :source AND state IN ('poison', 'parked')")
_OF_KEYS = text("SELECT seq, key, type FROM event_log WHERE key = ANY(CAST(:keys AS uuid[])) ORDER BY seq")
_IDS = text("SELECT seq, key, type FROM event_log WHERE id = ANY(CAST(:ids AS uuid[]))")
_SEQS = text("SELECT seq FROM event_log WHERE type NOT LIKE 'cn.kunming.zengshou.platform.%'")


@dataclass(slots=True)
class Verdict:
    """判定: holds when nothing was lost, doubled or out of order, and the letters were exactly the poison."""

    events: int = 0
    deliveries: int = 0
    rows: int = 0
    on_topic: int = 0
    repeated: int = 0
    poison: int = 0
    parked: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    rebuilt: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """The promise was kept."""
        return not (self.lost or self.duplicated or self.out_of_order or self.letters or self.rebuilt)


async def judge_letters(running: Running, disorder: Disorder, verdict: Verdict) -> None:
    """While nobody has redriven anything: dead letters are the poison, parked is what came behind it, nothing else.

    What cannot be read is poison wherever it stands; what a constraint refuses is found to be so only as the first.
    """
    for source in SERVICES:
        async with connection(running.databases[source]["worker"]) as look:
            ids = [id_ for id_, service in disorder.poison.items() if service == source]
            poisoned = (await look.execute(_IDS, {"ids": ids})).all()
        for listener in listeners_of(source):
            unreadable = {row.seq: row.key for row in poisoned if keeps(listener, row.type)}
            first = _first(unreadable.items())
            if listener == "monitoring":
                first |= await _refused(running, source, disorder.refused_households, first)
            await _compare_letters(running, source, listener, first, unreadable.keys(), verdict)


def _first(poisoned: Iterable[tuple[int, UUID]]) -> dict[UUID, int]:
    first: dict[UUID, int] = {}
    for seq, key in sorted(poisoned):
        first.setdefault(key, seq)
    return first


async def _refused(running: Running, source: str, households: list[UUID], first: Mapping[UUID, int]) -> dict[UUID, int]:
    """Of each refused household the first event that was not applied: from there on the constraint stood."""
    async with connection(running.databases["monitoring"]["worker"]) as look:
        rows = await look.execute(_LETTERS, {"source": source})
        seen = [(row.seq, row.key) for row in rows if row.state == "poison" and row.key in set(households)]
    return {key: seq for key, seq in _first(seen).items() if seq < first.get(key, seq + 1)}


async def _compare_letters(
    running: Running,
    source: str,
    listener: Service,
    first: Mapping[UUID, int],
    unreadable: Collection[int],
    verdict: Verdict,
) -> None:
    async with connection(running.databases[source]["worker"]) as look:
        rows = (await look.execute(_OF_KEYS, {"keys": list(first)})).all()
    async with connection(running.databases[listener]["worker"]) as look:
        letters = {row.seq: row.state for row in await look.execute(_LETTERS, {"source": source})}
    expected = {
        row.seq: "poison" if row.seq == first[row.key] or row.seq in unreadable else "parked"
        for row in rows
        if row.seq >= first[row.key] and keeps(listener, row.type)
    }
    verdict.poison += sum(state == "poison" for state in letters.values())
    verdict.parked += sum(state == "parked" for state in letters.values())
    where = f"{source} → {listener}"
    verdict.letters += [
        f"{where} #{seq}: {letters.get(seq, 'no letter')}, expected {expected.get(seq, 'none')}"
        for seq in sorted(expected.keys() | letters.keys())
        if letters.get(seq) != expected.get(seq)
    ]


async def judge(running: Running, ledger: Ledger, watch: TopicWatch, verdict: Verdict) -> None:
    """After everything was redriven or dismissed: every fact everywhere, once, in order; projections equal a replay."""
    for (service, table), rows in ledger.rows.items():
        await _compare_rows(running, service, table, rows, verdict)
    found = await audit(running.databases, ledger.facts())
    verdict.events, verdict.deliveries = found.events, found.deliveries
    verdict.lost += found.lost
    verdict.duplicated += [*found.duplicated, *ledger.broken]
    verdict.letters += [f"{found.waiting} deliveries still wait"] if found.waiting else []
    changes = Counter(await alert_changes(running.databases))
    verdict.duplicated += [
        f"alert {alert} v{n}: {name} told {times} times" for (name, alert, n), times in changes.items() if times > 1
    ]
    reconciled = await reconcile(running)
    verdict.rows = reconciled.rows
    verdict.lost += [str(gone) for gone in reconciled.gone]
    verdict.rebuilt += [
        f"{table}: {count} rows differ from the replay" for table, count in reconciled.differing.items()
    ]
    await _judge_order(running, watch, verdict)


async def _judge_order(running: Running, watch: TopicWatch, verdict: Verdict) -> None:
    verdict.on_topic, verdict.repeated = len(watch.seen), sum(watch.seen.values()) - len(watch.seen)
    verdict.out_of_order += watch.out_of_order
    for source in SERVICES:
        for listener in listeners_of(source):
            async with connection(running.databases[listener]["worker"]) as look:
                odd = (await look.execute(_ORDER, {"source": source})).all()
            verdict.out_of_order += [
                f"{source} → {listener}: #{row.seq} handled after a later one of {row.key}" for row in odd
            ]
        async with connection(running.databases[source]["worker"]) as look:
            logged = set((await look.execute(_SEQS)).scalars())
        strange = {seq for service, seq in watch.seen if service == source} - logged
        verdict.duplicated += [f"{source} #{seq} was on the topic and never in the log" for seq in sorted(strange)]


async def _compare_rows(running: Running, service: str, table: str, rows: Mapping[UUID, Row], verdict: Verdict) -> None:
    key = "fact_id" if table == "expenses" else "id"
    query = text(f"SELECT * FROM {table} WHERE {key} = ANY(CAST(:ids AS uuid[]))")  # noqa: S608 - names of the load
    async with connection(running.databases[service]["worker"]) as look:
        there = {row._mapping[key]: row._mapping for row in await look.execute(query, {"ids": list(rows)})}
    for fact, promised in rows.items():
        if fact not in there:
            verdict.lost.append(f"{service}.{table}: acknowledged fact {fact} is not there")
            continue
        for column, value in promised.items():
            if (stands := _shown(there[fact][column])) != value:
                verdict.lost.append(f"{service}.{table}: {fact} has {column} {stands}, acknowledged was {value}")


def _shown(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case Decimal() | date():
            return str(value)
        case _:
            return str(value)
