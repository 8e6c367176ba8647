"""A merged household is an alias: what is said of it counts for the one that stands, and undoing gives it back."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from monitoring_facts import EARNER, HOUSEHOLD, OTHER, SPOUSE, TODAY, fact, family, id_of, joined, registered, surveyed
from monitoring_feed import Feed, Home, Sent
from msgspec.structs import replace

from events.catalog.households import HouseholdMerged, HouseholdUnmerged, HouseholdUpdated, PersonLeft
from events.ids import derived_id
from monitoring.profile.rules import Household
from monitoring.risk.rules import Fact

MERGE_DAY = date(2023, 10, 1)
_SON = id_of("son")


def _merge(revision: int, *, undone: bool = False) -> Fact:
    kind, key = ("HouseholdUnmerged", "from_id") if undone else ("HouseholdMerged", "into_id")
    said = fact(kind, date.min, household=OTHER, revision=revision, **{key: str(HOUSEHOLD)})
    return replace(said, id=id_of("merge", OTHER))


def _left(person: object, household: object, on: date, revision: int) -> Fact:
    said = fact("PersonLeft", on, person=person, household=household, revision=revision)  # type: ignore[arg-type]
    return replace(said, id=id_of("left", household, person, revision))


def _moving() -> list[Fact]:
    """The son's household goes into the other one."""
    here = replace(joined(_SON, MERGE_DAY, household=HOUSEHOLD, revision=3), id=id_of("here"))
    return [_left(_SON, OTHER, MERGE_DAY, 2), here, _merge(2)]


def _undoing() -> list[Fact]:
    back = replace(joined(_SON, household=OTHER, revision=5))
    return [_left(_SON, HOUSEHOLD, MERGE_DAY, 4), back, _merge(3, undone=True)]


_BOTH = [*family(), surveyed(), registered(household=OTHER, size=1), joined(_SON, household=OTHER)]
_DAYS = st.dates(date(2023, 9, 1), date(2024, 3, 1))
_SAID = st.lists(
    st.builds(
        lambda kind, on, person, household, n: fact(
            kind,
            on,
            name=(n, household),
            person=person,
            household=household,
            amount=n,
            **({"guarantee": "water"} if kind == "ConditionReported" else {}),
        ),
        st.sampled_from(["ExpenseReported", "OrderCancelled", "ConditionReported"]),
        _DAYS,
        st.sampled_from([EARNER, SPOUSE, _SON, None]),
        st.sampled_from([HOUSEHOLD, OTHER]),
        st.integers(1, 30_000),
    ),
    max_size=8,
)


def _highest(facts: list[Fact]) -> list[Fact]:
    kept: dict[object, Fact] = {}
    for item in facts:
        if item.id not in kept or kept[item.id].revision < item.revision:
            kept[item.id] = item
    return list(kept.values())


@given(_SAID, _DAYS, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_merging_and_undoing_is_as_if_it_had_never_been(said: list[Fact], on: date, random: object) -> None:
    never = [*_BOTH, *said]
    undone = [*never, *_moving(), *_undoing()]
    random.shuffle(undone)  # type: ignore[attr-defined]
    for household in (HOUSEHOLD, OTHER):
        before, after = Household(household, _highest(never)).at(on), Household(household, _highest(undone)).at(on)
        assert before is not None
        assert after is not None
        # how often one looks again is no part of what is said
        assert _said(before) == _said(after)


_WHOLE = ("spells", "labour", "measures")
"""compared as they are, in their order"""


def _said(profile: object) -> object:
    blank = replace(profile, next_change=date.max)  # type: ignore[type-var]
    members = {name: getattr(blank, name) for name in blank.__struct_fields__ if name not in ("income", "years")}
    return {
        name: frozenset(item.id for item in value) if isinstance(value, tuple) and name not in _WHOLE else value
        for name, value in members.items()
    }


@given(_SAID, _DAYS, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_everything_of_the_alias_counts_for_the_household_that_stands(
    said: list[Fact], on: date, random: object
) -> None:
    merged = [*_BOTH, *said, *_moving()]
    random.shuffle(merged)  # type: ignore[attr-defined]
    assert Household(OTHER, _highest(merged)).at(on) is None
    standing = Household(HOUSEHOLD, _highest(merged)).at(on)
    assert standing is not None
    assert _SON in standing.members
    expected = {item.id for item in _highest(said) if item.kind == "ExpenseReported" and item.on <= on}
    assert {item.id for item in standing.expenses} == expected


async def test_alerts_follow_the_household_that_stands_and_come_back(feed: Feed) -> None:
    await feed.day(TODAY)
    home, alias = Home(), Home()
    await feed.send(*home.settled(), *alias.settled())
    await feed.send(alias.loses(TODAY))
    assert ("work.job_lost", "yellow", "open") in await feed.alerts(alias.id)
    assert "work.job_lost" not in {rule for rule, _, state in await feed.alerts(home.id) if state == "open"}

    merged = HouseholdMerged(aggregate_revision=2, into_id=home.id, merged_on=TODAY)
    grown = HouseholdUpdated(**{**home.registered().data.model_dump(), "aggregate_revision": 2, "size": 4})
    moved = [
        event
        for person in (alias.head, alias.spouse)
        for event in (
            Sent(PersonLeft(aggregate_revision=2, person_id=person, until=TODAY, reason="merged"), alias.id),
            home.joined(person, aggregate_revision=3, since=TODAY),
        )
    ]
    merge = Sent(merged, alias.id, fact_id=derived_id("merge", alias.id), revision=2)
    await feed.send(merge, *moved, Sent(grown, home.id), each=True)
    assert {state for *_, state in await feed.alerts(alias.id)} == {"closed"}
    assert ("work.job_lost", "yellow", "open") in await feed.alerts(home.id)
    assert await feed.rows("SELECT 1 FROM profiles WHERE household_id = :id AND path <> ''", id=alias.id) == []

    late = alias.paid("2023-09", 2_000)
    await feed.send(late)
    [row] = await feed.rows("SELECT received FROM profiles WHERE household_id = :id", id=home.id)
    [newest] = await feed.rows("SELECT max(number) AS n FROM received_log")
    assert row.received == newest.n

    undone = HouseholdUnmerged(aggregate_revision=3, from_id=home.id)
    shrunk = grown.model_copy(update={"aggregate_revision": 3, "size": 2})
    back = [
        event
        for person in (alias.head, alias.spouse)
        for event in (
            Sent(PersonLeft(aggregate_revision=4, person_id=person, until=TODAY, reason="unmerged"), home.id),
            alias.joined(person, aggregate_revision=5),
        )
    ]
    unmerge = Sent(undone, alias.id, fact_id=derived_id("merge", alias.id), revision=3)
    await feed.send(unmerge, Sent(shrunk, home.id), *back, each=True)
    assert "work.job_lost" not in {rule for rule, _, state in await feed.alerts(home.id) if state == "open"}
    assert ("work.job_lost", "yellow", "open") in await feed.alerts(alias.id)
