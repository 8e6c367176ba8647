"""Wages that were expected and did not come: found when the pay day has passed, taken back when they come late."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.locks import locked
from events.log import append
from events.received import Received
from income.months import Month
from kit import policy

from ..queries import by_id, expect_next, expecting, paid_months, put
from ..rules import MissedWage, Spell, is_due
from . import publishing

PAY_DAY = "wage.pay_day"
"""Day of the following month by which a wage must have come."""

AT_ONCE = 400
"""Spells looked at in one transaction; a transaction may lock 500 keys."""


async def find_missed_wages(
    tx: AsyncConnection, *, after: UUID | None = None, cause: Received[Any] | None = None
) -> UUID | None:
    """Publish the wages that are overdue on the business date, for up to 400 spells.

    Where no pay day is known for a place, nothing is expected there yet.

    Returns:
        The last spell looked at, to go on after; None when all were.
    """
    on = await today(tx)
    book = await policy.load(tx)
    candidates = await expecting(tx, latest=Month.of(on).plus(-1).first_day, after=after, most=AT_ONCE)
    due = [spell for spell in candidates if _due(spell, book, on)]
    await locked(tx, {spell.key for spell in due})
    standing = await by_id(tx, Spell, [spell.id for spell in due])
    await _settle_months(tx, list(standing.values()), book, on, cause)
    return candidates[-1].id if len(candidates) == AT_ONCE else None


async def _settle_months(
    tx: AsyncConnection, spells: Sequence[Spell], book: policy.PolicyBook, on: date, cause: Received[Any] | None
) -> None:
    months = {spell.id: _due_months(spell, book, on) for spell in spells}
    since = min((spell.next_expected for spell in spells if spell.next_expected), default=on)
    paid = await paid_months(tx, [spell.id for spell in spells], since)
    late = [
        (spell, month)
        for spell in spells
        for month in months[spell.id]
        if spell.owes(month) and (spell.id, month.first_day) not in paid
    ]
    await _publish(tx, late, cause)
    await expect_next(tx, {spell_id: due[-1].plus(1).first_day for spell_id, due in months.items() if due})


async def _publish(
    tx: AsyncConnection, late: Sequence[tuple[Spell, Month]], cause: Received[Any] | None = None
) -> None:
    ids = [publishing.missed_id(spell.id, month.first_day) for spell, month in late]
    known = await by_id(tx, MissedWage, ids)
    facts = [_missed(spell, month, known.get(id_)) for (spell, month), id_ in zip(late, ids, strict=True)]
    new = [fact for fact in facts if fact.id not in known or known[fact.id].void]
    await put(tx, new)
    await append(tx, *(publishing.missed(fact, cause) for fact in new))


def _missed(spell: Spell, month: Month, known: MissedWage | None) -> MissedWage:
    return MissedWage(
        id=publishing.missed_id(spell.id, month.first_day),
        revision=known.revision + 1 if known else 1,
        void=False,
        person_id=spell.person_id,
        household_id=spell.household_id,
        region=spell.region,
        path=spell.path,
        blind_index=None,
        spell_id=spell.id,
        month=month.first_day,
        expected=spell.monthly_wage or Decimal(0),
    )


def _due(spell: Spell, book: policy.PolicyBook, on: date) -> bool:
    return bool(_due_months(spell, book, on))


def _due_months(spell: Spell, book: policy.PolicyBook, on: date) -> list[Month]:
    """The months not looked at yet whose pay day has passed, each under the policy of its own end."""
    due: list[Month] = []
    month = Month.of(spell.next_expected) if spell.next_expected else Month.of(on)
    while month < Month.of(on):
        rule = book.at(PAY_DAY, spell.path, month.last_day + timedelta(days=1))
        if rule is None or not is_due(month, int(rule.value), on):
            break
        due.append(month)
        month = month.plus(1)
    return due


async def took_back(tx: AsyncConnection, missing: Sequence[MissedWage], *, came_on: date | None = None) -> None:
    """What was missing came after all on a day, or was never owed; the keys are locked."""
    void = [replace(fact, void=True, revision=fact.revision + 1) for fact in missing]
    await put(tx, void)
    await append(tx, *(publishing.missed(fact, came_on=came_on) for fact in void))


async def missing_again(tx: AsyncConnection, spell: Spell, month: Month) -> None:
    """A wage was taken back: if its month has been looked at and is owed, it is missing."""
    looked_at = spell.next_expected is not None and month.first_day < spell.next_expected
    if looked_at and spell.household_id is not None and spell.owes(month):
        await _publish(tx, [(spell, month)])
