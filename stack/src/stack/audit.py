"""The audit: acknowledged facts in their logs, logged events once with each listener that keeps them, and folded.

Works on the databases, not on what the services say of themselves, and counts events, never a broker's lag.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Service
from events.topology import SERVICES, listeners_of

from .databases import connection as _connection
from .hearing import keeps

_PLATFORM: Final = "cn.kunming.zengshou.platform.%"
_LOGGED = text("SELECT id, fact_id, type FROM event_log WHERE type NOT LIKE :platform")
_RECEIVED = text("SELECT id, count(*) AS times FROM received_log WHERE source = :source GROUP BY id")
_LETTERS = text("""
    SELECT event_id, state FROM dead_letters WHERE source = :source AND state IN ('poison', 'parked', 'dismissed')
""")
_NEWEST = text("""
    SELECT fact_id, max(revision) AS revision FROM event_log
    WHERE fact_id IS NOT NULL AND household_id IS NOT NULL AND type NOT LIKE :platform GROUP BY fact_id
""")
_ALERTS = text("""
    SELECT split_part(type, '.', 5) AS name, data ->> 'alert_id' AS alert_id,
           CAST(data ->> 'version' AS integer) AS version
    FROM event_log WHERE type LIKE 'cn.kunming.zengshou.monitoring.Alert%'
""")
_FOLDED = text("SELECT fact_id, count(*) AS times, max(revision) AS revision FROM facts GROUP BY fact_id")


@dataclass(slots=True)
class Findings:
    """What the audit found; it holds when nothing was lost or counted twice.

    Attributes:
        events: logged events, all services.
        deliveries: (event, listener) pairs looked at: a listener keeps what it has handlers for, monitoring everything.
        lost: what is missing, in words.
        duplicated: what stands twice, in words.
        waiting: deliveries that wait behind a dead letter, or are one.
        dismissed: deliveries that an operator gave up.
    """

    events: int = 0
    acknowledged: int = 0
    deliveries: int = 0
    facts: int = 0
    waiting: int = 0
    dismissed: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Nothing lost, nothing doubled, nothing waiting behind a dead letter."""
        return not (self.lost or self.duplicated or self.waiting)


async def audit(databases: Mapping[str, Mapping[str, str]], acknowledged: Mapping[str, Iterable[UUID]]) -> Findings:
    """Compare what was acknowledged, logged, received and folded.

    Args:
        databases: service → DSNs by role.
        acknowledged: service → fact ids that its API confirmed.
    """
    found = Findings()
    logged: dict[str, dict[UUID, str]] = {}
    newest: dict[UUID, int] = {}
    for service in SERVICES:
        async with _connection(databases[service]["worker"]) as connection:
            rows = (await connection.execute(_LOGGED, {"platform": _PLATFORM})).all()
            logged[service] = {row.id: row.type for row in rows}
            facts = {row.fact_id for row in rows}
            confirmed = set(acknowledged.get(service, ()))
            newest |= {r.fact_id: r.revision for r in await connection.execute(_NEWEST, {"platform": _PLATFORM})}
        found.events += len(rows)
        found.acknowledged += len(confirmed)
        found.lost += [f"{service}: acknowledged fact {f} is not in the log" for f in sorted(confirmed - facts)]
    for service in SERVICES:
        for listener in listeners_of(service):
            async with _connection(databases[listener]["worker"]) as connection:
                await _compare_delivery(connection, service, listener, logged[service], found)
    async with _connection(databases["monitoring"]["worker"]) as connection:
        await _compare_facts(connection, newest, found)
    return found


async def alert_changes(databases: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str, int]]:
    """Every change of an alert that monitoring logged: (event name, alert id, version)."""
    async with _connection(databases["monitoring"]["worker"]) as connection:
        return [(row.name, row.alert_id, row.version) for row in await connection.execute(_ALERTS)]


async def _compare_delivery(
    connection: AsyncConnection, source: str, listener: Service, logged: Mapping[UUID, str], found: Findings
) -> None:
    sent = {event for event, wire_type in logged.items() if keeps(listener, wire_type)}
    got = {row.id: row.times for row in await connection.execute(_RECEIVED, {"source": source})}
    letters = {row.event_id: row.state for row in await connection.execute(_LETTERS, {"source": source})}
    given_up = {event for event, state in letters.items() if state == "dismissed"}
    found.deliveries += len(sent)
    found.dismissed += len(given_up - got.keys())
    found.waiting += len(letters.keys() - given_up - got.keys())
    missing = sorted(sent - got.keys() - letters.keys())
    found.lost += [f"{source} → {listener}: event {event} was not received" for event in missing]
    found.duplicated += [f"{source} → {listener}: event {e} received {n} times" for e, n in got.items() if n > 1]
    found.duplicated += [f"{source} → {listener}: event {e} was never logged" for e in sorted(got.keys() - logged)]


async def _compare_facts(connection: AsyncConnection, newest: dict[UUID, int], found: Findings) -> None:
    folded: dict[UUID, Any] = {row.fact_id: row for row in await connection.execute(_FOLDED)}
    found.facts = len(folded)
    for fact_id, row in folded.items():
        if row.times > 1:
            found.duplicated.append(f"monitoring: fact {fact_id} folded {row.times} times")
        if fact_id in newest and row.revision != newest[fact_id]:
            found.lost.append(f"monitoring: fact {fact_id} stands at revision {row.revision} of {newest[fact_id]}")
