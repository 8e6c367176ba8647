"""Use cases of conditions and expenses; none of them commits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.households import ConditionReported, ConditionResolved, ExpenseKind, ExpenseReported, Guarantee
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append_many
from kit import clock
from kit.bulk import write_rows
from kit.errors import Refusal
from kit.etag import require_version

from ..rechecks import service as rechecks
from ..registry import service as registry
from .queries import (
    Condition,
    Expense,
    conditions_by_id,
    conditions_of,
    expenses_by_id,
    expenses_of,
    open_conditions,
)
from .rules import (
    ConditionClosed,
    ConditionOpen,
    ConditionUnknown,
    ExpenseStands,
    ExpenseUnknown,
    NotAMember,
    expense_problems,
)
from .tables import conditions, expenses

__all__ = [
    "Condition",
    "ConditionEntry",
    "Expense",
    "ExpenseEntry",
    "FactOutcome",
    "conditions_by_id",
    "conditions_of",
    "correct_expense",
    "expense_id",
    "expenses_by_id",
    "expenses_of",
    "open_conditions",
    "report_conditions",
    "report_expenses",
    "resolve_conditions",
    "restore_conditions",
    "restore_expenses",
    "void_expense",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionEntry:
    """保障问题: a guarantee that is not solved for a household, or for one of its persons."""

    household_id: UUID
    guarantee: Guarantee
    since: date
    person_id: UUID | None = None


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class ExpenseEntry:
    """刚性支出: what a household paid itself in a window."""

    household_id: UUID
    kind: ExpenseKind
    amount: Decimal
    window_from: date
    window_to: date
    source: str


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class FactOutcome:
    """What became of one entry; a refused or unchanged one left no row and no event."""

    fact_id: UUID
    revision: int = 0
    recorded: bool = False
    refusal: Refusal | None = None


def condition_id(household_id: UUID, guarantee: Guarantee, person_id: UUID | None) -> UUID:
    """One fact per guarantee of a household or person; reports and solutions are its revisions."""
    return derived_id("condition", household_id, guarantee, person_id or "")


def expense_id(entry: ExpenseEntry) -> UUID:
    """The fact id that a kind, window and source of a household have for ever."""
    return derived_id("expense", entry.household_id, entry.kind, entry.window_from, entry.window_to, entry.source)


async def report_conditions(
    tx: AsyncConnection, entries: Sequence[ConditionEntry], *, repeated: bool = False
) -> list[FactOutcome]:
    """Report unsolved guarantees of at most 500 households at once.

    Args:
        tx: the open transaction.
        entries: the conditions.
        repeated: a condition that is open already is left as it is; else it is refused.
    """
    await locked(tx, {entry.household_id for entry in entries})
    homes = await registry.standing(tx, {entry.household_id for entry in entries})
    await _check_members(tx, entries)
    ids = [condition_id(entry.household_id, entry.guarantee, entry.person_id) for entry in entries]
    standing = await conditions_by_id(tx, ids)
    outcomes, new, now = list[FactOutcome](), dict[UUID, Condition](), clock.now()
    for fact_id, entry in zip(ids, entries, strict=True):
        before = standing.get(fact_id)
        if before is not None and before.resolved_on is None:
            refusal = None if repeated else ConditionOpen()
            outcomes.append(FactOutcome(fact_id=fact_id, revision=before.revision, refusal=refusal))
            continue
        standing[fact_id] = new[fact_id] = Condition(
            fact_id=fact_id,
            revision=before.revision + 1 if before else 1,
            household_id=entry.household_id,
            guarantee=entry.guarantee,
            person_id=entry.person_id,
            since=entry.since,
            resolved_on=None,
            recorded_at=now,
        )
        outcomes.append(FactOutcome(fact_id=fact_id, revision=new[fact_id].revision, recorded=True))
    await _save_conditions(tx, list(new.values()), homes)
    return outcomes


async def _check_members(tx: AsyncConnection, entries: Sequence[ConditionEntry]) -> None:
    named = {(entry.household_id, entry.person_id) for entry in entries if entry.person_id is not None}
    if named:
        found = await registry.present(tx, {household_id for household_id, _ in named})
        if named - {(person.household_id, person.id) for person in found}:
            raise NotAMember


async def resolve_conditions(
    tx: AsyncConnection, household_id: UUID, fact_ids: Sequence[UUID], *, on: date, version: int | None = None
) -> list[Condition]:
    """Solve open conditions of one household.

    Args:
        tx: the open transaction.
        household_id: whose conditions they are.
        fact_ids: the conditions.
        on: the day they were solved.
        version: the revision the caller saw; None when a bulk statement solves them.
    """
    await locked(tx, [household_id])
    home = await registry.get_household(tx, household_id)
    found = await conditions_by_id(tx, fact_ids)
    solved = []
    for fact_id in fact_ids:
        before = found.get(fact_id)
        if before is None or before.household_id != household_id:
            raise ConditionUnknown
        if version is not None:
            require_version(before.revision, version)
        if before.resolved_on is not None or on < before.since:
            raise ConditionClosed
        solved.append(replace(before, resolved_on=on, revision=before.revision + 1, recorded_at=clock.now()))
    await _save_conditions(tx, solved, {home.id: home})
    return solved


async def report_expenses(
    tx: AsyncConnection,
    entries: Sequence[ExpenseEntry],
    *,
    correct: bool = False,
    homes: Mapping[UUID, registry.Household] | None = None,
) -> list[FactOutcome]:
    """Report expenses of at most 500 households at once.

    Args:
        tx: the open transaction.
        entries: the expenses; each is taken or refused.
        correct: an expense that stands already becomes the next revision where it differs; else it is refused.
        homes: the households, where the caller, who holds them, has read them.
    """
    await locked(tx, {entry.household_id for entry in entries})
    homes = homes or await registry.standing(tx, {entry.household_id for entry in entries})
    ids = [expense_id(entry) for entry in entries]
    standing = await expenses_by_id(tx, ids)
    outcomes, new, now = list[FactOutcome](), dict[UUID, Expense](), clock.now()
    for fact_id, entry in zip(ids, entries, strict=True):
        outcome, expense = _settled(fact_id, entry, standing.get(fact_id), now, correct=correct)
        outcomes.append(outcome)
        if expense is not None:
            standing[expense.fact_id] = new[expense.fact_id] = expense
    await _save_expenses(tx, list(new.values()), homes)
    return outcomes


def _settled(
    fact_id: UUID, entry: ExpenseEntry, before: Expense | None, now: datetime, *, correct: bool
) -> tuple[FactOutcome, Expense | None]:
    problems = list(expense_problems(entry.amount, entry.window_from, entry.window_to))
    if before is not None and not before.void and not correct:
        problems.append(ExpenseStands())
    if problems:
        return FactOutcome(fact_id=fact_id, refusal=registry.one_refusal(problems)), None
    if before is not None and not before.void and before.amount == entry.amount:
        return FactOutcome(fact_id=fact_id, revision=before.revision), None
    expense = Expense(
        fact_id=fact_id,
        revision=before.revision + 1 if before else 1,
        void=False,
        household_id=entry.household_id,
        kind=entry.kind,
        amount=entry.amount,
        window_from=entry.window_from,
        window_to=entry.window_to,
        source=entry.source,
        recorded_at=now,
    )
    return FactOutcome(fact_id=fact_id, revision=expense.revision, recorded=True), expense


async def correct_expense(tx: AsyncConnection, fact_id: UUID, amount: Decimal, *, version: int) -> Expense:
    """The next revision of an expense."""
    before, home = await _locked_expense(tx, fact_id, version)
    problems = list(expense_problems(amount, before.window_from, before.window_to))
    if problems:
        raise registry.one_refusal(problems)
    if before.amount == amount and not before.void:
        return before
    return await _next(tx, replace(before, amount=amount, void=False), home)


async def void_expense(tx: AsyncConnection, fact_id: UUID, *, version: int) -> Expense:
    """Take an expense back: the next revision of it is void."""
    before, home = await _locked_expense(tx, fact_id, version)
    return before if before.void else await _next(tx, replace(before, void=True), home)


async def _next(tx: AsyncConnection, wanted: Expense, home: registry.Household) -> Expense:
    after = replace(wanted, revision=wanted.revision + 1, recorded_at=clock.now())
    await _save_expenses(tx, [after], {home.id: home})
    return after


async def restore_expenses(tx: AsyncConnection, was: Sequence[Expense], void: Collection[UUID]) -> None:
    """Bring expenses back to what they were, in the next revision; those of `void` were not there and become void."""
    now = clock.now()
    standing = await expenses_by_id(tx, [*void, *(row.fact_id for row in was)])
    await locked(tx, {row.household_id for row in standing.values()})
    wanted = [*was, *(replace(standing[fact_id], void=True) for fact_id in void)]
    rows = [replace(row, revision=standing[row.fact_id].revision + 1, recorded_at=now) for row in wanted]
    await _save_expenses(tx, rows, await registry.standing(tx, {row.household_id for row in rows}, merged_too=True))


async def restore_conditions(tx: AsyncConnection, was: Sequence[Condition], never: Collection[UUID]) -> None:
    """Bring conditions back to what they were, in the next revision; those of `never` end on the day they began."""
    now = clock.now()
    standing = await conditions_by_id(tx, [*never, *(row.fact_id for row in was)])
    await locked(tx, {row.household_id for row in standing.values()})
    wanted = [*was, *(replace(standing[fact_id], resolved_on=standing[fact_id].since) for fact_id in never)]
    rows = [replace(row, revision=standing[row.fact_id].revision + 1, recorded_at=now) for row in wanted]
    await _save_conditions(tx, rows, await registry.standing(tx, {row.household_id for row in rows}, merged_too=True))


async def _locked_expense(tx: AsyncConnection, fact_id: UUID, version: int) -> tuple[Expense, registry.Household]:
    seen = (await expenses_by_id(tx, [fact_id])).get(fact_id)
    if seen is None:
        raise ExpenseUnknown
    await locked(tx, [seen.household_id])
    before = (await expenses_by_id(tx, [fact_id]))[fact_id]
    require_version(before.revision, version)
    return before, await registry.get_household(tx, before.household_id)


async def _save_conditions(
    tx: AsyncConnection, rows: Sequence[Condition], homes: Mapping[UUID, registry.Household]
) -> None:
    await write_rows(tx, conditions, [_values(row) for row in rows], conflict="replace")
    await append_many(tx, [_event(row, homes[row.household_id], _condition_event(row)) for row in rows])


def _condition_event(row: Condition) -> Event:
    if row.resolved_on is not None:
        return ConditionResolved(guarantee=row.guarantee, person_id=row.person_id, resolved_on=row.resolved_on)
    return ConditionReported(guarantee=row.guarantee, person_id=row.person_id, since=row.since)


async def _save_expenses(
    tx: AsyncConnection, rows: Sequence[Expense], homes: Mapping[UUID, registry.Household]
) -> None:
    await write_rows(tx, expenses, [_values(row) for row in rows], conflict="replace")
    await rechecks.mark(tx, {row.household_id for row in rows})
    await append_many(tx, [_event(row, homes[row.household_id], _expense_event(row), void=row.void) for row in rows])


def _expense_event(row: Expense) -> Event:
    amount = row.amount.quantize(Decimal("0.01"))
    return ExpenseReported(kind=row.kind, amount=amount, window_from=row.window_from, window_to=row.window_to)


def _event(row: Condition | Expense, home: registry.Household, event: Event, *, void: bool = False) -> NewEvent:
    return registry.about(home, event, fact_id=row.fact_id, revision=row.revision, void=void, at=row.recorded_at)


def _values(row: Condition | Expense) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}
