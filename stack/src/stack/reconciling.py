"""Reconciling 对账: each row that should stand in a service table, a log, a received log or a projection, and does not.

1. Service table ↔ event log of the same service: every fact once, in its newest revision.
2. Event log ↔ receipts: what no listener has confirmed is still on its way.
3. Event log ↔ received log of every listener: what was confirmed must stand there, or among the dead letters, if
   the listener keeps events of its type.
4. Received log ↔ projections: by replay, row by row (`rebuilding`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Service
from events.topology import SERVICES, listeners_of

from .databases import connection
from .hearing import kept
from .rebuilding import rebuild_and_compare
from .state import Running

_PLATFORM: Final = "cn.kunming.zengshou.platform.%"
_LOG = text("SELECT seq, id, type, key, fact_id, revision FROM event_log WHERE type NOT LIKE :platform")
_RECEIVED = text("SELECT seq, id FROM received_log WHERE source = :source")
_LETTERS = text("""
    SELECT seq FROM dead_letters WHERE source = :source AND state IN ('poison', 'parked', 'dismissed')
""")
_UNCONFIRMED = text("""
    SELECT l.consumer, e.seq FROM unnest(CAST(:listeners AS text[])) AS l(consumer)
    LEFT JOIN consumption AS c USING (consumer)
    CROSS JOIN event_log AS e
    WHERE e.type NOT LIKE :platform AND NOT coalesce(c.seqs, CAST('{}' AS int8multirange)) @> e.seq
""")
# Tables of facts name them `fact_id` or `id` and count their publications.
_FACT_TABLES = text("""
    SELECT c.table_name AS name, CASE WHEN bool_or(c.column_name = 'fact_id') THEN 'fact_id' ELSE 'id' END AS column
    FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.table_name <> ALL(CAST(:others AS text[]))
      AND c.table_name NOT LIKE 'event\\_log\\_%'
    GROUP BY c.table_name
    HAVING bool_or(c.column_name = 'revision') AND bool_or(c.column_name IN ('fact_id', 'id') AND c.data_type = 'uuid')
""")
_OTHERS: Final = ["event_log", "received_log", "department_facts", "facts"]
"""Logs, and what a service keeps of the facts of others."""
_AGGREGATES: Final[Mapping[tuple[str, str], str]] = {
    ("households", "households"): "SELECT DISTINCT key FROM event_log WHERE type LIKE '%.HouseholdRegistered.v%'",
    ("households", "persons"): "SELECT DISTINCT CAST(data ->> 'person_id' AS uuid) FROM event_log"
    " WHERE type LIKE '%.PersonJoined.v%'",
    ("monitoring", "alerts"): "SELECT DISTINCT CAST(data ->> 'alert_id' AS uuid) FROM event_log"
    " WHERE type LIKE '%.AlertRaised.v%'",
}
"""(service, table) → the ids that its log tells of, where a row is an aggregate and not a fact."""
_KEPT: Final[Mapping[str, Mapping[str, str]]] = {
    "employment": {"EmploymentStarted": "spells", "WagePaid": "wages", "WageMissed": "missed_wages"},
    "finance": {"LoanOverdue": "missed_repayments"},
    "procurement": {"OrderCancelled": "cancelled_shares"},
    "households": {"ExpenseReported": "expenses", "IncomeRecorded": "income_figures"},
}
"""Where facts are known to stand; of other events it is learnt from the rows that do."""


@dataclass(frozen=True, slots=True)
class Gone:
    """缺失: a row that should stand in a table.

    Attributes:
        service: in whose database.
        row: the id, or source and number, that names it.
        witness: what still tells of it.
    """

    service: str
    table: str
    row: str
    witness: str

    def __str__(self) -> str:
        return f"{self.service}.{self.table}: {self.row} ({self.witness})"


@dataclass(slots=True)
class Reconciled:
    """对账结果: holds when nothing is gone; what is on its way is no loss."""

    events: int = 0
    rows: int = 0
    on_the_way: int = 0
    gone: list[Gone] = field(default_factory=list)
    differing: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Every row stands where it should."""
        return not (self.gone or self.differing)


@dataclass(frozen=True, slots=True)
class _Log:
    """A service's log: number → event id, number → wire type; what it tells of facts."""

    ids: Mapping[int, UUID]
    types: Mapping[int, str]
    facts: Mapping[UUID, tuple[str, int]]
    """fact → (event name, newest revision)"""


async def reconcile(running: Running) -> Reconciled:
    """Compare service tables, logs, receipts, received logs and projections.

    Raises:
        StackError: the replay could not run.
    """
    found = Reconciled()
    for service in SERVICES:
        async with connection(running.databases[service]["worker"]) as look:
            log = await _read_log(look)
            found.events += len(log.ids)
            await _compare_tables(look, service, log, found)
            unconfirmed = await _unconfirmed(look, service)
        for listener in listeners_of(service):
            async with connection(running.databases[listener]["worker"]) as look:
                await _compare_received(look, service, listener, log, unconfirmed.get(listener, set()), found)
    rebuilt = await rebuild_and_compare(running)
    found.gone += [Gone("monitoring", table, row, "replay of the received log") for table, row in rebuilt.missing]
    found.differing = rebuilt.differences
    return found


async def _read_log(look: AsyncConnection) -> _Log:
    ids: dict[int, UUID] = {}
    types: dict[int, str] = {}
    facts: dict[UUID, tuple[str, int]] = {}
    for row in await look.execute(_LOG, {"platform": _PLATFORM}):
        ids[row.seq] = row.id
        types[row.seq] = row.type
        if row.fact_id is not None and row.revision > facts.get(row.fact_id, ("", 0))[1]:
            facts[row.fact_id] = (row.type.split(".")[4], row.revision)
    return _Log(ids, types, facts)


async def _unconfirmed(look: AsyncConnection, service: str) -> dict[str, set[int]]:
    waiting: dict[str, set[int]] = {}
    listeners = list(listeners_of(service))
    for row in await look.execute(_UNCONFIRMED, {"listeners": listeners, "platform": _PLATFORM}):
        waiting.setdefault(row.consumer, set()).add(row.seq)
    return waiting


async def _compare_received(
    look: AsyncConnection, source: str, listener: Service, log: _Log, unconfirmed: set[int], found: Reconciled
) -> None:
    got = {row.seq: row.id for row in await look.execute(_RECEIVED, {"source": source})}
    letters = set((await look.execute(_LETTERS, {"source": source})).scalars())
    missing = kept(listener, log.types) - got.keys() - letters
    found.on_the_way += len(missing & unconfirmed)
    found.gone += [
        Gone(listener, "received_log", f"{source} #{seq} {log.ids[seq]}", "event log and receipt")
        for seq in sorted(missing - unconfirmed)
    ]
    found.gone += [
        Gone(source, "event_log", f"#{seq} {got[seq]}", f"received log of {listener}")
        for seq in sorted(got.keys() - log.ids.keys())
    ]


async def _compare_tables(look: AsyncConnection, service: str, log: _Log, found: Reconciled) -> None:
    tables: dict[str, dict[UUID, int]] = {}
    for table in await look.execute(_FACT_TABLES, {"others": _OTHERS}):
        query = f"SELECT {table.column}, max(revision) FROM {table.name} GROUP BY 1"  # noqa: S608 - names of the catalogue
        tables[table.name] = {row[0]: row[1] for row in await look.execute(text(query))}
    where = _learnt(tables, log.facts) | dict(_KEPT.get(service, {}))
    for fact, (name, revision) in log.facts.items():
        rows = tables.get(where.get(name, ""))
        if rows is not None and rows.get(fact, 0) < revision:
            stands = f"stands at revision {rows[fact]} of {revision}" if fact in rows else "event log"
            found.gone.append(Gone(service, where[name], str(fact), stands))
    for name in set(where.values()) & tables.keys():
        found.rows += len(tables[name])
        found.gone += [
            Gone(service, "event_log", f"fact {f}", f"row in {name}") for f in tables[name].keys() - log.facts.keys()
        ]
    for (owner, name), query in _AGGREGATES.items():
        if owner == service:
            await _compare_aggregate(look, service, name, query, found)


def _learnt(tables: Mapping[str, Mapping[UUID, int]], facts: Mapping[UUID, tuple[str, int]]) -> dict[str, str]:
    """Event name → the table in which its facts stand, as seen from those that do."""
    found: dict[str, str] = {}
    for table, rows in tables.items():
        for fact in rows:
            if fact in facts:
                found.setdefault(facts[fact][0], table)
    return found


async def _compare_aggregate(look: AsyncConnection, service: str, table: str, query: str, found: Reconciled) -> None:
    told: set[Any] = set((await look.execute(text(query))).scalars())
    there: set[Any] = set((await look.execute(text(f"SELECT id FROM {table}"))).scalars())  # noqa: S608 - constant
    found.rows += len(there)
    found.gone += _rows(service, table, told - there, "event log")
    found.gone += _rows(service, "event_log", there - told, f"row in {table}")


def _rows(service: str, table: str, ids: Iterable[UUID], witness: str) -> list[Gone]:
    return [Gone(service, table, str(id_), witness) for id_ in sorted(ids)]
