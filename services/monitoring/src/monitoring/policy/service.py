"""Policy as it stood at each entry of the received log, and setting a value."""

from asyncio import Lock
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import BusinessDateAdvanced
from events.catalog.monitoring import LineChanged
from events.gate import gate_exclusive
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit.clock import now
from kit.policy import Confidence, PolicyBook, PolicyValue
from kit.scope import covers, validate_path

from . import queries
from .rules import NO_POLICY, EndsBeforeItBegins, PolicyOutOfArea, Remembering, UnknownPolicy, World


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
            policy = self.newest.policy
            if row.policy_id is not None or policy is NO_POLICY:
                self._book = PolicyBook(_value(v) for v in values if v.number is None or v.number <= row.gate)
                policy = Remembering(self._book)
            if row.policy_id is not None:
                self.last_policy = row.gate
            on = row.business_date or self.newest.on
            boundary = (self._book.changes(on) if on else None) or date.max
            self._worlds.append(World(row.gate, on, policy, boundary, row.policy_id is not None))
            self._causes[row.gate] = event


def _value(row: Row[Any]) -> PolicyValue:
    return PolicyValue(
        id=row.id,
        name=row.name,
        path=row.path,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        value=row.value,
        document=row.document,
        clause=row.clause,
        confidence=Confidence(row.confidence),
    )


async def recorded(tx: AsyncConnection, *, name: str | None = None, on: date | None = None) -> list[PolicyValue]:
    """The values recorded, those of a name, those in force on a day."""
    values = [_value(row) for row in await queries.values(tx)]
    return [
        value
        for value in values
        if (name is None or value.name == name)
        and (on is None or (value.valid_from <= on and (value.valid_to is None or on <= value.valid_to)))
    ]


async def set_value(
    tx: AsyncConnection,
    paths: Sequence[str],
    *,
    name: str,
    path: str,
    valid_from: date,
    valid_to: date | None,
    value: Decimal,
    document: str,
    clause: str,
    confidence: Confidence,
) -> PolicyValue:
    """Set a value: alone under the gate, told to everybody, and taken into the own received log.

    Raises:
        PolicyOutOfArea: the path lies outside the caller's.
        UnknownPolicy: no rule reads this name.
        EndsBeforeItBegins: the last day lies before the first.
    """
    if not covers(paths, validate_path(path)):
        raise PolicyOutOfArea
    if valid_to is not None and valid_to < valid_from:
        raise EndsBeforeItBegins
    await gate_exclusive(tx)
    if name not in await queries.names(tx):
        raise UnknownPolicy
    line = LineChanged(
        policy_id=uuid7(),
        name=name,
        path=path,
        valid_from=valid_from,
        valid_to=valid_to,
        value=value,
        document=document,
        clause=clause,
        confidence=confidence,
    )
    key = derived_id("policy", name, path)
    await locked(tx, [key])
    [appended] = await append(tx, NewEvent(event=line, key=key, occurred_at=now(), fact_id=line.policy_id))
    await on_line_changed(tx, [await queries.receive_own(tx, appended.seq)])
    return PolicyValue(
        id=line.policy_id,
        name=name,
        path=path,
        valid_from=valid_from,
        valid_to=valid_to,
        value=value,
        document=document,
        clause=clause,
        confidence=confidence,
    )


async def on_business_date_advanced(tx: AsyncConnection, events: Sequence[Received[BusinessDateAdvanced]]) -> None:
    """Write the tick down; households take it up before their next event, or in the sweep."""
    for event in events:
        await queries.add_gate(tx, event.number, business_date=event.data.business_date)


async def on_line_changed(tx: AsyncConnection, events: Sequence[Received[LineChanged]]) -> None:
    """Write the value down, known from this entry on."""
    for event in events:
        line = event.data
        await queries.add_value(
            tx,
            id=line.policy_id,
            name=line.name,
            path=line.path,
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            value=line.value,
            document=line.document,
            clause=line.clause,
            confidence=line.confidence,
        )
        await queries.add_gate(tx, event.number, policy_id=line.policy_id)
