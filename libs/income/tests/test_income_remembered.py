"""Cells that are remembered save time and nothing else: whatever changes, the figures are those of a fresh look."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from income_household import FATHER, MOTHER, claim, household, job, paid, share, survey, yuan
from msgspec.structs import replace

from income.facts import Facts, Kind
from income.months import Month, Window
from income.remembered import Cells
from income.windows import rolling_and_projected

DAY = date(2024, 2, 15)
FIGURE = survey(shares=(share(FATHER, "14400"), share(MOTHER, "9600")))
WAGES = [paid(n, FATHER, f"2023-{month}", "1500") for n, month in enumerate((10, 11))]
RUNS, ENDED = job(50, "2023-10-01"), job(50, "2023-10-01", "2023-11-30")


def steps_agree(*steps: Facts) -> list[int]:
    """The projected and published wage after each step, by a memory of all before; checked against none."""
    known, wages = Cells(), []
    for facts in steps:
        figures = rolling_and_projected(facts, DAY, known)
        assert figures == rolling_and_projected(facts, DAY)
        wages += [int(income.by_kind[Kind.WAGE] or 0) for income in figures]
    return wages


def test_a_payment_that_comes_is_corrected_or_taken_back_is_seen() -> None:
    corrected = replace(WAGES[1], revision=2, amount=yuan("1700"))
    steps = [
        household(figures=[FIGURE], payments=paying)
        for paying in ([], WAGES, [*WAGES, corrected], [*WAGES, replace(corrected, revision=3, void=True)])
    ]
    assert steps_agree(*steps)[::2] == [24000, 24600, 24800, 24300]


def test_a_figure_that_is_corrected_is_seen_though_no_job_changed() -> None:
    corrected = replace(FIGURE, revision=2, shares=(share(FATHER, "12000"), share(MOTHER, "12000")))
    steps = [household(figures=[figure], payments=WAGES, jobs=[RUNS]) for figure in (FIGURE, corrected)]
    assert steps_agree(*steps)[::2] == [24600, 25000]


def test_a_job_that_ends_is_seen_though_nothing_else_changed() -> None:
    """From December on he is known to earn nothing: two months of 1,200 less; projected, nothing of him is left."""
    steps = [household(figures=[FIGURE], payments=WAGES, jobs=[spell]) for spell in (RUNS, ENDED, RUNS)]
    assert steps_agree(*steps) == [24600, 24600, 22200, 9600, 24600, 24600]


def test_what_is_projected_follows_what_was_lost() -> None:
    """The mean of the lost job moves with what it paid in a month that the projection reads nowhere else."""
    unsplit = survey()
    paying = [[*WAGES, paid(9, FATHER, "2022-12", amount, job_id=ENDED.fact_id)] for amount in ("300", "600")]
    steps = [household(figures=[unsplit], payments=p, jobs=[ENDED]) for p in paying]
    assert steps_agree(*steps)[1::2] == [12 * 900, 12 * 800]


def test_what_is_projected_sees_what_another_earner_is_paid() -> None:
    """What he lost stays the same, and in a month that she is paid for the projection has another amount."""
    paying = [[*WAGES, paid(8, MOTHER, "2023-11", amount)] for amount in ("3000", "5000")]
    steps = [household(figures=[FIGURE], payments=p, jobs=[ENDED]) for p in paying]
    fewer, more = steps_agree(*steps)[1::2]
    assert more - fewer == 2000


def test_a_job_and_a_sale_that_come_together_are_both_seen() -> None:
    """A changed job concerns wages alone, and what was paid for pigs at the same time concerns the pigs."""
    sold = [paid(7, None, "2023-11", amount, kind=Kind.BUSINESS, source="procurement") for amount in ("900", "4000")]
    known, earned = Cells(), []
    for spell, sale in zip((RUNS, ENDED), sold, strict=True):
        facts = household(figures=[FIGURE], payments=[*WAGES, sale], jobs=[spell])
        published, projected = figures = rolling_and_projected(facts, DAY, known)
        assert figures == rolling_and_projected(facts, DAY)
        earned.append((published.by_kind[Kind.BUSINESS], projected.by_kind[Kind.WAGE]))
    assert earned[0][0] != earned[1][0]
    assert earned[0][1] != earned[1][1]


def test_a_claim_that_comes_and_is_corrected_is_seen() -> None:
    """The comparison figure of four: 400 a head more, then 600."""
    first = claim(6, "2023-02-01", "2024-01-31", "1600")
    known, compared = Cells(), []
    for claims in ([], [first], [replace(first, revision=2, amount=yuan("2400"))], []):
        facts = household(figures=[FIGURE], adjustments=claims)
        figures = rolling_and_projected(facts, DAY, known)
        assert figures == rolling_and_projected(facts, DAY)
        compared.append(int(figures[0].comparison or 0))
    base = compared[0]
    assert compared == [base, base + 400, base + 600, base]


def test_a_month_on_the_window_has_the_cells_of_its_own_months() -> None:
    """Every month another wage, so that a cell in the wrong place shows; also a window back, and one far on."""
    paying = [paid(n, FATHER, f"2023-{n:02d}", f"{1000 + 10 * n}") for n in range(1, 13)]
    facts = household(figures=[FIGURE], payments=paying)
    known, fresh = Cells(), Cells()
    known.ledger(facts)
    fresh.ledger(facts)
    for first in ("2023-01", "2023-02", "2023-03", "2023-02", "2023-09"):
        month = Month.parse(first)
        window = Window(month, month.plus(5))
        run = known.run(Kind.WAGE, window)
        assert run.window == window
        assert run.cells == tuple(fresh.cell(Kind.WAGE, m) for m in window.each())
        assert run.total == sum(cell.amount for cell in run.cells if cell.amount is not None)
        assert known.run(Kind.WAGE, window) is run


def test_as_days_go_by_a_memory_changes_nothing() -> None:
    facts = household(
        figures=[FIGURE], payments=WAGES, jobs=[ENDED], adjustments=[claim(6, "2023-02-01", "2024-01-31", "1600")]
    )
    known, wages = Cells(), set()
    for day in (DAY, date(2024, 3, 15), date(2024, 4, 15), date(2024, 8, 1), date(2024, 7, 1)):
        figures = rolling_and_projected(facts, day, known)
        assert figures == rolling_and_projected(facts, day)
        wages.add(figures[0].by_kind[Kind.WAGE])
    assert len(wages) > 1


figures = st.lists(st.sampled_from([FIGURE, replace(FIGURE, revision=2, wage=yuan("30000")), survey()]), max_size=2)
wages = st.lists(st.sampled_from([*WAGES, *(replace(p, revision=2, amount=yuan("9")) for p in WAGES)]), max_size=4)
spells = st.lists(st.sampled_from([RUNS, ENDED, job(51, "2024-01-01")]), max_size=2, unique_by=lambda j: j.fact_id)
facts = st.builds(lambda f, p, j: household(figures=f, payments=p, jobs=j), figures, wages, spells)


@given(st.lists(facts, max_size=6))
def test_in_whatever_order_facts_change_a_memory_changes_nothing(steps: list[Facts]) -> None:
    steps_agree(*steps)
