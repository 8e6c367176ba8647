"""Counting by differences is counting from scratch; values, growth, points and periods."""

import dataclasses
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitoring_facts import (
    EARNER,
    OTHER,
    PATH,
    SPOUSE,
    TODAY,
    fact,
    helped,
    id_of,
    joined,
    registered,
    seeds,
    struck,
    world,
)
from monitoring_facts import surveyed as income
from msgspec.structs import replace

from kit.policy import Confidence, PolicyBook, PolicyValue
from monitoring.alerts.rules import Verdict
from monitoring.cases.rules import Case, State
from monitoring.indicators.rules import (
    AREA,
    ASSESSED,
    ASSESSEES,
    CATALOGUE,
    TEAM_FILLED,
    Assessee,
    Changes,
    Counted,
    Measure,
    Period,
    Sums,
    Value,
    assessed,
    month_of,
    month_period,
    months,
    period_of,
    ranked,
    value_of,
    year_before,
)
from monitoring.indicators.rules.refusals import PeriodUnknown
from monitoring.policy.names import NAMES
from monitoring.profile.rules import Cause, Household, Status, assess
from monitoring.risk.rules import Fact

HOMES = (id_of("first"), OTHER)
VILLAGES = (PATH, "5301/530128/530128104/530128104202/", "5301/530113/530113102/530113102201/")


@st.composite
def _arrives(draw: st.DrawFn) -> Fact:
    home = draw(st.sampled_from(HOMES))
    on = TODAY + timedelta(days=draw(st.integers(0, 400)))
    match draw(st.integers(0, 6)):
        case 0:
            told = registered(household=home, household_type=draw(st.sampled_from(["lifted", "general"])))
            category = draw(st.sampled_from([None, "unstable", "sudden"]))
            data = {**told.data, "path": draw(st.sampled_from(VILLAGES)), "category": category}
            item = replace(told, data=data, revision=draw(st.integers(2, 9)))
        case 1:
            wage = draw(st.sampled_from(["500", "24000", "90000"]))
            item = income(wage=wage, household=home, revision=draw(st.integers(1, 9)))
        case 2:
            item = fact(
                "EmploymentStarted",
                on,
                name=home,
                person=EARNER,
                household=home,
                channel="migrant",
                monthly_wage="2000",
            )
        case 3:
            item = struck(
                on, disaster="flood", household=home, void=draw(st.booleans()), revision=draw(st.integers(1, 5))
            )
        case 4:
            into = HOMES[1 - HOMES.index(home)]
            kind, other = draw(st.sampled_from([("HouseholdMerged", "into_id"), ("HouseholdUnmerged", "from_id")]))
            merged = fact(kind, date.min, household=home, revision=draw(st.integers(1, 9)), **{other: str(into)})
            item = replace(merged, id=id_of("merge", home))
        case 5:
            item = replace(helped(on), household_id=home, id=id_of("helper", home))
        case _:
            item = joined(draw(st.sampled_from([EARNER, SPOUSE])), on, household=home, revision=draw(st.integers(1, 9)))
    return item


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(_arrives(), st.integers(0, 40)), max_size=12))
def test_differences_add_up_to_what_counting_from_scratch_gives(story: list[tuple[Fact, int]]) -> None:
    """Facts arrive in any order, days pass, households move and merge: the sums are those of the households."""
    book, changes, on, number = seeds(), Changes(), TODAY, 1
    known: dict[UUID, Fact] = {}
    status = {home: Status(home) for home in HOMES}
    ends: dict[date, dict[UUID, Status]] = {}

    def look(home: UUID, kind: str | None) -> None:
        before = status[home]
        cause = Cause(id_of("cause", number), kind)
        status[home], _ = assess(before, Household(home, known.values()), world(on, number, book), cause)
        changes.move(home, before.counted, status[home].counted, on)

    for item, days in story:
        before = known.get(item.id)
        if before is None or before.revision < item.revision:
            known[item.id] = item
            number += 1
            for each in HOMES:
                look(each, item.kind)
        for _ in range(days):
            ends[month_of(on)] = dict(status)
            on, number = on + timedelta(days=1), number + 1
            for each in HOMES:
                look(each, None)
    ends[month_of(on)] = dict(status)

    running: defaultdict[str, Counter[str]] = defaultdict(Counter)
    told = sorted(changes, key=lambda change: change.month)
    for month in sorted(ends):
        for change in (item for item in told if item.month == month):
            running[change.path].update(change.values)
        scratch: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for home in HOMES:
            counted = ends[month][home].counted
            scratch[counted.path].update(counted.values)
        kept = {path: {p: v for p, v in sums.items() if v} for path, sums in running.items()}
        fresh = {path: {p: v for p, v in sums.items() if v} for path, sums in scratch.items()}
        assert {path: sums for path, sums in kept.items() if sums} == {
            path: sums for path, sums in fresh.items() if sums
        }
    for month, home in product(ends, HOMES):
        assert ended(changes, status[home].counted, home, month) == ends[month][home].counted


def ended(changes: Changes, now: Counted, home: UUID, month: date) -> Counted:
    """What a household counted for at the end of a month: as the first row from then on says, else as now."""
    rows = [item for item in changes.ends if item.household_id == home and item.month >= month]
    first = {item.path: item for item in sorted(rows, key=lambda item: item.month, reverse=True)}
    there = [Counted(item.path, item.values) for item in first.values() if item.values]
    if now.path and now.path not in first:
        there.append(now)
    assert len(there) <= 1, "nobody stands at two places"
    return there[0] if there else Counted()


def sums(**parts: object) -> Sums:
    given_ = {name.replace("__", "."): Decimal(str(value)) for name, value in parts.items()}
    return Sums({"households": Decimal(9), **given_}, given_)


def value(name: str, now: Sums, earlier: Sums | None = None) -> Value:
    return value_of(CATALOGUE[name], now, earlier or Sums())


def test_values_say_what_is_not_known() -> None:
    now = sums(income__net="99000", income__persons=9, income__transfer="10", income__gross="30")
    then = sums(income__net="90000", income__persons=9)
    per_head = value("income.per_head", now, then)
    assert (per_head.value, per_head.before, per_head.growth) == (Decimal("11000"), Decimal("10000"), Decimal("10"))
    assert value("income.growth", now, then).value == Decimal("10")
    assert value("income.growth", now).value is None
    assert value("income.transfer_share", now).value == Decimal("33.33")
    # No line was known for anybody: that is not "nobody is below it".
    assert value("line.monitoring", now).value is None
    assert value("line.monitoring", sums(line__monitoring__judged=3)).value == 0
    assert value("line.monitoring", sums(line__monitoring__judged=3, line__monitoring__below=2)).value == 2
    assert value("alerts.open", now).value == 0
    assert value("alerts.open", now).before is None
    assert value("alerts.open", Sums()) == Value(CATALOGUE["alerts.open"])
    both = Sums({"households": Decimal(9), "alerts.open": Decimal(5)}, {"alerts.open": Decimal(2)})
    assert value("alerts.open", both).value == 5, "how many are open, not how many came"


def test_a_household_that_stays_adds_only_the_difference() -> None:
    changes = Changes()
    before = {"households": Decimal(1), "income": Decimal(9000), "members": Decimal(4)}
    after = {"households": Decimal(1), "income": Decimal(9600), "loans": Decimal(1)}
    changes.move(id_of("home"), Counted(PATH, before), Counted(PATH, after), TODAY)
    [change] = changes
    assert dict(change.values) == {"income": Decimal(600), "members": Decimal(-4), "loans": Decimal(1)}


def test_verdicts_and_decided_cases_count_in_their_month() -> None:
    changes = Changes()
    for verdict in (Verdict.CONFIRMED, Verdict.HELPED, Verdict.HELPED, Verdict.UNFOUNDED, Verdict.DUPLICATE):
        changes.judged(verdict, PATH, TODAY)
    clue = Case(id=id_of("case"), state=State.COUNTY, opened_on=TODAY, due_on=TODAY + timedelta(days=15))
    changes.case(None, clue, PATH, TODAY)
    late = dataclasses.replace(clue, state=State.LISTED, decided_on=TODAY + timedelta(days=20))
    changes.case(clue, late, PATH, TODAY + timedelta(days=20))
    october, november = list(changes)
    assert dict(october.values) == {"cases.county": 1, "verdicts.given": 5, "verdicts.judged": 4, "verdicts.right": 3}
    assert dict(november.values) == {
        "cases.county": -1, "cases.days": 20, "cases.decided": 1, "cases.listed": 1, "cases.timed": 1,
    }  # fmt: skip
    now = Sums({"households": Decimal(1)}, {**october.values, **november.values})
    assert value("verdicts.precision", now).value == Decimal("75")
    assert value("cases.days", now).value == Decimal("20")
    assert value("cases.in_time", now).value == 0


def published(name: str, number: object, path: str = "5301/") -> PolicyValue:
    return PolicyValue(
        id=id_of(name, path), name=name, path=path, valid_from=date(2023, 1, 1), valid_to=None,
        value=Decimal(str(number)), document="考核办法", clause="一", confidence=Confidence.OFFICIAL,
    )  # fmt: skip


def scale(
    name: str, weight: int, none: object, full: object, path: str = "5301/", *, of: Assessee = AREA
) -> list[PolicyValue]:
    told = {"weight": weight, "none": none, "full": full}
    return [published(f"{of.prefix}.{kind}.{name}", number, path) for kind, number in told.items()]


TOWNSHIP = "5301/530128/530128104/"


def test_points_follow_published_scales_and_nothing_is_guessed() -> None:
    values = {name: Value(CATALOGUE[name], Decimal(50)) for name in ASSESSED}
    empty = assessed(values, PolicyBook(()), TOWNSHIP, TODAY)
    assert (empty.parts, empty.score, empty.out_of) == ((), None, 0)
    scales = [*scale("help.helper", 60, 0, 100), *scale("alerts.overdue_share", 40, 100, 0)]
    done = assessed(values, PolicyBook(scales), TOWNSHIP, TODAY)
    assert (done.score, done.out_of) == (Decimal("50.00"), 100)
    # Differentiated: what is published for the township goes before what is for the city.
    near = [*scales, *scale("help.helper", 60, 0, 50, TOWNSHIP)]
    assert assessed(values, PolicyBook(near), TOWNSHIP, TODAY).score == Decimal("80.00")
    assert assessed(values, PolicyBook(near), VILLAGES[2], TODAY).score == Decimal("50.00")
    unknown = {**values, "help.helper": Value(CATALOGUE["help.helper"])}
    half = assessed(unknown, PolicyBook(scales), TOWNSHIP, TODAY)
    assert (half.score, half.points) == (None, Decimal("20.00"))
    boundless = assessed(values, PolicyBook([published("assessment.weight.help.helper", 60)]), TOWNSHIP, TODAY)
    assert (boundless.score, boundless.parts[0].points) == (None, None)
    for bound in (scales[1], scales[2]):
        [part] = assessed(values, PolicyBook([scales[0], bound]), TOWNSHIP, TODAY).parts
        assert part.points is None, "one bound makes no line"
    assert ranked([Decimal(3), None, Decimal(5), Decimal(5)]) == [3, None, 1, 1]


@given(st.decimals(-100, 200, places=2), st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_points_stay_within_the_weight(number: Decimal, none: Decimal, full: Decimal) -> None:
    book = PolicyBook(scale("help.helper", 60, none, full))
    values = {name: Value(CATALOGUE[name], number) for name in ASSESSED}
    [part] = assessed(values, book, TOWNSHIP, TODAY).parts
    assert (part.points is None) == (none == full)
    assert part.points is None or 0 <= part.points <= 60


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("2023", 1, 12), ("2023-H2", 7, 12), ("2023-Q1", 1, 3), ("2023-Q4", 10, 12), ("2023-02", 2, 2)],
)
def test_periods(name: str, first: int, last: int) -> None:
    period = period_of(name)
    assert (period.first, period.last) == (date(2023, first, 1), date(2023, last, 1))
    assert year_before(period) == Period("", date(2022, first, 1), date(2022, last, 1))
    assert period.ends_on + timedelta(days=1) == date(2023 + last // 12, last % 12 + 1, 1)


@pytest.mark.parametrize(
    "name", ["", "2023-Q5", "2023-H0", "2023-13", "2023-X1", "Q1", "2023-Q", "0001", "9999", "2023-Q-1"]
)
def test_no_periods(name: str) -> None:
    with pytest.raises(PeriodUnknown):
        period_of(name)


def test_the_catalogue_is_whole() -> None:
    """Parts are what something counts, growth grows an indicator, weights and scales can be drafted."""
    assert len({item.zh for item in CATALOGUE.values()}) == len(CATALOGUE)
    for item in CATALOGUE.values():
        assert item.definition_zh
        assert item.definition_en
        assert item.measure is not Measure.GROWTH or item.part in CATALOGUE
        assert item.measure not in (Measure.PERCENT, Measure.YUAN, Measure.DAYS) or item.of
    for who in ASSESSEES:
        assert {name for kind in ("weight", "full", "none") for name in who.names(kind)} <= set(NAMES)
        assert set(who.indicators) <= {*CATALOGUE, TEAM_FILLED.id}


@pytest.mark.parametrize("of", ASSESSEES)
def test_each_kind_is_assessed_by_weights_of_its_own(of: Assessee) -> None:
    values = {name: Value(CATALOGUE.get(name, TEAM_FILLED), Decimal(50)) for name in of.indicators}
    book = PolicyBook(entry for who in ASSESSEES for entry in scale("help.matched", 60, 0, 100, of=who) if who is of)
    assert assessed(values, book, TOWNSHIP, TODAY, of).score == Decimal("30.00")
    for other in ASSESSEES:
        if other is not of:
            foreign = {name: Value(CATALOGUE.get(name, TEAM_FILLED), Decimal(50)) for name in other.indicators}
            assert assessed(foreign, book, TOWNSHIP, TODAY, other).parts == ()


def test_halves_are_rounded_up_and_nothing_grows_from_nothing() -> None:
    assert value("income.transfer_share", sums(income__transfer=1, income__gross=800)).value == Decimal("0.13")
    assert value("income.per_head", sums(income__net="0.125", income__persons=1)).value == Decimal("0.13")
    opened = value("alerts.open", sums(alerts__open=3), sums(alerts__open=2))
    assert opened == Value(CATALOGUE["alerts.open"], Decimal(3), Decimal(3), None, Decimal(2), Decimal(50))
    assert value("alerts.open", sums(alerts__open=3), sums(alerts__open=0)).growth is None
    assert value("alerts.open", sums(alerts__open=3), sums(alerts__open=1)).growth == 200
    share = value("income.transfer_share", sums(income__transfer=1, income__gross=8), sums(income__transfer=1))
    assert (share.value, share.part, share.of, share.before) == (Decimal("12.5"), 1, 8, None)
    growth = value("income.growth", sums(income__net=9, income__persons=1), sums(income__net=8, income__persons=1))
    assert growth == Value(CATALOGUE["income.growth"], Decimal("12.5"), Decimal(9), Decimal(8))


def test_a_point_is_on_the_line_between_its_bounds_and_a_weight_of_none_is_no_part() -> None:
    values = {name: Value(CATALOGUE[name], Decimal("12.25")) for name in ASSESSED}
    scales = [*scale("help.helper", 10, 10, 20), *scale("alerts.overdue_share", 0, 100, 0)]
    found = assessed(values, PolicyBook(scales), TOWNSHIP, TODAY)
    [part] = found.parts
    assert (part.value, part.points) == (values["help.helper"], Decimal("2.25"))
    assert (part.scale.weight, part.scale.full, part.scale.none) == (scales[0], scales[2], scales[1])
    assert (found.points, found.out_of, found.score) == (Decimal("2.25"), 10, Decimal("2.25"))
    half = assessed(values, PolicyBook(scale("help.helper", 1, 0, 98)), TOWNSHIP, TODAY)
    assert half.score == Decimal("0.13"), "an eighth"


def test_months_follow_each_other_over_the_year() -> None:
    assert list(months(date(2023, 11, 1), date(2024, 2, 1))) == [
        date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1),
    ]  # fmt: skip
    assert month_period(TODAY) == period_of("2023-10") == Period("2023-10", date(2023, 10, 1), date(2023, 10, 1))
    assert [period_of(name).name for name in ("2000", "2100-12", "2023-Q2", "2023-H1")] == [
        "2000", "2100-12", "2023-Q2", "2023-H1",
    ]  # fmt: skip
    for name in ("1999", "2101", "2023-Q0", "2023-H3", "2023-00"):
        with pytest.raises(PeriodUnknown):
            period_of(name)
