"""The household's income figures out of its facts, computed by `income`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from income.facts import Adjustment, Extra, Facts, Figure, Job, Kind, Payment, window_of
from income.formula import per_head, shared_by
from income.months import Month
from income.remembered import Cells
from income.windows import Income as Computed
from income.windows import rolling_and_projected

from ...risk.rules import Fact, Income, Spell, VerifiedYear

_YEAR_MONTHS = 12

PAYING: Final[Mapping[str, Kind]] = {
    "WagePaid": Kind.WAGE,
    "HouseholdSalePaid": Kind.BUSINESS,
    "BenefitPaid": Kind.PROPERTY,
    "DividendPaid": Kind.PROPERTY,
    "TransferPaid": Kind.TRANSFER,
}
"""Kind of fact that pays money → the kind of income it is."""

ADJUSTING: Final[Mapping[str, Extra]] = {"ExpenseReported": Extra.SELF_PAID, "ClaimPaid": Extra.CLAIM}
"""Kind of fact that counts in the comparison figure only (监测参考收入) → what it is there."""
_MEDICAL: Final = "medical"
"""What of expenses is 合规自付."""

_Basis = tuple[int, tuple[Fact, ...], tuple[Fact, ...], tuple[Spell, ...], tuple[Fact, ...]]
_MOST_MONTHS: Final = 3


class Earnings:
    """收入测算 of one household, remembered by month: most facts and most days do not touch what it rests on."""

    def __init__(self) -> None:
        self._known: dict[date, tuple[_Basis, Income | None]] = {}
        self._read: dict[UUID, tuple[Fact, Figure | Payment | Adjustment]] = {}
        """fact id → the fact and what was read of it: a household's facts are mostly those of the step before"""
        self._years: dict[UUID, tuple[Fact, VerifiedYear | None]] = {}
        self._cells = Cells()
        self._last: tuple[_Basis, Facts] | None = None

    def at(
        self,
        on: date,
        *,
        persons: int,
        figures: tuple[Fact, ...],
        payments: tuple[Fact, ...],
        spells: tuple[Spell, ...],
        adjustments: tuple[Fact, ...],
    ) -> Income | None:
        """What the rules read of the household's income; None where a part of it is unknown, which is never zero."""
        month, basis = on.replace(day=1), (persons, figures, payments, spells, adjustments)
        known = self._known.get(month)
        if known is None or known[0] != basis:
            self._known.pop(month, None)
            while len(self._known) >= _MOST_MONTHS:
                del self._known[next(iter(self._known))]
            known = self._known[month] = (basis, self._compute(on, *basis))
        return known[1]

    def _compute(
        self,
        on: date,
        persons: int,
        figures: tuple[Fact, ...],
        payments: tuple[Fact, ...],
        spells: tuple[Spell, ...],
        adjustments: tuple[Fact, ...],
    ) -> Income | None:
        basis = persons, figures, payments, spells, adjustments
        if self._last is None or self._last[0] != basis:
            # A month that begins changes the window, not what is known.
            self._last = (
                basis,
                Facts(
                    persons=persons,
                    figures=[self._once(_figure, fact) for fact in figures],
                    payments=[self._once(_payment, fact) for fact in payments],
                    jobs=[_job(spell) for spell in spells if spell.started is not None],
                    adjustments=[self._once(_adjustment, fact) for fact in adjustments if _adjusts(fact)],
                ),
            )
        return _income(self._last[1], on, figures, payments, spells, self._cells)

    def years(self, figures: Iterable[Fact]) -> Iterator[VerifiedYear]:
        """The verified figures of a whole year, in their order."""
        for fact in figures:
            known = self._years.get(fact.id)
            if known is None or known[0] is not fact:
                known = self._years[fact.id] = (fact, _verified_year(fact))
            if known[1] is not None:
                yield known[1]

    def _once(self, read: Callable[[Fact], Any], fact: Fact) -> Any:
        known = self._read.get(fact.id)
        if known is None or known[0] is not fact:
            known = self._read[fact.id] = (fact, read(fact))
        return known[1]


def _income(
    facts: Facts,
    on: date,
    figures: tuple[Fact, ...],
    payments: tuple[Fact, ...],
    spells: tuple[Spell, ...],
    cells: Cells,
) -> Income | None:
    published, ahead = rolling_and_projected(facts, on, cells)
    if published.per_head is None or published.net is None or ahead.per_head is None or ahead.net is None:
        return None
    assert published.comparison is not None  # noqa: S101 - known as the net income is
    used, gross = {*published.facts, *ahead.lost_jobs}, _gross(published)
    transfer = published.by_kind[Kind.TRANSFER]
    return Income(
        window_from=published.window.first.first_day,
        window_to=published.window.last.last_day,
        published=published.per_head,
        projected=ahead.per_head,
        comparison=published.comparison,
        transfer_share=transfer / gross if transfer is not None and gross > 0 else None,
        business=published.by_kind[Kind.BUSINESS] or Decimal(0),
        gross=gross,
        net=published.net,
        persons=published.persons,
        monthly_means=shared_by(ahead.net, _YEAR_MONTHS),
        wage=published.by_kind[Kind.WAGE] or Decimal(0),
        property=published.by_kind[Kind.PROPERTY] or Decimal(0),
        transfer=transfer or Decimal(0),
        carried_months=published.carried_months,
        mixed=published.mixed,
        sources=tuple(sorted(published.sources)),
        facts=tuple(_evidence((*figures, *payments), spells, used)),
    )


def _verified_year(fact: Fact) -> VerifiedYear | None:
    figure = _figure(fact)
    if not figure.verified or window_of(figure).months < _YEAR_MONTHS:
        return None
    gross = figure.wage + figure.business + figure.property + figure.transfer
    return VerifiedYear(fact, per_head(figure), figure.transfer / gross if gross > 0 else None)


def _figure(fact: Fact) -> Figure:
    data = fact.data
    return Figure(
        fact_id=fact.id,
        revision=fact.revision,
        window_from=date.fromisoformat(str(data["window_from"])),
        window_to=date.fromisoformat(str(data["window_to"])),
        purpose=str(data["purpose"]),
        persons=int(str(data["persons"])),
        source=str(data["source"]),
        verified=bool(data["verified"]),
        wage=_money(data, "wage"),
        business=_money(data, "business"),
        property=_money(data, "property"),
        transfer=_money(data, "transfer"),
        business_cost=_money(data, "business_cost"),
        claims=_money(data, "claims"),
        self_paid=_money(data, "self_paid"),
    )


def _money(data: Mapping[str, object], part: str) -> Decimal:
    return Decimal(str(data[part]))


def _payment(fact: Fact) -> Payment:
    spell = fact.data.get("spell_id")
    first, last = fact.data.get("first_month"), fact.data.get("last_month")
    return Payment(
        fact_id=fact.id,
        revision=fact.revision,
        person_id=fact.person_id,
        kind=PAYING[fact.kind],
        month=Month.parse(str(first)) if first else Month.of(fact.on),
        last=Month.parse(str(last)) if last else None,
        amount=fact.amount or Decimal("0.00"),
        source=fact.source,
        job_id=UUID(str(spell)) if spell else None,
    )


def _adjusts(fact: Fact) -> bool:
    return ADJUSTING[fact.kind] is Extra.CLAIM or fact.data.get("kind") == _MEDICAL


def _adjustment(fact: Fact) -> Adjustment:
    """A claim speaks for the day it was paid, an expense for the window it was borne in."""
    first = fact.data.get("window_from")
    return Adjustment(
        fact_id=fact.id,
        revision=fact.revision,
        extra=ADJUSTING[fact.kind],
        window_from=date.fromisoformat(str(first)) if first else fact.on,
        window_to=fact.on,
        amount=fact.amount or Decimal("0.00"),
        source=fact.source,
    )


def _job(spell: Spell) -> Job:
    assert spell.started is not None  # noqa: S101 - the caller asked
    wage = spell.started.data.get("monthly_wage")
    return Job(
        fact_id=spell.id,
        person_id=spell.person_id,
        started_on=spell.started.on,
        ended_on=spell.ended.on if spell.ended else None,
        monthly=Decimal(str(wage)) if wage is not None else None,
    )


def _gross(income: Computed) -> Decimal:
    return sum((amount for amount in income.by_kind.values() if amount is not None), Decimal(0))


def _evidence(facts: Iterable[Fact], spells: Iterable[Spell], used: set[UUID]) -> Iterable[UUID]:
    yield from (fact.id for fact in facts if fact.id in used)
    yield from (spell.ended.id for spell in spells if spell.ended is not None and spell.id in used)
