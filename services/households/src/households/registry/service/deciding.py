"""What monitoring decides about a household's place on the list, taken into the register beside what exports say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.locks import locked

from ..queries import Household, households_by_id
from ..rules import Decided, case_wins
from .changes import Changes, save


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """个案决定: a step of a case and what it decides, by field of the household; what is absent stays."""

    household_id: UUID
    decided: Decided
    told: Mapping[str, Any]


async def take_decisions(tx: AsyncConnection, decisions: Sequence[Decision]) -> None:
    """Bring households to what was decided; the latest dated decision wins, and nothing is published where none does.

    A household that was merged keeps its decision under its own number, so that undoing the merge gives it back.
    """
    await locked(tx, {decision.household_id for decision in decisions})
    before = await households_by_id(tx, {decision.household_id for decision in decisions})
    rows = dict(before)
    for decision in decisions:
        if row := rows.get(decision.household_id):
            rows[row.id] = _decided(row, decision)
    changed = [replace(row, version=row.version + 1) for row in rows.values() if row != before[row.id]]
    if changed:
        await save(tx, Changes(updated=changed))


def _decided(row: Household, decision: Decision) -> Household:
    new = decision.decided
    if not case_wins(row.decided, new):
        return row
    return replace(row, **decision.told, decided_on=new.on, case_id=new.case_id, case_version=new.case_version)
