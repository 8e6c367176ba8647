"""Business income: sales that departments paid out beside the carried figure; a sale belongs to the whole household."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from income.facts import Facts, Figure, Kind, Payment, Share
from income.months import Month
from income.precedence import Basis
from income.windows import Income, official, projected, rolling

FATHER, MOTHER = UUID(int=1), UUID(int=2)
DAY = date(2024, 10, 9)
CARRIED = Decimal("18000.00")


def survey(**given: object) -> Figure:
    figure = Figure(
        fact_id=UUID(int=100), window_from=date(2022, 10, 1), window_to=date(2023, 9, 30), purpose="official_year",
        wage=Decimal("24000.00"), business=CARRIED, property=Decimal("800.00"), transfer=Decimal("5000.00"),
        business_cost=Decimal("6000.00"), persons=4, source="survey",
    )  # fmt: skip
    return replace(figure, **given)  # type: ignore[arg-type]


def sales(first: str, months: int, yuan: str, start: int = 1000) -> list[Payment]:
    return [
        Payment(
            fact_id=UUID(int=start + n), person_id=None, kind=Kind.BUSINESS, month=Month.parse(first).plus(n),
            amount=Decimal(yuan), source="procurement",
        )
        for n in range(months)
    ]  # fmt: skip


def of(*paid: Payment, figures: tuple[Figure, ...] = (survey(),)) -> Facts:
    return Facts(persons=4, figures=figures, payments=paid)


def bases(income: Income, kind: Kind) -> set[Basis]:
    return {cell.basis for cell in income.cells if cell.kind is kind}


def test_small_sales_never_lower_the_household_and_large_ones_count() -> None:
    """Nobody can say whether the figure holds the sale: the larger of both, month by month, marked mixed."""
    small, large = (rolling(of(*sales("2023-10", 12, yuan)), DAY) for yuan in ("400.00", "2500.00"))
    assert small.by_kind[Kind.BUSINESS] == CARRIED
    assert large.by_kind[Kind.BUSINESS] == 12 * 2500
    for income in (small, large):
        assert bases(income, Kind.BUSINESS) == {Basis.MIXED}
        assert bases(income, Kind.WAGE) == {Basis.CARRIED}, "a feed of sales says nothing of wages"
    assert small.per_head == Decimal("10450.00")
    assert large.per_head == Decimal("13450.00")
    assert large.sources == {"survey": date(2023, 9, 30), "procurement": date(2024, 9, 30)}


def test_a_single_month_of_sales_counts_in_its_month_and_the_others_are_carried() -> None:
    income = rolling(of(*sales("2024-05", 1, "9000.00")), DAY)
    assert income.by_kind[Kind.BUSINESS] == 11 * 1500 + 9000
    assert bases(income, Kind.BUSINESS) == {Basis.MIXED, Basis.CARRIED}


def test_several_buyers_in_one_month_add_up_before_they_are_compared() -> None:
    paid = [*sales("2024-05", 1, "900.00"), *sales("2024-05", 1, "700.00", start=2000)]
    assert rolling(of(*paid), DAY).by_kind[Kind.BUSINESS] == 11 * 1500 + 1600


def test_a_refund_is_a_revision_and_a_sale_taken_back_is_none() -> None:
    [sale] = sales("2024-05", 1, "9000.00")
    refunded = replace(sale, revision=2, amount=Decimal("2000.00"))
    assert rolling(of(sale, refunded), DAY).by_kind[Kind.BUSINESS] == 11 * 1500 + 2000
    void = replace(refunded, revision=3, void=True)
    assert rolling(of(void, refunded, sale), DAY).by_kind[Kind.BUSINESS] == CARRIED


def test_sales_without_any_figure_are_a_feed_and_the_other_months_unknown() -> None:
    income = rolling(of(*sales("2024-05", 1, "9000.00"), figures=()), DAY)
    assert income.by_kind[Kind.BUSINESS] is None
    assert (Kind.BUSINESS, Month(2024, 6)) in income.unknown
    whole = rolling(of(*sales("2023-10", 12, "100.00"), figures=()), DAY)
    assert whole.by_kind[Kind.BUSINESS] == 1200
    assert whole.per_head is None, "wages of nobody were ever told"


def test_what_the_figure_says_of_persons_is_not_added_to_what_the_household_sold() -> None:
    """The mother's stall may be the very sale the canteen paid for: it is compared with it, never put on top."""
    shares = (Share(person_id=MOTHER, kind=Kind.BUSINESS, amount=CARRIED),)
    split = survey(shares=shares)
    assert rolling(of(*sales("2023-10", 12, "400.00"), figures=(split,)), DAY).by_kind[Kind.BUSINESS] == CARRIED
    assert rolling(of(*sales("2023-10", 12, "2500.00"), figures=(split,)), DAY).by_kind[Kind.BUSINESS] == 12 * 2500
    wages = [
        replace(sale, person_id=FATHER, kind=Kind.WAGE, source="employment", fact_id=UUID(int=5000 + n))
        for n, sale in enumerate(sales("2023-10", 12, "100.00"))
    ]
    assert rolling(of(*wages, figures=(split,)), DAY).by_kind[Kind.BUSINESS] == CARRIED


def test_the_official_year_takes_a_late_sale_and_a_projection_keeps_it() -> None:
    paid = sales("2023-08", 1, "9000.00")
    assert official(of(*paid), 2023).by_kind[Kind.BUSINESS] == 11 * 1500 + 9000
    assert projected(of(*paid), date(2023, 12, 5)) == rolling(of(*paid), date(2023, 12, 5))


amounts = st.decimals(0, 9999, places=2)


@given(st.lists(amounts, max_size=12), st.booleans())
def test_business_income_is_never_below_the_figure_nor_below_what_was_sold(
    paid: list[Decimal], by_person: bool
) -> None:
    shares = (Share(person_id=MOTHER, kind=Kind.BUSINESS, amount=Decimal("7000.00")),) if by_person else ()
    facts = of(
        *(replace(sale, amount=amount) for sale, amount in zip(sales("2023-10", 12, "0.00"), paid, strict=False)),
        figures=(survey(shares=shares),),
    )
    business = rolling(facts, DAY).by_kind[Kind.BUSINESS]
    assert business is not None
    assert max(CARRIED, sum(paid, Decimal(0))) <= business <= CARRIED + sum(paid, Decimal(0))
