"""Cases follow the national register: who is listed there already comes with the go-live load and later imports.

What the register says enters with the facts of households; a task of the worker brings the cases to it, in steps that
stand in the received log like those of officers, so that a replay has them too.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.catalog.households import HouseholdRegistered, HouseholdUpdated
from events.gate import gate_exclusive
from events.ids import derived_id
from events.locks import locked
from events.received import Handlers, Received
from kit.database import begin

from ..policy.queries import business_date
from . import queries
from .rules import Case, State, Statement, moved, opened, taken_over
from .service import CASE, Place, told

AT_ONCE: Final = 50
"""Households in one transaction: everybody else waits at the gate meanwhile."""
_STATEMENT: Final = TypeAdapter(Statement)


async def on_household(tx: AsyncConnection, events: Sequence[Received[HouseholdRegistered]]) -> None:
    """Keep what the register says of households on its list, and that it no longer does."""
    newest: dict[UUID, Received[HouseholdRegistered]] = {}
    for event in events:
        known = newest.get(event.key)
        dated = event.data.decided_on is not None
        if dated and (known is None or event.data.aggregate_revision > known.data.aggregate_revision):
            newest[event.key] = event
    await queries.keep_statements(tx, [_row(event) for _, event in sorted(newest.items())])


HANDLERS: Handlers = dict.fromkeys((HouseholdRegistered, HouseholdUpdated), (on_household,))


def _row(event: Received[HouseholdRegistered]) -> dict[str, object]:
    data = event.data
    said = {
        "category": data.category,
        "causes": data.causes,
        "identified_on": data.identified_on,
        "eliminated": data.risk_eliminated is True,
        "eliminated_on": data.eliminated_on,
        "way": data.elimination_way,
        "decided_on": data.decided_on,
    }
    return {
        "household_id": event.key,
        "revision": data.aggregate_revision,
        "path": data.path,
        "region": data.region_code,
        "said": _STATEMENT.dump_json(_STATEMENT.validate_python(said)).decode(),
        "listed": data.category is not None,
    }


class Follower:
    """沿用全国系统: a task of the worker; several may run it, the gate lets one at a time."""

    def __init__(self, engine: AsyncEngine):
        self._engine = engine

    async def turn(self) -> bool:
        """Bring some cases to what the register says; whether there may be more."""
        async with begin(self._engine) as tx:
            return await follow(tx)


async def follow(tx: AsyncConnection, most: int = AT_ONCE) -> bool:
    """Bring up to `most` cases to what the register says; False where nothing waited."""
    waiting = await queries.waiting(tx, most)
    on = await business_date(tx) if waiting else None
    if on is None:
        return False
    await gate_exclusive(tx)
    await locked(tx, [row.household_id for row in waiting])
    on = await business_date(tx)
    # Read again: the register may have said something newer while the households were locked.
    rows = await queries.statements(tx, [row.household_id for row in waiting])
    known = await queries.newest_cases(tx, [row.household_id for row in rows])
    for row in rows:
        if on is not None:
            await _follow(tx, row, known, on)
    await queries.settle(tx, [row.household_id for row in rows])
    return True


async def _follow(tx: AsyncConnection, row: Row[Any], known: Mapping[UUID, Row[Any]], on: date) -> None:
    found = known.get(row.household_id)
    before: Case | None = CASE.validate_python(found.body) if found is not None else None
    step = taken_over(before, _STATEMENT.validate_python(row.said), on)
    if step is None:
        return
    if before is None or before.state is State.REFUSED:
        case_id = derived_id("case", row.household_id, found.refused if found is not None else 0)
        case = opened(case_id, step)
    else:
        case = moved(before, step)
    await told(tx, Place(row.household_id, row.path, row.region), case, step, {})
