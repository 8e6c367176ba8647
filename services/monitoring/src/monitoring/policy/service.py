"""Policy as it stood at each entry of the received log; a released value enters it."""

from asyncio import Lock
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.households import BusinessDateAdvanced
from events.catalog.monitoring import LineChanged, PolicyDraftWithdrawn
from events.gate import gate_exclusive
from events.log import NewEvent, append
from events.received import Received
from kit import policy
from kit.clock import now
from kit.policies import Policies, key_of
from kit.policy_book import Confidence, PolicyBook, PolicyValue

from ..received import receive_own
from . import queries
from .names import ASIDE
from .rules import NO_POLICY, Remembering, World


class Worlds:
    """The worlds of all entries, each built once: entries are only ever added, under the exclusive gate."""

    def __init__(self) -> None:
        self._worlds = [World(0, None, NO_POLICY)]
        self._causes: dict[int, Received[Any]] = {}
        self._book = PolicyBook(())
        self._one_at_a_time = Lock()
        self.last_policy = 0
        """number of the last policy change"""

    @property
    def newest(self) -> World:
        """The world as it is now."""
        return self._worlds[-1]

    def after(self, number: int) -> Sequence[World]:
        """The worlds of the entries above a number, in order."""
        return self._worlds[bisect_right(self._worlds, number, key=lambda world: world.number) :]

    def at(self, number: int) -> World:
        """The world as it was at an entry of the received log."""
        return self._worlds[bisect_right(self._worlds, number, key=lambda world: world.number) - 1]

    def cause(self, world: World) -> Received[Any]:
        """The event that made the world what it is."""
        return self._causes[world.number]

    async def refresh(self, tx: AsyncConnection) -> None:
        """Learn of the entries written since the last call; the caller holds the gate."""
        async with self._one_at_a_time:
            await self._learn(tx)

    async def _learn(self, tx: AsyncConnection) -> None:
        rows = await queries.gates_after(tx, self.newest.number)
        first = self.newest.policy is NO_POLICY
        values = await queries.values(tx) if first or any(row.policy_id for row, _ in rows) else []
        for row, event in rows:
            known = self.newest.policy
            if row.policy_id is not None or known is NO_POLICY:
                self._book = PolicyBook(policy.value_of(v) for v in values if v.number is None or v.number <= row.gate)
                known = Remembering(self._book)
            changed = row.policy_id is not None and not event.data.name.startswith(ASIDE)
            if changed:
                self.last_policy = row.gate
            on = row.business_date or self.newest.on
            boundary = (self._book.changes(on) if on else None) or date.max
            self._worlds.append(World(row.gate, on, known, boundary, changed))
            self._causes[row.gate] = event


async def book_known(tx: AsyncConnection, number: int, on: date) -> World:
    """The world of a day by the policy that was known at an entry of the received log."""
    book = PolicyBook(await values_known(tx, number))
    return World(number, on, book, book.changes(on) or date.max)


async def newest(tx: AsyncConnection) -> tuple[int, date | None]:
    """The number of the last tick or policy change, and the business date; None before the first tick."""
    return await queries.last_gate(tx), await queries.business_date(tx)


async def values_known(tx: AsyncConnection, number: int) -> list[PolicyValue]:
    """The values that were known at an entry of the received log."""
    return [policy.value_of(row) for row in await queries.values(tx) if row.number is None or row.number <= number]


class Lines(Policies):
    """监测标准与阈值: a decision on a draft is an event, alone under the gate and in the own received log."""

    async def prepare(self, tx: AsyncConnection) -> None:
        """Nothing is received meanwhile."""
        await gate_exclusive(tx)

    async def release(self, tx: AsyncConnection, value: PolicyValue, *, drafted_by: str, by: str) -> None:
        """Tell everybody; every household is looked at again under the value, from this moment on."""
        fields = asdict(value)
        line = LineChanged(policy_id=fields.pop("id"), drafted_by=drafted_by, released_by=by, **fields)
        await on_line_changed(tx, [await _told(tx, line, value, fact_id=value.id)])

    async def withdraw(self, tx: AsyncConnection, value: PolicyValue, *, drafted_by: str, by: str) -> None:
        """Tell that the value will not come."""
        event = PolicyDraftWithdrawn(
            policy_id=value.id, name=value.name, path=value.path, drafted_by=drafted_by, withdrawn_by=by
        )
        await _told(tx, event, value)


async def _told(tx: AsyncConnection, event: Event, value: PolicyValue, fact_id: UUID | None = None) -> Received[Any]:
    new = NewEvent(event=event, key=key_of(value), occurred_at=now(), fact_id=fact_id)
    [appended] = await append(tx, new)
    return await receive_own(tx, appended.seq)


async def on_business_date_advanced(tx: AsyncConnection, events: Sequence[Received[BusinessDateAdvanced]]) -> None:
    """Write the tick down; households take it up before their next event, or in the sweep."""
    for event in events:
        await queries.add_gate(tx, event.number, business_date=event.data.business_date)


async def on_line_changed(tx: AsyncConnection, events: Sequence[Received[LineChanged]]) -> None:
    """Write the values down, each known from its entry on; the same id twice is once."""
    await policy.add(tx, [_value(event.data) for event in events])
    for event in events:
        await queries.add_gate(tx, event.number, policy_id=event.data.policy_id)


def _value(line: LineChanged) -> PolicyValue:
    return PolicyValue(
        id=line.policy_id,
        name=line.name,
        path=line.path,
        valid_from=line.valid_from,
        valid_to=line.valid_to,
        value=line.value,
        document=line.document,
        clause=line.clause,
        confidence=Confidence(line.confidence),
    )
