"""Policy as it stood at each entry of the received log, and setting a value."""

from asyncio import Lock
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import BusinessDateAdvanced
from events.catalog.monitoring import LineChanged, PolicyDraftWithdrawn
from events.gate import gate_exclusive
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit.clock import now
from kit.policy import Confidence, PolicyBook, PolicyValue
from kit.scope import covers, validate_path

from ..received import receive_own
from . import queries
from .rules import (
    NO_POLICY,
    DraftDecided,
    DraftUnknown,
    EndsBeforeItBegins,
    PolicyOutOfArea,
    Remembering,
    UnknownPolicy,
    World,
    check_second_person,
)


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


async def book_known(tx: AsyncConnection, number: int, on: date) -> World:
    """The world of a day by the policy that was known at an entry of the received log."""
    book = PolicyBook(await values_known(tx, number))
    return World(number, on, book, book.changes(on) or date.max)


async def newest(tx: AsyncConnection) -> tuple[int, date | None]:
    """The number of the last tick or policy change, and the business date; None before the first tick."""
    return await queries.last_gate(tx), await queries.business_date(tx)


async def values_known(tx: AsyncConnection, number: int) -> list[PolicyValue]:
    """The values that were known at an entry of the received log."""
    return [_value(row) for row in await queries.values(tx) if row.number is None or row.number <= number]


async def known_names(tx: AsyncConnection) -> set[str]:
    """The names that values are known under."""
    return await queries.names(tx)


async def recorded(tx: AsyncConnection, *, name: str | None = None, on: date | None = None) -> list[PolicyValue]:
    """The values recorded, those of a name, those in force on a day."""
    values = [_value(row) for row in await queries.values(tx)]
    return [
        value
        for value in values
        if (name is None or value.name == name)
        and (on is None or (value.valid_from <= on and (value.valid_to is None or on <= value.valid_to)))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """政策值草案: what one person proposes.

    Attributes:
        path: management path it shall be valid for.
        valid_to: last day; None while it stands.
    """

    name: str
    path: str
    valid_from: date
    valid_to: date | None
    value: Decimal
    document: str
    clause: str
    confidence: Confidence


async def draft_value(tx: AsyncConnection, wanted: Drafted, *, paths: Sequence[str], by: str) -> Row[Any]:
    """Propose a value; it has no effect until a second person releases it.

    Raises:
        PolicyOutOfArea: the path lies outside the caller's.
        UnknownPolicy: no rule reads this name.
        EndsBeforeItBegins: the last day lies before the first.
    """
    if not covers(paths, validate_path(wanted.path)):
        raise PolicyOutOfArea
    if wanted.valid_to is not None and wanted.valid_to < wanted.valid_from:
        raise EndsBeforeItBegins
    if wanted.name not in await queries.names(tx):
        raise UnknownPolicy
    return await queries.add_draft(tx, id=uuid7(), state="draft", drafted_by=by, **asdict(wanted))


async def release_value(tx: AsyncConnection, draft_id: UUID, *, by: str) -> Row[Any]:
    """Put a draft into force: alone under the gate, told to everybody, and taken into the own received log.

    Raises:
        DraftUnknown, DraftDecided, SamePerson: as they say.
    """
    await gate_exclusive(tx)
    draft = await _open_draft(tx, draft_id)
    check_second_person(draft.drafted_by, by)
    wanted = {name: getattr(draft, name) for name in Drafted.__slots__}
    line = LineChanged(policy_id=draft.id, drafted_by=draft.drafted_by, released_by=by, **wanted)
    key = derived_id("policy", draft.name, draft.path)
    await locked(tx, [key])
    [appended] = await append(tx, NewEvent(event=line, key=key, occurred_at=now(), fact_id=line.policy_id))
    await on_line_changed(tx, [await receive_own(tx, appended.seq)])
    return await queries.decide_draft(tx, draft_id, state="released", by=by)


async def withdraw_draft(tx: AsyncConnection, draft_id: UUID, *, by: str) -> Row[Any]:
    """Take a draft back or turn it down; anybody who may write policy can.

    Raises:
        DraftUnknown, DraftDecided: as they say.
    """
    await gate_exclusive(tx)
    draft = await _open_draft(tx, draft_id)
    event = PolicyDraftWithdrawn(
        policy_id=draft.id, name=draft.name, path=draft.path, drafted_by=draft.drafted_by, withdrawn_by=by
    )
    key = derived_id("policy", draft.name, draft.path)
    await locked(tx, [key])
    [appended] = await append(tx, NewEvent(event=event, key=key, occurred_at=now()))
    await receive_own(tx, appended.seq)
    return await queries.decide_draft(tx, draft_id, state="withdrawn", by=by)


async def _open_draft(tx: AsyncConnection, draft_id: UUID) -> Row[Any]:
    draft = await queries.draft(tx, draft_id, lock=True)
    if draft is None:
        raise DraftUnknown
    if draft.state != "draft":
        raise DraftDecided
    return draft


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
