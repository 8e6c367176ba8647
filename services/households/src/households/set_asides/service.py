"""Use cases of money set apart for the neediest; none of them commits.

A part of an income is decided on, its households are posted, and once the notice is over it is paid like any other
distribution: over the shares of the chosen households, to the cent.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.households import CollectiveIncome, IncomeSetAside
from events.ids import derived_id
from events.locks import locked
from events.log import append
from income.formula import per_head
from kit import policy
from kit.bulk import write_rows
from kit.etag import require_version

from ..assets import service as assets
from ..income import service as income
from ..registry import service as registry
from .queries import SetAside, SetAsideLine, lines_of, set_aside, set_asides_of
from .rules import (
    INCOME_LINE,
    NOTICE_DAYS,
    NamedTwice,
    NoticeOver,
    NotNeedy,
    SetAsidePaid,
    SetAsideStands,
    SetAsideUnknown,
    SetAsideVoid,
    check_notice,
    check_paying,
    check_room,
    check_terms,
    ground,
)
from .tables import set_aside_lines, set_asides

__all__ = [
    "SetAside",
    "SetAsideEntry",
    "SetAsideLine",
    "choose_anew",
    "close_notice",
    "get_set_aside",
    "left_of",
    "lines_of",
    "pay",
    "set_apart",
    "set_asides_of",
    "void_set_aside",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideEntry:
    """帮扶股决议: which part of which income, for which term."""

    reference: str
    year: int
    source: CollectiveIncome
    amount: Decimal
    decided_on: date
    since: date
    until: date
    posted_on: date


async def set_apart(
    tx: AsyncConnection, collective_id: UUID, entry: SetAsideEntry, shares: Sequence[tuple[UUID, Decimal]]
) -> tuple[SetAside, bool]:
    """Set a part of an income apart for chosen households; the same decision again changes nothing. Whether it is new.

    Raises:
        CollectiveUnknown, SetAsideDates, SetAsideStands, SourceUnknown, SetAsideTooLarge: as they say.
        NamedTwice, HouseholdUnknown, HouseholdMergedAway, NotNeedy: of the chosen households.
    """
    check_terms(**{name: getattr(entry, name) for name in ("decided_on", "posted_on", "since", "until")})
    wanted = _once(shares)
    id_ = derived_id("set-aside", collective_id, entry.reference)
    await locked(tx, [collective_id, id_])
    collective = await assets.get_collective(tx, collective_id)
    known = await set_aside(tx, id_)
    if known is not None:
        told = all(getattr(known, name) == getattr(entry, name) for name in SetAsideEntry.__slots__)
        chosen = {line.household_id: line.shares for line in await lines_of(tx, id_)}
        if known.void or not told or chosen != wanted:
            raise SetAsideStands
        return known, False
    await _check_room(tx, collective_id, entry)
    lines = await _chosen(tx, id_, wanted, entry.decided_on)
    new = SetAside(
        id=id_,
        revision=1,
        void=False,
        collective_id=collective_id,
        closed_on=None,
        **{name: getattr(entry, name) for name in SetAsideEntry.__slots__},
    )
    await _save(tx, new, collective, lines)
    return new, True


async def get_set_aside(tx: AsyncConnection, set_aside_id: UUID) -> SetAside:
    """One set-aside in scope.

    Raises:
        SetAsideUnknown: not there or not in scope.
    """
    found = await set_aside(tx, set_aside_id)
    if found is None:
        raise SetAsideUnknown
    return found


async def choose_anew(
    tx: AsyncConnection,
    set_aside_id: UUID,
    shares: Sequence[tuple[UUID, Decimal]],
    *,
    posted_on: date,
    version: int,
) -> SetAside:
    """Other households, as after an objection; they are posted anew.

    Raises:
        SetAsideUnknown, PreconditionFailed, SetAsideVoid, NoticeOver, SetAsideDates: as they say.
        NamedTwice, HouseholdUnknown, HouseholdMergedAway, NotNeedy: of the chosen households.
    """
    wanted = _once(shares)
    before, collective = await _held(tx, set_aside_id, version)
    if before.closed_on is not None:
        raise NoticeOver
    check_terms(decided_on=before.posted_on, posted_on=posted_on, since=before.since, until=before.until)
    lines = await _chosen(tx, set_aside_id, wanted, posted_on)
    out = [
        replace(line, shares=Decimal(0)) for line in await lines_of(tx, set_aside_id) if line.household_id not in wanted
    ]
    after = replace(before, posted_on=posted_on, revision=before.revision + 1)
    await _save(tx, after, collective, [*lines, *out])
    return after


async def close_notice(tx: AsyncConnection, set_aside_id: UUID, *, closed_on: date, version: int) -> SetAside:
    """Nobody objects any more: from now on it may be paid.

    Raises:
        SetAsideUnknown, PreconditionFailed, SetAsideVoid, NoticeOver, NoticeDaysUnknown, NoticeRunning: as they say.
    """
    before, collective = await _held(tx, set_aside_id, version)
    if before.closed_on is not None:
        raise NoticeOver
    path = await registry.village_path(tx, collective.region_code)
    days = (await policy.load(tx)).at(NOTICE_DAYS, path, before.posted_on)
    check_notice(before.posted_on, closed_on, days.value if days else None)
    after = replace(before, closed_on=closed_on, revision=before.revision + 1)
    await _save(tx, after, collective, [])
    return after


async def void_set_aside(tx: AsyncConnection, set_aside_id: UUID, *, version: int) -> SetAside:
    """It was never decided: its money is the collective's again.

    Raises:
        SetAsideUnknown, PreconditionFailed, SetAsideVoid, SetAsidePaid: as they say.
    """
    before, collective = await _held(tx, set_aside_id, version)
    if await assets.paid_of(tx, set_aside_id):
        raise SetAsidePaid
    after = replace(before, void=True, revision=before.revision + 1)
    await _save(tx, after, collective, [])
    return after


async def pay(
    tx: AsyncConnection, set_aside_id: UUID, entry: assets.DistributionEntry
) -> tuple[assets.Distribution, bool]:
    """Pay a part of it to the chosen households; the same voucher again changes nothing. Gives whether it is new.

    Raises:
        SetAsideUnknown, SetAsideVoid, DistributionMonths, DistributionStands: as they say.
        NotPosted, SetAsideDates, SetAsideSpent: it may not be paid, or not so much.
    """
    seen = await get_set_aside(tx, set_aside_id)
    await locked(tx, [seen.collective_id])
    held = await get_set_aside(tx, set_aside_id)
    told = replace(entry, set_aside_id=set_aside_id)
    if await assets.distribution_under(tx, held.collective_id, entry.reference) is None:
        if held.void:
            raise SetAsideVoid
        left = await left_of(tx, held)
        terms = {name: getattr(held, name) for name in ("closed_on", "since", "until")}
        check_paying(entry.amount, entry.paid_on, left=left, **terms)
    holders = [(line.household_id, line.shares) for line in await lines_of(tx, set_aside_id)]
    return await assets.distribute(tx, held.collective_id, told, holders=holders)


async def left_of(tx: AsyncConnection, held: SetAside) -> Decimal:
    """What of it was not paid yet, yuan."""
    return Decimal(0) if held.void else held.amount - await assets.paid_of(tx, held.id)


async def _held(tx: AsyncConnection, set_aside_id: UUID, version: int) -> tuple[SetAside, assets.Collective]:
    seen = await get_set_aside(tx, set_aside_id)
    await locked(tx, [seen.collective_id, set_aside_id])
    before = await get_set_aside(tx, set_aside_id)
    require_version(before.revision, version)
    if before.void:
        raise SetAsideVoid
    return before, await assets.get_collective(tx, before.collective_id)


def _once(shares: Collection[tuple[UUID, Decimal]]) -> dict[UUID, Decimal]:
    wanted = dict(shares)
    if len(wanted) < len(shares):
        raise NamedTwice(pointer="/lines")
    return wanted


async def _check_room(tx: AsyncConnection, collective_id: UUID, entry: SetAsideEntry) -> None:
    earned = {(row.year, row.source): row.amount for row in await assets.incomes_of(tx, collective_id) if not row.void}
    same = (entry.year, entry.source)
    spoken_for = [
        row.amount for row in await set_asides_of(tx, collective_id) if (row.year, row.source) == same and not row.void
    ]
    if entry.source == CollectiveIncome.OPERATING:
        bonuses = await assets.bonuses_of(tx, collective_id)
        spoken_for += [row.amount for row in bonuses if row.year == entry.year and not row.void]
    check_room(entry.amount, earned=earned.get(same), spoken_for=spoken_for)


async def _chosen(
    tx: AsyncConnection, set_aside_id: UUID, wanted: Mapping[UUID, Decimal], on: date
) -> list[SetAsideLine]:
    """The lines of the households, each with why it may be chosen."""
    homes = await registry.standing(tx, wanted)
    book = await policy.load(tx)
    newest: dict[UUID, income.Figure] = {}
    for found in (await income.latest_figures(tx, household_ids=wanted)).values():
        if found.void or found.purpose is not income.Purpose.OFFICIAL_YEAR:
            continue
        before = newest.get(found.household_id)
        if before is None or (found.window_to, found.recorded_at) > (before.window_to, before.recorded_at):
            newest[found.household_id] = found
    lines = []
    for place, (household_id, shares) in enumerate(wanted.items()):
        home, figure = homes[household_id], newest.get(household_id)
        line = book.at(INCOME_LINE, home.path, on)
        why = ground(
            monitored=home.category is not None and not home.risk_eliminated,
            per_head=None if figure is None else per_head(income.spoken(figure)),
            line=line.value if line else None,
        )
        if why is None:
            raise NotNeedy(pointer=f"/lines/{place}")
        lines.append(SetAsideLine(set_aside_id=set_aside_id, household_id=household_id, shares=shares, ground=why))
    return lines


async def _save(
    tx: AsyncConnection, row: SetAside, collective: assets.Collective, lines: Sequence[SetAsideLine]
) -> None:
    await rows.put(tx, set_asides, [row])
    values = [{name: getattr(line, name) for name in SetAsideLine.__slots__} for line in lines]
    await write_rows(tx, set_aside_lines, values, conflict="replace")
    told = {name: getattr(row, name) for name in IncomeSetAside.model_fields if name in SetAside.__slots__}
    households = len(await lines_of(tx, row.id))
    event = IncomeSetAside(set_aside_id=row.id, households=households, **told)
    await append(tx, assets.of_collective(event, collective, row.id, row.revision, void=row.void))
