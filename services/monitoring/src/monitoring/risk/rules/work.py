"""Rules on work: a job that ended and was not replaced, wages that did not come, a family without any work."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from .model import Fact, Level, Outcome, Policy, Profile, State, clear, ids, quiet, unknown
from .windows import twelve_months_before

JOB_LOST = "work.job_lost"
WAGE_MISSING = "work.wage_missing"
ZERO_EMPLOYMENT = "work.zero_employment"


def job_lost(profile: Profile, policy: Policy, on: date) -> Outcome:
    """失业: a member's job ended and no job of the same person goes on; more serious after some days without one."""
    lost = _lost(profile)
    if not lost:
        return quiet(JOB_LOST)
    patience = policy.at("work.job_lost.days", profile.path, on)
    if patience is None:
        return unknown(JOB_LOST, "work.job_lost.days")
    longest = min(fact.on for fact in lost)
    worse_on = longest + timedelta(days=int(patience.value))
    worse = on >= worse_on
    return Outcome(
        JOB_LOST,
        State.HOLDS,
        Level.ORANGE if worse else Level.YELLOW,
        values={"persons": str(len(lost)), "ended_on": longest.isoformat()},
        facts=ids(lost),
        policy=(patience,),
        zh=_lost_zh(len(lost), longest, int(patience.value) if worse else 0),
        en=_lost_en(len(lost), longest, int(patience.value) if worse else 0),
        until=date.max if worse else worse_on,
    )


def _lost(profile: Profile) -> tuple[Fact, ...]:
    """Per person without a running job: the end of the last one."""
    working = {spell.person_id for spell in profile.spells if spell.ended is None}
    last: dict[UUID, Fact] = {}
    for spell in profile.spells:
        end = spell.ended
        if end is None or spell.person_id in working or spell.person_id not in profile.members:
            continue
        known = last.get(spell.person_id)
        if known is None or (end.on, end.id) > (known.on, known.id):
            last[spell.person_id] = end
    return tuple(sorted(last.values(), key=lambda fact: (fact.on, fact.id)))


def _lost_zh(persons: int, since: date, days: int) -> str:
    what = f"家庭 {persons} 名务工人员失去工作（最早 {since}）"
    return f"{what}，超过 {days} 天未再就业" if days else what


def _lost_en(persons: int, since: date, days: int) -> str:
    what = f"{persons} earner(s) lost their job (first on {since})"
    return f"{what}, no new job for {days} days" if days else what


def wage_missing(profile: Profile, policy: Policy, on: date) -> Outcome:
    """工资未到: expected wages of one member did not come for several months."""
    return _wage_missing(profile, policy, on, {})


def wage_missing_by_lag(profile: Profile, policy: Policy, on: date) -> Outcome:
    """工资未到（扣除惯常上报时滞）: as in force, but a month counts only when its employer has told later than ever."""
    since, waits = twelve_months_before(on), dict[object, timedelta]()
    for fact in profile.wages_late:
        if fact.on >= since:
            lag = date.fromisoformat(str(fact.data["came_on"])) - fact.on
            job = fact.data.get(_SPELL)
            waits[job] = max(lag + timedelta(days=1), waits.get(job, lag))
    return _wage_missing(profile, policy, on, waits)


_SPELL: Final = "spell_id"
"""A job names its employer: what came late under it says how late this employer tells."""


def _wage_missing(profile: Profile, policy: Policy, on: date, waits: Mapping[object, timedelta]) -> Outcome:
    """Judge the months; `waits`: job → how long after its first day a month does not count yet."""
    since = twelve_months_before(on)
    counts = [
        (fact.on + waits.get(fact.data.get(_SPELL), timedelta(0)), fact)
        for fact in profile.wages_missed
        if fact.on >= since
    ]
    missing = [fact for day, fact in counts if day <= on]
    until = min((day for day, _ in counts if day > on), default=date.max)
    if not missing:
        return clear(WAGE_MISSING, until=until)
    limit = policy.at("work.wage_missing.months", profile.path, on)
    if limit is None:
        return replace(unknown(WAGE_MISSING, "work.wage_missing.months"), until=until)
    worst = _most_of_one_person(missing)
    months = sorted({fact.on for fact in worst})
    if len(months) < limit.value:
        return clear(WAGE_MISSING, limit, values={"months": str(len(months))}, until=until)
    return Outcome(
        WAGE_MISSING,
        State.HOLDS,
        Level.YELLOW,
        values={"months": ",".join(f"{month:%Y-%m}" for month in months)},
        facts=ids(worst),
        policy=(limit,),
        zh=f"应发工资 {len(months)} 个月未到账（{months[0]:%Y-%m} 至 {months[-1]:%Y-%m}）",
        en=f"Expected wages of {len(months)} months did not come ({months[0]:%Y-%m} to {months[-1]:%Y-%m})",
        until=until,
    )


def _most_of_one_person(missing: list[Fact]) -> list[Fact]:
    by_person: dict[UUID | None, list[Fact]] = {}
    for fact in sorted(missing, key=lambda fact: (fact.on, fact.id)):
        by_person.setdefault(fact.person_id, []).append(fact)
    return max(by_person.values(), key=lambda facts: (len({fact.on for fact in facts}), facts[0].id))


def zero_employment(profile: Profile, policy: Policy, on: date) -> Outcome:
    """零就业家庭: every member who can work is registered unemployed, as the employment service found."""
    facts = profile.zero_employment
    if not facts:
        return quiet(ZERO_EMPLOYMENT)
    first = min(facts, key=lambda fact: (fact.on, fact.id))
    persons = max(int(str(fact.data["persons"])) for fact in facts)
    told = {name: str(first.data[name]) for name in ("due_on", "offered_on") if first.data.get(name)}
    offered = told.get("offered_on")
    zh = f"零就业家庭：{persons} 名有劳动能力的成员均登记失业（自 {first.on}）"
    en = f"Without any work: all {persons} member(s) able to work are registered unemployed (since {first.on})"
    return Outcome(
        ZERO_EMPLOYMENT,
        State.HOLDS,
        Level.ORANGE,
        values={"found_on": first.on.isoformat(), "persons": str(persons), **told},
        facts=ids(facts),
        zh=f"{zh}，已于 {offered} 提供岗位" if offered else zh,
        en=f"{en}, a job was offered on {offered}" if offered else en,
    )
