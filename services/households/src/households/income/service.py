"""Use cases of income figures; none of them commits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import ExpenseKind, IncomeRecorded
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append_many
from income.facts import Adjustment, Extra, Facts, Membership, Payment, of_members
from income.facts import Figure as SpokenFigure
from income.months import closed_official_year, official_window
from income.windows import Income, official, quarterly, rolling
from kit import clock
from kit.bulk import write_rows
from kit.errors import Refusal
from kit.etag import require_version

from ..conditions import service as conditions
from ..rechecks import service as rechecks
from ..regions import service as regions
from ..registry import service as registry
from .ledger import Paid, take_payments
from .queries import Claim, Figure, claims, latest_figures, payments, revisions
from .rules import (
    Amounts,
    FigureStands,
    FigureUnknown,
    FigureVoid,
    Part,
    Purpose,
    Source,
    figure_problems,
)
from .tables import income_figures

__all__ = [
    "Amounts",
    "Figure",
    "FigureEntry",
    "FigureOutcome",
    "Paid",
    "Part",
    "Purpose",
    "Source",
    "Statement",
    "correct_figure",
    "figure_id",
    "latest_figures",
    "record_figures",
    "restore_figures",
    "revisions",
    "spoken",
    "statement",
    "take_payments",
    "void_figure",
]


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class FigureEntry:
    """收入登记: one figure of a household as somebody states it."""

    household_id: UUID
    window_from: date
    window_to: date
    purpose: Purpose
    source: Source
    amounts: Amounts
    persons: int
    parts: Mapping[Part, Decimal] = field(default_factory=dict)
    verified: bool = True
    evidence: str | None = None
    collector: str | None = None


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class FigureOutcome:
    """What became of one entry; a refused or unchanged one left no row and no event."""

    fact_id: UUID
    revision: int = 0
    recorded: bool = False
    refusal: Refusal | None = None


def figure_id(entry: FigureEntry) -> UUID:
    """The fact id that a window, purpose and source of a household have for ever, so an import meets its own."""
    return derived_id("income", entry.household_id, entry.window_from, entry.window_to, entry.purpose, entry.source)


async def record_figures(
    tx: AsyncConnection,
    entries: Sequence[FigureEntry],
    *,
    correct: bool = False,
    homes: Mapping[UUID, registry.Household] | None = None,
) -> list[FigureOutcome]:
    """Record figures of at most 500 households at once.

    Args:
        tx: the open transaction.
        entries: the figures; each is taken whole or refused whole.
        correct: a figure that stands already becomes the next revision where it differs; else it is refused.
        homes: the households, where the caller, who holds them, has read them.

    Raises:
        HouseholdUnknown: a household is not registered or not in scope.
    """
    await locked(tx, {entry.household_id for entry in entries})
    homes = homes or await registry.standing(tx, {entry.household_id for entry in entries})
    ids = [figure_id(entry) for entry in entries]
    standing = await latest_figures(tx, fact_ids=ids)
    now = clock.now()
    outcomes, new = list[FigureOutcome](), list[Figure]()
    for fact_id, entry in zip(ids, entries, strict=True):
        outcome, figure = _settled(fact_id, entry, standing.get(fact_id), now, correct=correct)
        outcomes.append(outcome)
        if figure is not None:
            standing[figure.fact_id] = figure
            new.append(figure)
    await _save(tx, new, homes)
    return outcomes


def _settled(
    fact_id: UUID, entry: FigureEntry, before: Figure | None, now: datetime, *, correct: bool
) -> tuple[FigureOutcome, Figure | None]:
    problems = figure_problems(
        entry.amounts, entry.parts, window_from=entry.window_from, window_to=entry.window_to, persons=entry.persons
    )
    if before is not None and not before.void and not correct:
        problems.append(FigureStands())
    if problems:
        return FigureOutcome(fact_id=fact_id, refusal=registry.one_refusal(problems)), None
    figure = Figure(
        fact_id=fact_id,
        revision=before.revision + 1 if before else 1,
        void=False,
        recorded_at=now,
        **{name: getattr(entry, name) for name in FigureEntry.__slots__ if name != "parts"},
        parts=dict(entry.parts),
    )
    if before is not None and not _differs(before, figure):
        return FigureOutcome(fact_id=fact_id, revision=before.revision), None
    return FigureOutcome(fact_id=fact_id, revision=figure.revision, recorded=True), figure


def _differs(before: Figure, after: Figure) -> bool:
    return replace(before, revision=after.revision, recorded_at=after.recorded_at) != after


async def correct_figure(tx: AsyncConnection, fact_id: UUID, changes: Mapping[str, Any], *, version: int) -> Figure:
    """The next revision of a figure.

    Args:
        tx: the open transaction.
        fact_id: names the figure; window, purpose and source stay.
        changes: any of `amounts`, `parts`, `persons`, `verified`, `evidence`, `collector`.
        version: the revision the caller saw.
    """
    before, home = await _locked_figure(tx, fact_id, version)
    if before.void:
        raise FigureVoid
    after = replace(before, **changes, revision=before.revision + 1, recorded_at=clock.now())
    problems = figure_problems(
        after.amounts, after.parts, window_from=after.window_from, window_to=after.window_to, persons=after.persons
    )
    if problems:
        raise registry.one_refusal(problems)
    if not _differs(before, after):
        return before
    await _save(tx, [after], {home.id: home})
    return after


async def void_figure(tx: AsyncConnection, fact_id: UUID, *, version: int) -> Figure:
    """Take a figure back: the next revision of it is void."""
    before, home = await _locked_figure(tx, fact_id, version)
    if before.void:
        return before
    after = replace(before, void=True, revision=before.revision + 1, recorded_at=clock.now())
    await _save(tx, [after], {home.id: home})
    return after


async def restore_figures(tx: AsyncConnection, was: Sequence[Figure], void: Collection[UUID]) -> None:
    """Bring figures back to what they were, in the next revision; those of `void` were not there and become void."""
    now = clock.now()
    standing = await latest_figures(tx, fact_ids=[*void, *(figure.fact_id for figure in was)])
    await locked(tx, {figure.household_id for figure in standing.values()})
    wanted = [*was, *(replace(standing[fact_id], void=True) for fact_id in void)]
    rows = [replace(row, revision=standing[row.fact_id].revision + 1, recorded_at=now) for row in wanted]
    await _save(tx, rows, await registry.standing(tx, {row.household_id for row in rows}, merged_too=True))


async def _locked_figure(tx: AsyncConnection, fact_id: UUID, version: int) -> tuple[Figure, registry.Household]:
    seen = (await latest_figures(tx, fact_ids=[fact_id])).get(fact_id)
    if seen is None:
        raise FigureUnknown
    await locked(tx, [seen.household_id])
    before = (await latest_figures(tx, fact_ids=[fact_id]))[fact_id]
    require_version(before.revision, version)
    return before, await registry.get_household(tx, before.household_id)


async def _save(tx: AsyncConnection, figures: Sequence[Figure], homes: Mapping[UUID, registry.Household]) -> None:
    if not figures:
        return
    on = await regions.today(tx)
    rows = [_row(figure) | {"recorded_on": on} for figure in figures]
    await write_rows(tx, income_figures, rows)
    await rechecks.mark(tx, {figure.household_id for figure in figures})
    await append_many(tx, [_event(figure, homes[figure.household_id]) for figure in figures])


def _row(figure: Figure) -> dict[str, Any]:
    row = {name: getattr(figure, name) for name in Figure.__slots__ if name != "amounts"}
    row |= {name: getattr(figure.amounts, name) for name in Amounts.__slots__}
    return row | {"parts": {part.value: str(amount) for part, amount in figure.parts.items()}}


def _event(figure: Figure, home: registry.Household) -> NewEvent:
    amounts = {name: getattr(figure.amounts, name).quantize(Decimal("0.01")) for name in Amounts.__slots__}
    return registry.about(
        home,
        IncomeRecorded(
            window_from=figure.window_from,
            window_to=figure.window_to,
            purpose=figure.purpose,
            persons=figure.persons,
            source=figure.source,
            verified=figure.verified,
            **amounts,
        ),
        fact_id=figure.fact_id,
        revision=figure.revision,
        void=figure.void,
        at=figure.recorded_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """收入台账: what a household earns, from surveys and from departments, as of a business date.

    Attributes:
        figures: survey and official figures that stand, the latest window first.
        payments: what was paid for months of the two windows.
        rolling: the twelve full months before the business date (identification).
        official: the last official year that has ended.
        quarter: the last quarter that has ended.
    """

    household: registry.Household
    on: date
    figures: list[Figure]
    payments: list[Payment | Claim]
    rolling: Income
    official: Income
    quarter: Income


async def statement(tx: AsyncConnection, household_id: UUID, on: date) -> Statement:
    """A household's statement; every number in it comes with its window and its sources."""
    home = await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    stays = [
        Membership(person_id=stay.person_id, since=stay.since, until=stay.until)
        for stay in await registry.stays_of(tx, family)
    ]
    year = closed_official_year(on)
    persons, since = {stay.person_id for stay in stays}, official_window(year).first
    paid = of_members(await payments(tx, family, persons, since=since), stays)
    claimed = of_members(await claims(tx, family, persons, since=since), stays)
    figures = [figure for figure in (await latest_figures(tx, household_id=household_id)).values() if not figure.void]
    figures.sort(key=lambda figure: (figure.window_to, figure.window_from, figure.fact_id), reverse=True)
    facts = Facts(
        persons=home.size,
        figures=[spoken(figure) for figure in figures],
        payments=paid,
        adjustments=[
            *(_self_paid(expense) for expense in await conditions.expenses_of(tx, *family)),
            *(_claim(claim) for claim in claimed),
        ],
    )
    return Statement(
        household=home,
        on=on,
        figures=figures,
        payments=[*paid, *claimed],
        rolling=rolling(facts, on),
        official=official(facts, year),
        quarter=quarterly(facts, on),
    )


def spoken(figure: Figure) -> SpokenFigure:
    """A figure as the formula of `libs/income` reads it."""
    amounts = {name: getattr(figure.amounts, name) for name in Amounts.__slots__}
    return SpokenFigure(
        fact_id=figure.fact_id,
        revision=figure.revision,
        void=figure.void,
        window_from=figure.window_from,
        window_to=figure.window_to,
        purpose=figure.purpose,
        persons=figure.persons,
        source=figure.source,
        verified=figure.verified,
        **amounts,
    )


def _self_paid(expense: conditions.Expense) -> Adjustment:
    return Adjustment(
        fact_id=expense.fact_id,
        revision=expense.revision,
        void=expense.void or expense.kind is not ExpenseKind.MEDICAL,
        extra=Extra.SELF_PAID,
        window_from=expense.window_from,
        window_to=expense.window_to,
        amount=expense.amount,
        source=expense.source,
    )


def _claim(claim: Claim) -> Adjustment:
    return Adjustment(
        fact_id=claim.fact_id,
        revision=claim.revision,
        extra=claim.kind,
        window_from=claim.month.first_day,
        window_to=claim.month.last_day,
        amount=claim.amount,
        source=claim.source,
    )
