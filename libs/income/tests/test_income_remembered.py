"""Cells that are remembered save time and nothing else: whatever changes, the figures are those of a fresh look."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from income_household import FATHER, MOTHER, household, job, paid, share, survey, yuan

from income.facts import Facts, Kind
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


figures = st.lists(st.sampled_from([FIGURE, replace(FIGURE, revision=2, wage=yuan("30000")), survey()]), max_size=2)
wages = st.lists(st.sampled_from([*WAGES, *(replace(p, revision=2, amount=yuan("9")) for p in WAGES)]), max_size=4)
spells = st.lists(st.sampled_from([RUNS, ENDED, job(51, "2024-01-01")]), max_size=2, unique_by=lambda j: j.fact_id)
facts = st.builds(lambda f, p, j: household(figures=f, payments=p, jobs=j), figures, wages, spells)


@given(st.lists(facts, max_size=6))
def test_in_whatever_order_facts_change_a_memory_changes_nothing(steps: list[Facts]) -> None:
    steps_agree(*steps)
