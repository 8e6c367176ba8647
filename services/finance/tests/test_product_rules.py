"""Who may have which loan: met, not met, unknown, each with its clause."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import finance.policy
from finance.products.rules import Applicant, Ask, Eligibility, LoanUse, Product, Reason, State, Verdict, age, assess
from kit.policy import PolicyBook, read_seeds

VALUES = read_seeds(Path(finance.policy.__file__).with_name("seeds.toml"))
LUQUAN, CHENGGONG = "5301/530128/530128104/", "5301/530114/530114001/"
ASK = Ask(
    product=Product.PETTY_LOAN,
    amount=Decimal("50000.00"),
    months=36,
    on=date(2022, 9, 20),
    use=LoanUse.PRODUCTION,
    annual_rate=Decimal("4.30"),
)
FAMILY = Applicant(
    path=LUQUAN,
    groups=frozenset({"lifted"}),
    birth_dates=(date(1980, 1, 2),),
    credit_line=Decimal("50000.00"),
    owed=Decimal(0),
    overdue=False,
    same_product_open=False,
)


def asked(ask: Ask = ASK, applicant: Applicant = FAMILY, *, without: str = "") -> Eligibility:
    return assess(ask, applicant, PolicyBook(value for value in VALUES if value.name != without))


def reason(found: Eligibility, check: str) -> Reason:
    return next(reason for reason in found.reasons if reason.check == check)


def test_a_lifted_household_with_a_credit_line_may_have_a_petty_loan() -> None:
    found = asked()
    assert found.verdict is Verdict.ELIGIBLE
    assert (found.subsidised, found.subsidy_share) == (Decimal("50000.00"), Decimal("1.00"))
    cap = reason(found, "rate")
    assert "4.3%" in cap.zh
    assert [value.name for value in cap.policy] == ["lpr.5", "product.petty_loan.rate.long.spread"]
    assert all(reason.policy for reason in found.reasons if reason.check != "open_loan")


@pytest.mark.parametrize(
    ("check", "ask", "applicant"),
    [
        ("offered", {"product": Product.FUMIN}, {"path": CHENGGONG}),
        ("group", {}, {"groups": frozenset({"general"})}),
        ("amount", {"amount": Decimal("100000.01")}, {"credit_line": Decimal(200_000)}),
        ("months", {"months": 37}, {}),
        ("age", {}, {"birth_dates": (date(2004, 9, 21),)}),
        ("age", {}, {"birth_dates": (date(1956, 9, 20),)}),
        ("use", {"use": LoanUse.WEDDING}, {}),
        ("use", {"use": LoanUse.LENT_ON}, {}),
        ("rate", {"annual_rate": Decimal("4.3001")}, {}),
        ("rate", {"months": 12, "annual_rate": Decimal("3.66")}, {}),
        ("rating", {"amount": Decimal("50000.01")}, {}),
        ("rating", {}, {"owed": Decimal("0.01")}),
        ("overdue", {}, {"overdue": True}),
        ("open_loan", {}, {"same_product_open": True}),
    ],
)
def test_a_condition_that_is_not_met_says_so(check: str, ask: dict[str, object], applicant: dict[str, object]) -> None:
    found = asked(replace(ASK, **ask), replace(FAMILY, **applicant))
    assert found.verdict is Verdict.NOT_ELIGIBLE
    assert [one.check for one in found.reasons if one.state is State.NOT_MET] == [check]


@pytest.mark.parametrize(
    ("check", "name"),
    [
        ("offered", "product.petty_loan.offered"),
        ("group", "product.petty_loan.for.lifted"),
        ("amount", "product.petty_loan.limit"),
        ("months", "product.petty_loan.months"),
        ("age", "product.petty_loan.age.to"),
        ("use", "product.petty_loan.use.production"),
        ("rate", "product.petty_loan.rate.short.months"),
        ("rate", "product.petty_loan.rate.long.lpr"),
        ("rate", "lpr.5"),
        ("rating", "product.petty_loan.rating_required"),
        ("overdue", "product.petty_loan.overdue_allowed"),
    ],
)
def test_no_row_is_unknown_never_eligible(check: str, name: str) -> None:
    found = asked(without=name)
    assert found.verdict is Verdict.UNKNOWN
    assert (reason(found, check).state, reason(found, check).missing) == (State.UNKNOWN, name)


@pytest.mark.parametrize(
    ("check", "applicant", "missing"),
    [("age", {"birth_dates": ()}, "birth_date"), ("rating", {"credit_line": None}, "credit_rating")],
)
def test_a_fact_that_is_not_known_is_unknown(check: str, applicant: dict[str, object], missing: str) -> None:
    found = asked(applicant=replace(FAMILY, **applicant))
    assert (found.verdict, reason(found, check).missing) == (Verdict.UNKNOWN, missing)


def test_the_prime_rate_is_that_of_the_day() -> None:
    assert asked(replace(ASK, on=date(2022, 8, 21), annual_rate=Decimal("4.45"))).verdict is Verdict.ELIGIBLE
    assert asked(replace(ASK, on=date(2022, 8, 22), annual_rate=Decimal("4.45"))).verdict is Verdict.NOT_ELIGIBLE
    assert asked(replace(ASK, on=date(2026, 1, 1))).verdict is Verdict.UNKNOWN


def test_a_monitored_household_that_was_never_poor_may_have_one_until_its_risk_is_gone() -> None:
    monitored = replace(FAMILY, groups=frozenset({"general", "monitored"}))
    assert asked(applicant=monitored).verdict is Verdict.ELIGIBLE


def test_more_than_the_subsidised_part_is_lent_without_subsidy_on_the_rest() -> None:
    found = asked(replace(ASK, amount=Decimal("80000.00")), replace(FAMILY, credit_line=Decimal(100_000)))
    assert (found.verdict, found.subsidised) == (Verdict.ELIGIBLE, Decimal("50000.00"))


@pytest.mark.parametrize("county", ["530113", "530128", "530129"])
def test_fumin_is_offered_in_the_three_key_counties(county: str) -> None:
    ask = replace(ASK, product=Product.FUMIN, amount=Decimal(200_000), months=60)
    found = asked(ask, replace(FAMILY, path=f"5301/{county}/", credit_line=Decimal(200_000)))
    assert reason(found, "offered").state is State.MET
    assert found.verdict is Verdict.UNKNOWN
    assert {one.missing for one in found.reasons if one.missing} == {
        "product.fumin.age.from",
        "product.fumin.rate.short.months",
        "product.fumin.rating_required",
        "product.fumin.overdue_allowed",
    }


def test_start_up_loans_may_cost_more_in_counties_that_were_poor() -> None:
    ask = replace(ASK, product=Product.STARTUP, annual_rate=Decimal("6.15"))
    assert reason(asked(ask), "rate").state is State.MET
    assert reason(asked(ask, replace(FAMILY, path=CHENGGONG)), "rate").state is State.NOT_MET
    assert reason(asked(replace(ask, amount=Decimal(250_000))), "amount").state is State.NOT_MET
    assert reason(asked(replace(ask, amount=Decimal(250_000), on=date(2024, 3, 1))), "amount").state is State.MET


@given(st.dates(date(1940, 1, 1), date(2005, 1, 1)), st.dates(date(2021, 1, 1), date(2025, 12, 31)))
def test_the_age_limits_are_inclusive_to_the_day(born: date, on: date) -> None:
    found = reason(asked(replace(ASK, on=on), replace(FAMILY, birth_dates=(born,))), "age")
    eighteen, sixty_six = (born.replace(year=born.year + years, day=min(born.day, 28)) for years in (18, 66))
    if eighteen.day == born.day:
        assert (found.state is State.MET) == (eighteen <= on < sixty_six)
    assert age(born, on) == sum(
        1 for year in range(born.year + 1, on.year + 1) if (on.year, on.month, on.day) >= (year, born.month, born.day)
    )
