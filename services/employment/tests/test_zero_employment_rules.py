"""When a family is without any work: pure, for every day and every set of facts."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from employment.zero_employment.rules import (
    Ages,
    Family,
    FamilyState,
    Found,
    Member,
    Outcome,
    Stay,
    changed,
    due,
    full_years,
    judged,
    state_of,
)

AGES = Ages(16, {"male": 60, "female": 55})
TODAY = date(2023, 10, 15)
ALWAYS = Stay(date(2010, 1, 1))
WEEK_AGO = TODAY - timedelta(days=7)


def member(
    *,
    born: date = date(1985, 5, 1),
    sex: str = "male",
    skill: str | None = "ordinary",
    in_school: bool = False,
    stay: Stay = ALWAYS,
    jobs: tuple[Stay, ...] = (),
    registered: tuple[Stay, ...] = (),
) -> Member:
    return Member(stay=stay, born=born, sex=sex, skill=skill, in_school=in_school, jobs=jobs, registered=registered)


def idle(**told: object) -> Member:
    return replace(member(registered=(Stay(WEEK_AGO),)), **told)


def test_everybody_able_must_be_registered() -> None:
    child, elder = member(born=date(2015, 1, 1)), member(born=date(1950, 1, 1))
    assert judged([idle(), child, elder], AGES, TODAY) == (Found.ZERO, 1)
    assert judged([idle(), idle(sex="female")], AGES, TODAY) == (Found.ZERO, 2)
    assert judged([child, elder], AGES, TODAY) == (Found.NO_ABLE_MEMBER, 0)


def test_farming_or_missing_data_is_not_unemployment() -> None:
    farmer, unknown = member(), member(skill=None)
    assert judged([idle(), farmer], AGES, TODAY) == (Found.REGISTRATION_ENDED, 2)
    assert judged([idle(), unknown], AGES, TODAY) == (Found.REGISTRATION_ENDED, 2)
    assert judged([idle(), member(skill="weak")], AGES, TODAY) == (Found.REGISTRATION_ENDED, 2)
    assert judged([idle(skill=None)], AGES, TODAY) == (Found.ZERO, 1)
    for unable in (member(skill="lost"), member(skill="none"), member(in_school=True)):
        assert judged([idle(), unable], AGES, TODAY) == (Found.ZERO, 1)


def test_a_job_begun_after_the_registration_ends_its_force_even_once_it_is_over() -> None:
    running = idle(jobs=(Stay(TODAY),))
    over = idle(jobs=(Stay(WEEK_AGO + timedelta(days=1), TODAY),))
    before = idle(jobs=(Stay(date(2023, 1, 1), WEEK_AGO),))
    assert judged([running], AGES, TODAY)[0] is Found.EMPLOYED
    assert judged([over], AGES, TODAY)[0] is Found.REGISTRATION_ENDED
    assert judged([before], AGES, TODAY)[0] is Found.ZERO


def test_ages_are_counted_in_full_years_and_end_by_sex() -> None:
    assert full_years(date(2007, 10, 16), TODAY) == 15
    assert full_years(date(2007, 10, 15), TODAY) == 16
    sixteen = member(born=date(2007, 10, 15))
    assert judged([idle(), sixteen], AGES, TODAY)[0] is Found.REGISTRATION_ENDED
    assert judged([idle(), sixteen], AGES, TODAY - timedelta(days=1)) == (Found.ZERO, 1)
    woman, man = member(born=date(1968, 10, 15), sex="female"), member(born=date(1968, 10, 15))
    assert judged([idle(), woman], AGES, TODAY) == (Found.ZERO, 1)
    assert judged([idle(), man], AGES, TODAY)[0] is Found.REGISTRATION_ENDED


def test_a_finding_is_cleared_by_what_happens_and_voided_by_what_was_wrong() -> None:
    assert changed([idle()], AGES, TODAY, None) == (Outcome.FIND, Found.ZERO, 1)
    assert changed([idle()], AGES, TODAY, WEEK_AGO) is None
    assert changed([member()], AGES, TODAY, None) is None
    begun = idle(jobs=(Stay(TODAY),))
    assert changed([begun], AGES, TODAY, WEEK_AGO) == (Outcome.CLEAR, Found.EMPLOYED, 1)
    known_late = idle(jobs=(Stay(WEEK_AGO - timedelta(days=30)),))
    assert changed([known_late], AGES, TODAY, WEEK_AGO) == (Outcome.VOID, Found.EMPLOYED, 1)
    taken_back = replace(idle(), registered=())
    assert changed([taken_back], AGES, TODAY, WEEK_AGO) == (Outcome.VOID, Found.REGISTRATION_ENDED, 1)
    left = idle(stay=Stay(date(2010, 1, 1), TODAY))
    assert changed([left], AGES, TODAY, WEEK_AGO) == (Outcome.CLEAR, Found.NO_ABLE_MEMBER, 0)
    old = idle(skill="lost")
    assert changed([old], AGES, TODAY, WEEK_AGO) == (Outcome.CLEAR, Found.NO_ABLE_MEMBER, 0)


def test_the_limit_runs_from_the_finding_and_an_offer_stops_it() -> None:
    limit = due(TODAY, 30)
    assert limit == date(2023, 11, 14)
    assert due(TODAY, None) is None
    family = Family(
        id=None, revision=1, void=False, household_id=None, region=None, path="", found_on=TODAY, persons=1,  # type: ignore[arg-type]
        due_on=limit, offered_on=None, cleared_on=None, clear_reason=None,
    )  # fmt: skip
    assert state_of(family, date(2023, 11, 14)) is FamilyState.WAITING
    assert state_of(family, date(2023, 11, 15)) is FamilyState.OVERDUE
    assert state_of(replace(family, due_on=None), date(2024, 11, 15)) is FamilyState.WAITING
    offered = replace(family, offered_on=date(2023, 11, 10))
    assert state_of(offered, date(2023, 12, 1)) is FamilyState.OFFERED
    assert state_of(replace(offered, cleared_on=date(2023, 12, 1)), date(2023, 12, 2)) is FamilyState.CLEARED
    assert state_of(replace(family, void=True), TODAY) is FamilyState.VOID


_DAYS = st.integers(0, 60).map(lambda days: TODAY + timedelta(days=days - 30))
_STAYS = st.builds(
    lambda first, length: Stay(first, None if length is None else first + timedelta(days=length)),
    _DAYS,
    st.none() | st.integers(0, 40),
)
_MEMBERS = st.lists(
    st.builds(
        member,
        born=st.sampled_from([date(1985, 5, 1), date(2007, 10, 20), date(1963, 10, 20), date(2015, 1, 1)]),
        sex=st.sampled_from(["male", "female"]),
        skill=st.sampled_from(["ordinary", "skilled", "weak", "lost", "none", None]),
        in_school=st.booleans(),
        stay=st.just(ALWAYS) | _STAYS,
        jobs=st.lists(_STAYS, max_size=2).map(tuple),
        registered=st.lists(_STAYS, max_size=2).map(tuple),
    ),
    max_size=4,
)


@given(_MEMBERS, _DAYS)
def test_a_family_without_work_has_nobody_at_work_and_everybody_able_registered(
    members: list[Member], on: date
) -> None:
    found, persons = judged(members, AGES, on)
    registered = [m for m in members if m.stay.holds(on) and any(stay.holds(on) for stay in m.registered)]
    if found is Found.ZERO:
        assert 0 < persons <= len(registered)
        assert persons == sum(1 for m in members if m.unemployed(on) and AGES.works(m, on) and m.stay.holds(on)
                              and not m.in_school and m.skill not in ("lost", "none"))  # fmt: skip
    if not registered:
        assert found is not Found.ZERO


@given(_MEMBERS, _DAYS, _DAYS)
def test_a_finding_stands_exactly_while_the_family_is_one(members: list[Member], on: date, found_on: date) -> None:
    zero = judged(members, AGES, on)[0] is Found.ZERO
    fresh = changed(members, AGES, on, None)
    standing = changed(members, AGES, on, found_on)
    assert (fresh is not None) == zero
    assert (standing is None) == zero
    if standing is not None and standing[0] is Outcome.VOID:
        assert judged(members, AGES, found_on)[0] is not Found.ZERO
