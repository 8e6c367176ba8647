"""What departments report of a family: late, sometimes wrong and then corrected, of informal work nothing at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from events.ids import derived_id
from monitoring.risk.rules import Fact

from .truth import FIRST, LAST, Earner, Family, months

PATH: Final = "5301/530128/530128104/530128104201/"
_BEFORE: Final = date(2022, 1, 1)
"""Wages are fed from here on, so that the twelve months before the year are known."""
_MISSED_AFTER: Final = 50
"""Days after the first of a month when its wage counts as not come."""


@dataclass(frozen=True, slots=True)
class Report:
    """上报: a fact on the day on which it becomes known."""

    known: date
    fact: Fact


class Reporter:
    """上报方: all departments of one family."""

    def __init__(self, family: Family, number: int, random: Random):
        self._family = family
        self._random = random
        self.household = derived_id("trial", number)

    def all(self) -> list[Report]:
        """Everything that becomes known in the year, in its order."""
        reports = [
            *self._standing(),
            *(report for n, earner in enumerate(self._family.earners) for report in self._work(n, earner)),
            *self._bills(),
            *self._debts(),
            *self._housing(),
        ]
        reports.sort(key=lambda report: (report.known, report.fact.id, report.fact.revision))
        return [report for report in reports if report.known <= LAST]

    def _fact(
        self, kind: str, on: date, /, *, person: UUID | None = None, amount: object = None, **data: object
    ) -> Fact:
        identity = derived_id("trial fact", self.household, kind, on, person, *map(str, data.values()))
        return Fact(
            id=identity, kind=kind, household_id=self.household, person_id=person, revision=1, void=False, on=on,
            amount=None if amount is None else Decimal(str(amount)), data=data, received=0, event_id=identity,
            source="trial",
        )  # fmt: skip

    def _days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self._random.randint(least, most))

    def _person(self, n: int) -> UUID:
        return derived_id("trial person", self.household, n)

    def _standing(self) -> Iterator[Report]:
        """The register, a helper, and a survey of the year before that is about right."""
        family, error = self._family, Decimal(self._random.gauss(1, 0.06)).quantize(Decimal("0.001"))
        wage = sum(earner.wage for earner in family.earners) * 12 * error
        told = [
            self._fact(
                "HouseholdRegistered", date.min, number="trial", path=PATH, region_code="530128104201",
                household_type="lifted", category=None, risk_eliminated=None, size=family.persons,
            ),
            *(self._fact("PersonJoined", date(2015, 1, 1), person=self._person(n)) for n in range(family.persons)),
            self._fact("HelperAssigned", date(2022, 9, 1), assignment_id=str(self.household)),
            self._fact(
                "IncomeRecorded", date(2022, 9, 30), window_from="2021-10-01", window_to="2022-09-30",
                wage=str(round(wage, 2)), business=str(round(family.other * error, 2)), property="0.00",
                transfer="0.00", business_cost="0.00", claims="0.00", self_paid="0.00", persons=family.persons,
                verified=True, source="survey", purpose="official_year",
            ),
        ]  # fmt: skip
        yield from (Report(FIRST, fact) for fact in told)

    def _work(self, n: int, earner: Earner) -> Iterator[Report]:
        if not earner.formal:
            return
        spell = self._fact("EmploymentStarted", date(2021, 6, 1), person=self._person(n))
        yield Report(FIRST, spell)
        spells = [(date(2021, 6, 1), spell.id)]
        for idle in earner.idle:
            yield Report(idle.first + self._days(1, 20), self._ended(n, spells[-1][1], idle.first))
            if idle.last < LAST:
                begin = idle.last + timedelta(days=1)
                spell = self._fact("EmploymentStarted", begin, person=self._person(n))
                yield Report(begin + self._days(0, 40), spell)
                spells.append((begin, spell.id))
        if not earner.idle and self._random.random() < 0.05:
            wrong = self._ended(n, spell.id, FIRST + self._days(20, 300))
            known = wrong.on + self._days(1, 10)
            yield Report(known, wrong)
            yield Report(known + self._days(5, 20), replace(wrong, revision=2, void=True))
        slow = self._random.random() < 0.08
        for month in months(_BEFORE, LAST):
            yield from self._wage(n, earner, month, [id_ for begin, id_ in spells if begin <= month][-1], slow=slow)

    def _ended(self, n: int, spell: UUID, on: date) -> Fact:
        return self._fact("EmploymentEnded", on, person=self._person(n), spell_id=str(spell), reason="laid_off")

    def _wage(self, n: int, earner: Earner, month: date, spell: UUID, *, slow: bool) -> Iterator[Report]:
        """A wage of the month; where none has come in time, that is reported too, and taken back when it comes."""
        amount = earner.earns(month)
        known = (
            month
            + self._days(35, 42)
            + (self._days(20, 70) if slow and self._random.random() < 0.5 else self._days(0, 0))
        )
        expected = not any(span.first < month + timedelta(days=31) and span.last >= month for span in earner.idle)
        if expected and (not amount or known > month + timedelta(days=_MISSED_AFTER)) and month >= FIRST:
            missed = self._fact("WageMissed", month, person=self._person(n), spell_id=str(spell))
            yield Report(month + timedelta(days=_MISSED_AFTER), missed)
            if amount:
                came = {**missed.data, "came_on": known.isoformat()}
                yield Report(known, replace(missed, revision=2, void=True, data=came))
        if not amount:
            return
        paid = self._fact("WagePaid", month, person=self._person(n), amount=amount, spell_id=str(spell))
        if self._random.random() < 0.01:
            yield Report(max(known, FIRST), replace(paid, amount=round(amount / 10, 2)))
            yield Report(max(known, FIRST) + self._days(15, 40), replace(paid, revision=2))
        else:
            yield Report(max(known, FIRST), paid)

    def _bills(self) -> Iterator[Report]:
        for day, amount in self._family.bills:
            iso = day.isoformat()
            bill = self._fact("ExpenseReported", day, amount=amount, kind="medical", window_from=iso, window_to=iso)
            known = day + self._days(5, 40)
            if self._random.random() < 0.05:
                yield Report(known, replace(bill, amount=Decimal(amount * 10)))
                yield Report(known + self._days(10, 30), replace(bill, revision=2))
            else:
                yield Report(known, bill)

    def _debts(self) -> Iterator[Report]:
        for span in self._family.overdue:
            late = self._fact("LoanOverdue", span.first, amount=900, product="petty_loan")
            yield Report(span.first + self._days(1, 3), late)
            if span.last < LAST:
                cured = self._fact("LoanCured", span.last, overdue_fact_id=str(late.id))
                yield Report(span.last + self._days(1, 5), cured)
        if self._random.random() < 0.04:
            # Paid on its day; the bank booked it late.
            wrong = self._fact(
                "LoanOverdue", FIRST + self._days(20, 330), amount=900, product="petty_loan", booked="late"
            )
            yield Report(wrong.on + timedelta(days=1), wrong)
            yield Report(wrong.on + self._days(2, 6), replace(wrong, revision=2, void=True))

    def _housing(self) -> Iterator[Report]:
        for span in self._family.housing:
            unsafe = self._fact("ConditionReported", span.first, guarantee="housing")
            known = span.first + self._days(5, 30)
            yield Report(known, unsafe)
            if span.last < LAST:
                solved = replace(unsafe, kind="ConditionResolved", on=span.last, revision=2)
                yield Report(max(known, span.last) + self._days(5, 30), solved)
        if self._random.random() < 0.015:
            wrong = self._fact("ConditionReported", FIRST + self._days(10, 320), guarantee="housing", seen="wrongly")
            yield Report(wrong.on + self._days(1, 10), wrong)
            yield Report(wrong.on + self._days(15, 40), replace(wrong, revision=2, void=True))
