"""What a collective earns in a year, and what of its new operating income may go to cadres."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.households import CadreBonusDecided, CollectiveIncome, CollectiveIncomeRecorded
from events.ids import derived_id
from events.locks import locked
from events.log import append
from kit import policy
from kit.etag import require_version

from ...regions import service as regions
from ..queries import Bonus, Collective, Income, bonuses_of, incomes_of, one
from ..rules import (
    BONUS_SHARE,
    NOTHING,
    BonusRoom,
    BonusStands,
    BonusUnknown,
    BonusVoid,
    IncomeStands,
    IncomeUnknown,
    IncomeVoid,
    check_bonus,
)
from ..tables import cadre_bonuses, collective_incomes
from .collectives import get_collective, of_collective


async def record_income(
    tx: AsyncConnection, collective_id: UUID, *, year: int, source: CollectiveIncome, amount: Decimal
) -> Income:
    """Record what a collective earned in a year from one source; the same again changes nothing.

    Raises:
        CollectiveUnknown: as it says.
        IncomeStands: another amount is recorded.
    """
    await locked(tx, [collective_id])
    collective = await get_collective(tx, collective_id)
    id_ = derived_id("collective-income", collective_id, year, source)
    before = await one(tx, collective_incomes, Income, id_)
    if before is not None and not before.void:
        if before.amount != amount:
            raise IncomeStands
        return before
    income = Income(
        id=id_,
        revision=before.revision + 1 if before else 1,
        void=False,
        collective_id=collective_id,
        year=year,
        source=source,
        amount=amount,
    )
    return await _saved(tx, income, collective)


async def correct_income(tx: AsyncConnection, income_id: UUID, *, amount: Decimal, version: int) -> Income:
    """The next revision of an income.

    Raises:
        IncomeUnknown, IncomeVoid, PreconditionFailed: as they say.
    """
    before, collective = await _income(tx, income_id, version)
    if before.amount == amount:
        return before
    return await _saved(tx, replace(before, amount=amount, revision=before.revision + 1), collective)


async def void_income(tx: AsyncConnection, income_id: UUID, *, version: int) -> Income:
    """Take an income back.

    Raises:
        IncomeUnknown, IncomeVoid, PreconditionFailed: as they say.
    """
    before, collective = await _income(tx, income_id, version)
    return await _saved(tx, replace(before, void=True, revision=before.revision + 1), collective)


async def _income(tx: AsyncConnection, income_id: UUID, version: int) -> tuple[Income, Collective]:
    seen = await one(tx, collective_incomes, Income, income_id)
    if seen is None:
        raise IncomeUnknown
    await locked(tx, [seen.collective_id])
    income = await one(tx, collective_incomes, Income, income_id) or seen
    require_version(income.revision, version)
    if income.void:
        raise IncomeVoid
    return income, await get_collective(tx, income.collective_id)


async def _saved(tx: AsyncConnection, income: Income, collective: Collective) -> Income:
    await rows.put(tx, collective_incomes, [income])
    event = CollectiveIncomeRecorded(
        collective_id=collective.id, year=income.year, source=CollectiveIncome(income.source), amount=income.amount
    )
    await append(tx, of_collective(event, collective, income.id, income.revision, void=income.void))
    return income


async def bonus_room(tx: AsyncConnection, collective_id: UUID, year: int, on: date) -> BonusRoom:
    """What of a year's new operating income may go to cadres, by the county's cap of a day.

    Raises:
        CollectiveUnknown: as it says.
    """
    collective = await get_collective(tx, collective_id)
    earned = {
        income.year: income.amount
        for income in await incomes_of(tx, collective_id)
        if income.source == CollectiveIncome.OPERATING and not income.void
    }
    village = (await regions.current_regions(tx, [collective.region_code]))[collective.region_code]
    cap = (await policy.load(tx)).at(BONUS_SHARE, village.path, on)
    spent = [bonus.amount for bonus in await bonuses_of(tx, collective_id) if bonus.year == year and not bonus.void]
    return BonusRoom(
        year=year,
        new_income=earned[year] - earned[year - 1] if {year, year - 1} <= earned.keys() else None,
        share=cap.value if cap else None,
        policy_id=cap.id if cap else None,
        spent=sum(spent, NOTHING),
    )


async def decide_bonus(
    tx: AsyncConnection, collective_id: UUID, *, year: int, reference: str, amount: Decimal, decided_on: date
) -> Bonus:
    """Give cadres a part of new operating income; the same voucher again changes nothing.

    Raises:
        CollectiveUnknown, BonusStands: as they say.
        BonusIncomeUnknown, BonusCapUnknown, BonusTooLarge: it is not known to be within the cap.
    """
    await locked(tx, [collective_id])
    collective = await get_collective(tx, collective_id)
    id_ = derived_id("cadre-bonus", collective_id, reference)
    before = await one(tx, cadre_bonuses, Bonus, id_)
    if before is not None:
        if (before.void, before.year, before.amount, before.decided_on) != (False, year, amount, decided_on):
            raise BonusStands
        return before
    policy_id = check_bonus(await bonus_room(tx, collective_id, year, decided_on), amount)
    bonus = Bonus(
        id=id_,
        revision=1,
        void=False,
        collective_id=collective_id,
        year=year,
        reference=reference,
        amount=amount,
        decided_on=decided_on,
        policy_id=policy_id,
    )
    await _save_bonus(tx, bonus, collective)
    return bonus


async def void_bonus(tx: AsyncConnection, bonus_id: UUID, *, version: int) -> Bonus:
    """It was never given.

    Raises:
        BonusUnknown, BonusVoid, PreconditionFailed: as they say.
    """
    seen = await one(tx, cadre_bonuses, Bonus, bonus_id)
    if seen is None:
        raise BonusUnknown
    await locked(tx, [seen.collective_id])
    before = await one(tx, cadre_bonuses, Bonus, bonus_id) or seen
    require_version(before.revision, version)
    if before.void:
        raise BonusVoid
    after = replace(before, void=True, revision=before.revision + 1)
    await _save_bonus(tx, after, await get_collective(tx, after.collective_id))
    return after


async def _save_bonus(tx: AsyncConnection, bonus: Bonus, collective: Collective) -> None:
    await rows.put(tx, cadre_bonuses, [bonus])
    event = CadreBonusDecided(
        collective_id=collective.id, year=bonus.year, amount=bonus.amount, decided_on=bonus.decided_on
    )
    await append(tx, of_collective(event, collective, bonus.id, bonus.revision, void=bonus.void))
