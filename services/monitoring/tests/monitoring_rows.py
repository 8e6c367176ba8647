"""One row per rule: what raises it, what clears it, what takes it back, what the silence of a source does to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from monitoring_facts import (
    EARNER,
    SPOUSE,
    TODAY,
    fact,
    family,
    helped,
    id_of,
    jobless,
    joined,
    listed,
    measured,
    registered,
    struck,
    surveyed,
)
from msgspec.structs import replace

from monitoring.risk.rules import Fact, Level

Facts = tuple[Fact, ...]


@dataclass(frozen=True)
class Later:
    """What clears a rule: facts that arrive on a day, none where time alone does; then its dwell passes."""

    on: date
    facts: Facts = ()


@dataclass(frozen=True)
class NotApplicable:
    """Why a column does not apply; `test_rule_table` checks what it says."""

    why: str


NO_RHYTHM = NotApplicable("what this rule hears comes when it happens, so no silence makes it old")
ONLY_MARKS = NotApplicable("it marks the status and gives neither level nor alert")


@dataclass(frozen=True)
class Row:
    """One rule.

    Attributes:
        base: what is known before.
        raises: level → facts that raise it to that level, each story on its own.
        clears: after the last story of `raises`.
        retracts: next revisions or late facts that prove the last story of `raises` wrong.
        silent: the source whose silence leaves the rule with old figures.
    """

    base: Facts
    raises: tuple[tuple[Level, Facts], ...] | NotApplicable
    clears: Later
    retracts: Facts | NotApplicable
    silent: str | NotApplicable


def voided(item: Fact) -> Fact:
    return replace(item, revision=item.revision + 1, void=True)


def corrected(item: Fact, **changes: object) -> Fact:
    return replace(item, revision=item.revision + 1, **changes)  # type: ignore[arg-type]


def job(on: date = date(2023, 1, 5), name: str = "first", person: object = EARNER) -> Fact:
    return fact("EmploymentStarted", on, name=name, person=person, channel="migrant", monthly_wage="4000.00")  # type: ignore[arg-type]


def ended(spell: Fact, on: date) -> Fact:
    return fact("EmploymentEnded", on, name=spell.id, person=EARNER, spell_id=str(spell.id), reason="laid_off")


def paid(month: date) -> Fact:
    return fact("WagePaid", month, person=EARNER, amount="4000", spell_id=str(job().id))


def unsolved(guarantee: str) -> Fact:
    return fact("ConditionReported", date(2023, 10, 1), guarantee=guarantee)


def solved(item: Fact, on: date) -> Fact:
    return replace(item, kind="ConditionResolved", on=on, revision=2)


def guarantee_row(name: str, level: Level) -> Row:
    report = unsolved(name)
    return Row(SETTLED, ((level, (report,)),), Later(SOON, (solved(report, SOON),)), (voided(report),), NO_RHYTHM)


def expense(kind: str) -> Fact:
    return fact("ExpenseReported", date(2023, 9, 30), kind=kind, amount="50000")


def late(days: int) -> Fact:
    return fact("LoanOverdue", TODAY - timedelta(days=days), person=EARNER, amount="3000", loan_number="x")


def planned(*, paid_on: date | None = None, revision: int = 1) -> Fact:
    parts = [] if paid_on is None else [{"on": paid_on.isoformat(), "amount": "9000.00"}]
    line = {"number": 1, "due_on": (TODAY + timedelta(days=25)).isoformat(), "amount": "9000.00", "paid": parts}
    lent = date(2022, 9, 20)
    return fact("LoanScheduled", lent, person=EARNER, product="petty_loan", instalments=[line], revision=revision)


def sold(amount: str, on: date, buyer: str) -> Fact:
    return fact("HouseholdSalePaid", on, name=buyer, amount=amount, buyer_id=str(id_of(buyer)))


SOON: Final = TODAY + timedelta(days=5)
HOME: Final = (*family(), helped())
SETTLED: Final = (*HOME, surveyed(wage="60000"))
POOR: Final = surveyed(wage="9000")
RICHER: Final = surveyed(wage="60000", first=date(2022, 11, 1), last=date(2023, 10, 31))
"""another year, in the window from November on"""
NOVEMBER: Final = date(2023, 11, 1)
EARLIER_YEAR: Final = surveyed(first=date(2021, 10, 1), last=date(2022, 9, 30))
GIVEN: Final = surveyed(wage="1000", business="7000", transfer="20000")
MONTHS: Final = tuple(date(2023, month, 1) for month in range(1, 10))
EARNING: Final = (*HOME, surveyed(wage="36000", cost="0"), job(), *(paid(month) for month in MONTHS))
LOST: Final = ended(job(), TODAY)
MISSED: Final = tuple(
    fact("WageMissed", date(2023, month, 1), person=EARNER, spell_id=str(job().id)) for month in (8, 9)
)
FLOOD: Final = struck(TODAY, disaster="flood", means_lost=True, loss="42000.00")
CRASH: Final = struck(TODAY, kind="accident", means_lost=True)
CANCELLED: Final = fact("OrderCancelled", date(2023, 10, 2), amount="9000", order_id="x")
BOUGHT: Final = sold("200000", date(2023, 5, 20), "canteen")
IDLE: Final = jobless(TODAY)
LISTED: Final = listed(TODAY - timedelta(days=30), "illness", "water")
LONG_LISTED: Final = listed(date(2023, 4, 15), "labour_shortage")
ABLE: Final = joined(EARNER, revision=2, labour_skill="ordinary", in_school=False)
HEALTH: Final = measured("health", date(2023, 5, 1), "illness", "labour_shortage")
WATER: Final = measured("water", SOON, "water")
MEDICAL: Final = expense("medical")
SCHOOLING: Final = expense("schooling")
HEAVY: Final = planned()

TABLE: Final[Mapping[str, Row]] = {
    "income.below_line": Row(
        HOME,
        ((Level.RED, (POOR, unsolved("housing"))), (Level.ORANGE, (POOR,))),
        Later(NOVEMBER, (RICHER,)),
        (corrected(surveyed(wage="60000")),),
        "survey",
    ),
    "income.below_one_to_one": Row(
        tuple(family()), ((Level.YELLOW, (surveyed(),)),), Later(SOON, (helped(SOON),)), (helped(),), "survey"
    ),
    "income.drop": Row(
        EARNING,
        ((Level.YELLOW, (LOST,)),),
        Later(SOON, (job(SOON, "second"),)),
        (voided(LOST),),
        "survey",
    ),
    "income.transfer_dependent": Row(
        (*HOME, EARLIER_YEAR),
        ((Level.YELLOW, (GIVEN,)),),
        Later(NOVEMBER, (RICHER,)),
        (corrected(surveyed(wage="60000")),),
        "survey",
    ),
    "work.job_lost": Row(
        (*SETTLED, job()),
        ((Level.ORANGE, (ended(job(), TODAY - timedelta(days=30)),)), (Level.YELLOW, (LOST,))),
        Later(SOON, (job(SOON, "second"),)),
        (voided(LOST),),
        NO_RHYTHM,
    ),
    "work.wage_missing": Row(
        (*SETTLED, job()),
        ((Level.YELLOW, MISSED),),
        Later(date(2024, 9, 1)),
        (fact("WagePaid", date(2023, 9, 1), person=EARNER, amount="3000"),),
        "wages",
    ),
    "work.zero_employment": Row(
        SETTLED,
        ((Level.ORANGE, (IDLE,)),),
        Later(SOON, (jobless(TODAY, cleared_on=SOON),)),
        (voided(IDLE),),
        NO_RHYTHM,
    ),
    "expense.medical": Row(
        SETTLED,
        (
            (Level.ORANGE, (replace(registered(household_type="general"), revision=2), MEDICAL)),
            (Level.ORANGE, (MEDICAL,)),
        ),
        Later(date(2024, 10, 1)),
        (corrected(MEDICAL, amount=MEDICAL.amount and MEDICAL.amount / 100),),
        NO_RHYTHM,
    ),
    "expense.schooling": Row(
        SETTLED, ((Level.ORANGE, (SCHOOLING,)),), Later(date(2024, 10, 1)), (voided(SCHOOLING),), NO_RHYTHM
    ),
    "shock.disaster": Row(
        SETTLED,
        ((Level.ORANGE, (struck(TODAY, disaster="drought"),)), (Level.RED, (FLOOD,))),
        Later(SOON, (struck(TODAY, disaster="flood", means_lost=True, resolved_on=SOON.isoformat()),)),
        (voided(FLOOD),),
        NO_RHYTHM,
    ),
    "shock.accident": Row(
        SETTLED,
        ((Level.ORANGE, (struck(TODAY, kind="accident"),)), (Level.RED, (CRASH,))),
        Later(SOON, (struck(TODAY, kind="accident", means_lost=True, resolved_on=SOON.isoformat()),)),
        (voided(CRASH),),
        NO_RHYTHM,
    ),
    "guarantee.housing": guarantee_row("housing", Level.ORANGE),
    "guarantee.water": guarantee_row("water", Level.ORANGE),
    "guarantee.schooling": guarantee_row("schooling", Level.RED),
    "guarantee.insurance": guarantee_row("insurance", Level.YELLOW),
    "debt.overdue": Row(
        SETTLED,
        ((Level.YELLOW, (late(1),)), (Level.ORANGE, (late(30),)), (Level.RED, (late(90),))),
        Later(SOON, (fact("LoanCured", SOON, person=EARNER, overdue_fact_id=str(late(90).id)),)),
        (voided(late(90)),),
        NO_RHYTHM,
    ),
    "debt.due_soon": Row(
        (*HOME, surveyed()),
        ((Level.YELLOW, (HEAVY,)),),
        Later(SOON, (planned(paid_on=SOON, revision=2),)),
        (voided(HEAVY),),
        "survey",
    ),
    "market.order_lost": Row(
        SETTLED, ((Level.YELLOW, (CANCELLED,)),), Later(date(2024, 11, 1)), (voided(CANCELLED),), "survey"
    ),
    "market.one_buyer": Row(
        SETTLED, ((Level.YELLOW, (BOUGHT,)),), Later(date(2024, 6, 1)), (voided(BOUGHT),), "survey"
    ),
    "support.no_measure": Row(
        SETTLED,
        ((Level.YELLOW, (LISTED,)),),
        Later(SOON, (measured("health", SOON, "illness"),)),
        (measured("health", TODAY - timedelta(days=3), "illness"),),
        NO_RHYTHM,
    ),
    "support.no_development": Row(
        (*SETTLED, ABLE, HEALTH),
        ((Level.YELLOW, (LONG_LISTED,)),),
        Later(SOON, (measured("industry", SOON, "labour_shortage"),)),
        (measured("industry", date(2023, 6, 1), "labour_shortage"),),
        NO_RHYTHM,
    ),
    "support.mismatch": Row(
        (*SETTLED, measured("health", date(2023, 10, 1), "illness")),
        ((Level.YELLOW, (LISTED,)),),
        Later(SOON, (WATER,)),
        (measured("water", date(2023, 10, 2), "water"),),
        NO_RHYTHM,
    ),
    "data.stale": Row(
        (*SETTLED, job(), paid(date(2023, 3, 1))),
        ONLY_MARKS,
        Later(SOON, (paid(date(2023, 9, 1)),)),
        ONLY_MARKS,
        "wages",
    ),
}
"""A second earner without news makes wages fall silent beside the rule."""
SILENT_EARNER: Final = job(date(2023, 9, 1), "spouse", SPOUSE)
