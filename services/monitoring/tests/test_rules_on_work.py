"""What the rules on work say in full, and the first day on which time changes it."""

from datetime import date
from typing import Any

from monitoring_facts import EARNER, SPOUSE, fact, id_of, seeds
from monitoring_said import FIRST, held, not_known, not_met, profile, said
from msgspec.structs import replace

from monitoring.risk.rules import CANDIDATES, RULES, Fact, Level, Outcome, Profile, Spell, with_candidates


def spell(n: int, person: Any = EARNER, ended_on: date | None = None) -> Spell:
    id_ = id_of("spell", n)
    end = None if ended_on is None else fact("EmploymentEnded", ended_on, name=n, person=person)
    return Spell(id_, person, fact("EmploymentStarted", FIRST, name=n, person=person), end)


def test_a_job_that_was_lost() -> None:
    rule, days = "work.job_lost", "work.job_lost.days"
    one, two = spell(1, ended_on=date(2023, 10, 1)), spell(2, SPOUSE, date(2023, 10, 10))
    figures = {"persons": "2", "ended_on": "2023-10-01"}
    facts = tuple(item.ended for item in (one, two) if item.ended)
    known = profile(spells=(two, one))
    assert said(rule, known) == held(
        rule, Level.YELLOW, days, values=figures, facts=facts, until=date(2023, 10, 31),
        zh="家庭 2 名务工人员失去工作（最早 2023-10-01）", en="2 earner(s) lost their job (first on 2023-10-01)",
    )  # fmt: skip
    assert said(rule, known, date(2023, 10, 31)) == held(
        rule, Level.ORANGE, days, values=figures, facts=facts,
        zh="家庭 2 名务工人员失去工作（最早 2023-10-01），超过 30 天未再就业",
        en="2 earner(s) lost their job (first on 2023-10-01), no new job for 30 days",
    )  # fmt: skip
    assert said(rule, known, without=days) == not_known(rule, days)
    assert said(rule, profile()) == not_met(rule)


def test_the_last_end_of_each_member_without_a_job_counts() -> None:
    rule = "work.job_lost"
    first, last = spell(1, ended_on=date(2023, 9, 1)), spell(2, ended_on=date(2023, 10, 2))
    for order in ((first, last), (last, first)):
        assert said(rule, profile(spells=order)).values == {"persons": "1", "ended_on": "2023-10-02"}
    same_day = [spell(n, ended_on=date(2023, 9, 1)) for n in (3, 4)]
    ends = sorted((item.ended for item in same_day if item.ended), key=lambda end: end.id)
    assert said(rule, profile(spells=tuple(same_day))).facts == (ends[-1].id,)
    assert said(rule, profile(spells=tuple(reversed(same_day)))).facts == (ends[-1].id,)
    goes_on, stranger = spell(5), spell(6, id_of("stranger"), date(2023, 10, 2))
    assert said(rule, profile(spells=(first, goes_on))) == not_met(rule)
    assert said(rule, profile(spells=(stranger, stranger))) == not_met(rule)
    both = said(rule, profile(spells=(goes_on, stranger, spell(7, SPOUSE, date(2023, 9, 5)))))
    assert both.values == {"persons": "1", "ended_on": "2023-09-05"}


def missed(month: date, person: Any = EARNER, job: str = "job") -> Fact:
    return fact("WageMissed", month, name=job, person=person, spell_id=str(id_of(job)))


def test_wages_that_did_not_come() -> None:
    rule, months = "work.wage_missing", "work.wage_missing.months"
    july, august, spring = missed(date(2023, 7, 1)), missed(date(2023, 8, 1)), missed(date(2023, 4, 1))
    of_two = profile(wages_missed=(august, spring, missed(date(2023, 9, 1), SPOUSE), july))
    assert said(rule, of_two) == held(
        rule, Level.YELLOW, months, values={"months": "2023-04,2023-07,2023-08"}, facts=(spring, july, august),
        zh="应发工资 3 个月未到账（2023-04 至 2023-08）",
        en="Expected wages of 3 months did not come (2023-04 to 2023-08)",
    )  # fmt: skip
    twice = profile(wages_missed=(july, missed(date(2023, 7, 1), job="second job")))
    assert said(rule, twice) == not_met(rule, months, values={"months": "1"}), "two jobs, one month"
    assert said(rule, of_two, without=months) == not_known(rule, months)
    long_ago = profile(wages_missed=(missed(date(2022, 9, 1)), missed(date(2022, 10, 1))))
    assert said(rule, long_ago) == not_met(rule, months, values={"months": "1"}), "the window is twelve months"
    assert said(rule, profile()) == not_met(rule)
    equal = [missed(day, person) for person in (EARNER, SPOUSE) for day in (date(2023, 7, 1), date(2023, 8, 1))]
    greater = max((equal[0], equal[2]), key=lambda item: item.id)
    for order in (equal, equal[::-1]):
        assert said(rule, profile(wages_missed=tuple(order))).facts[0] == greater.id, "the same whatever came first"


def test_a_month_that_an_employer_always_tells_late_waits() -> None:
    [candidate] = CANDIDATES.values()
    rule, name = "work.wage_missing", "work.wage_missing.months"
    late = fact("WageMissed", date(2023, 3, 1), name="job", person=EARNER, spell_id=str(id_of("job")),
                came_on="2023-06-09")  # fmt: skip
    known = profile(wages_missed=(missed(date(2023, 7, 1)), missed(date(2023, 8, 1))), wages_late=(late,))

    def judged(on: date, without: str = "", of: Profile = known) -> Outcome:
        return candidate.rule.judge(of, seeds(without=without), on)

    assert judged(date(2023, 10, 9)) == not_met(rule, until=date(2023, 10, 10))
    assert judged(date(2023, 10, 10)) == not_met(rule, name, values={"months": "1"}, until=date(2023, 11, 10))
    unknown = judged(date(2023, 10, 10), without=name)
    assert unknown == replace(not_known(rule, name), until=date(2023, 11, 10))
    assert judged(date(2023, 11, 10)).until == date.max
    assert judged(date(2023, 11, 10)).values == {"months": "2023-07,2023-08"}
    more = replace(known, wages_missed=(*known.wages_missed, missed(date(2023, 9, 1))))
    assert judged(date(2023, 11, 10), of=more).values == {"months": "2023-07,2023-08"}
    assert judged(date(2023, 11, 10), of=more).until == date(2023, 12, 11), "the third month counts from then"
    # A year later it says nothing any more; what is at the edge of the window still does.
    told_then = replace(known, wages_missed=tuple(missed(date(2024, month, 1)) for month in (2, 3)))
    assert not judged(date(2024, 3, 30), of=told_then).holds
    assert judged(date(2024, 4, 1), of=told_then).holds


def test_the_longest_lag_of_an_employer_is_waited_for_and_no_other_one() -> None:
    [candidate] = CANDIDATES.values()

    def told_late(month: date, came_on: str, job: str = "job") -> Fact:
        spell_id = str(id_of(job))
        return fact("WageMissed", month, name=job, person=EARNER, spell_id=spell_id, came_on=came_on)

    long, short = told_late(date(2023, 3, 1), "2023-06-09"), told_late(date(2023, 4, 1), "2023-05-01")
    elsewhere = told_late(date(2023, 3, 1), "2023-09-30", "other job")
    waiting = profile(wages_missed=(missed(date(2023, 7, 1)), missed(date(2023, 8, 1))))
    for lags in ((long, short), (short, long), (long, elsewhere), (elsewhere, long)):
        known = replace(waiting, wages_late=lags)
        assert candidate.rule.judge(known, seeds(), date(2023, 10, 9)).until == date(2023, 10, 10)


def test_a_candidate_stands_in_the_place_of_its_rule_when_it_is_tried() -> None:
    [(name, candidate)] = CANDIDATES.items()
    assert with_candidates([name, "work.gone"]) == {**RULES, "work.wage_missing": candidate.rule}
    assert with_candidates(["work.gone"]) == with_candidates([]) == RULES


def test_a_family_without_any_work() -> None:
    rule = "work.zero_employment"
    told = {"found_on": "2023-10-01", "persons": 2, "due_on": "2023-10-31", "offered_on": None}
    one = fact("ZeroEmploymentFound", date(2023, 10, 1), name="a", **told)
    more = fact("ZeroEmploymentFound", date(2023, 10, 3), name="b", **{**told, "persons": 3})
    figures = {"found_on": "2023-10-01", "persons": "3", "due_on": "2023-10-31"}
    zh = "零就业家庭：3 名有劳动能力的成员均登记失业（自 2023-10-01）"
    en = "Without any work: all 3 member(s) able to work are registered unemployed (since 2023-10-01)"
    for order in ((one, more), (more, one)):
        known = profile(zero_employment=order)
        assert said(rule, known) == held(rule, Level.ORANGE, values=figures, facts=order, zh=zh, en=en)
    offered = replace(one, data={**told, "due_on": None, "offered_on": "2023-10-05"})
    assert said(rule, profile(zero_employment=(offered,))) == held(
        rule, Level.ORANGE, values={"found_on": "2023-10-01", "persons": "2", "offered_on": "2023-10-05"},
        facts=(offered,),
        zh="零就业家庭：2 名有劳动能力的成员均登记失业（自 2023-10-01），已于 2023-10-05 提供岗位",
        en="Without any work: all 2 member(s) able to work are registered unemployed (since 2023-10-01), "
        "a job was offered on 2023-10-05",
    )  # fmt: skip
    assert said(rule, profile()) == not_met(rule)
