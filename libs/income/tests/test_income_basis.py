"""Which source speaks: every mixture of shares and feeds in one month, and which of several figures is carried."""

from datetime import date
from uuid import UUID

import pytest
from income_household import FATHER, MOTHER, household, job, paid, share, survey, yuan

from income.facts import Figure, Kind, Payment, Share
from income.ledger import Ledger
from income.months import Month
from income.precedence import Basis, cell
from income.windows import projected

OCTOBER = Month(2023, 10)
HALF, ALL = (share(FATHER, "12000"),), (share(FATHER, "24000"),)
BOTH = (share(FATHER, "12000"), share(MOTHER, "12000"))
HIS, HERS, THEIRS = (
    paid(number, who, "2023-10", amount)
    for number, who, amount in ((1, FATHER, "1500"), (2, MOTHER, "300"), (3, None, "2500"))
)


@pytest.mark.parametrize(
    ("shares", "fed", "amount", "basis"),
    [
        ((), [], "2000", Basis.CARRIED),
        ((), [HERS], "2000", Basis.MIXED),
        ((), [HIS, HERS], "2000", Basis.MIXED),
        (HALF, [], "2000", Basis.CARRIED),
        (HALF, [HIS], "2500", Basis.COMBINED),
        (HALF, [HERS], "2000", Basis.MIXED),
        (HALF, [HIS, HERS], "2500", Basis.MIXED),
        (HALF, [THEIRS], "2500", Basis.MIXED),
        (HALF, [HIS, THEIRS], "4000", Basis.MIXED),
        (ALL, [], "2000", Basis.CARRIED),
        (ALL, [HIS], "1500", Basis.FEED),
        (ALL, [HERS], "2300", Basis.COMBINED),
        (ALL, [HIS, HERS], "1800", Basis.FEED),
        (BOTH, [HIS], "2500", Basis.COMBINED),
        (BOTH, [HIS, HERS], "1800", Basis.FEED),
    ],
)
def test_what_a_month_is_and_what_it_rests_on(
    shares: tuple[Share, ...], fed: list[Payment], amount: str, basis: Basis
) -> None:
    """2,000 carried, of which a half, all, or nothing is known to be father's; 1,500 fed for him, 300 for mother."""
    ledger = Ledger.of(household(figures=[survey(shares=shares)], payments=fed))
    known = cell(ledger, Kind.WAGE, OCTOBER)
    assert (known.amount, known.basis) == (yuan(amount), basis)


def test_a_kind_of_which_the_figure_has_nothing_is_carried_as_nothing_or_fed() -> None:
    for shares in ((), HALF):
        none = survey(shares=shares, transfer=yuan("0"))
        silent = cell(Ledger.of(household(figures=[none])), Kind.TRANSFER, OCTOBER)
        grant = paid(1, None, "2023-10", "90", kind=Kind.TRANSFER)
        spoken = cell(Ledger.of(household(figures=[none], payments=[grant])), Kind.TRANSFER, OCTOBER)
        assert (silent.amount, silent.basis) == (yuan("0"), Basis.CARRIED)
        assert (spoken.amount, spoken.basis) == (yuan("90"), Basis.FEED)


def test_without_a_figure_a_month_is_fed_or_unknown() -> None:
    ledger = Ledger.of(household(figures=[], payments=[HIS]))
    assert (cell(ledger, Kind.WAGE, OCTOBER).amount, cell(ledger, Kind.WAGE, OCTOBER).basis) == (1500, Basis.FEED)
    assert cell(ledger, Kind.WAGE, OCTOBER.plus(1)).amount is None
    assert cell(ledger, Kind.WAGE, OCTOBER.plus(1)).basis is Basis.UNKNOWN


def test_what_was_all_lost_is_money_of_two_places_and_no_bare_zero() -> None:
    facts = household(figures=[], payments=[HIS], jobs=[job(50, "2023-10-01", "2023-10-31")])
    ahead = projected(facts, date(2023, 11, 5))
    october = next(c for c in ahead.cells if c.kind is Kind.WAGE and c.month == OCTOBER)
    assert (str(october.amount), october.basis) == ("0.00", Basis.FEED)
    assert (ahead.net, ahead.per_head, ahead.comparison) == (None, None, None)


# Several figures

YEAR, NEXT = survey(), survey("2023-10-01", "2024-09-30", fact_id=UUID(int=101))
QUARTER = survey("2023-07-01", "2023-09-30", fact_id=UUID(int=102), purpose="official_quarter")


@pytest.mark.parametrize(
    ("figures", "month", "speaks"),
    [
        ([YEAR], "2022-09", None),
        ([YEAR], "2022-10", YEAR),
        ([YEAR], "2023-10", YEAR),
        ([YEAR, NEXT], "2023-09", YEAR),
        ([YEAR, NEXT], "2023-10", NEXT),
        ([YEAR, NEXT], "2026-01", NEXT),
        ([QUARTER], "2023-09", QUARTER),
        ([QUARTER], "2023-10", None),
        ([YEAR, QUARTER], "2023-08", YEAR),
        ([YEAR, QUARTER], "2023-10", YEAR),
        ([NEXT, QUARTER], "2023-08", QUARTER),
        ([NEXT, QUARTER], "2023-06", None),
    ],
)
def test_a_months_own_figure_speaks_a_year_before_a_quarter_and_only_years_are_carried(
    figures: list[Figure], month: str, speaks: Figure | None
) -> None:
    for told in (figures, figures[::-1]):
        assert Ledger.of(household(figures=told)).figure_for(Month.parse(month)) == speaks


def test_what_a_person_earned_in_two_jobs_is_one_share_and_the_rest_is_nobodys() -> None:
    figure = survey(shares=(share(FATHER, "9000"), share(FATHER, "5000"), share(MOTHER, "800", Kind.PROPERTY)))
    ledger = Ledger.of(household(figures=[figure]))
    assert ledger.split(figure, Kind.WAGE) == ({FATHER: yuan("14000")}, yuan("10000"))
    assert ledger.split(figure, Kind.PROPERTY) == ({MOTHER: yuan("800")}, yuan("0"))
    assert ledger.split(figure, Kind.TRANSFER) == ({}, yuan("5000"))
    more = survey(fact_id=UUID(int=103), shares=(share(FATHER, "24000.01"),))
    assert ledger.split(more, Kind.WAGE) == ({FATHER: yuan("24000.01")}, yuan("0")), "never below nothing"
    loss = survey(fact_id=UUID(int=104), business=yuan("-500"))
    assert ledger.split(loss, Kind.BUSINESS) == ({}, yuan("-500")), "a figure without shares stays what it is"
