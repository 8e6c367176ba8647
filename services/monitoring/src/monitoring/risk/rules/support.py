"""Rules on support: a listed household without help, without help to earn, or with a risk that no help answers."""

from datetime import date, timedelta
from typing import Final

from ...cases.rules import answers, months_later
from .model import Level, Listing, Measure, Outcome, Policy, Profile, State, clear, ids, unknown

NO_MEASURE = "support.no_measure"
NO_DEVELOPMENT = "support.no_development"
MISMATCH = "support.mismatch"

NO_MEASURE_DAYS: Final = "support.no_measure.days"
NO_DEVELOPMENT_MONTHS: Final = "support.no_development.months"

_ABLE: Final = frozenset({"ordinary", "skilled"})
"""普通劳动力, 技能劳动力: what counts as labour of a household (domain 1.8)"""

CAUSE_NAMES: Final[dict[str, tuple[str, str]]] = {
    "illness": ("因病", "illness"),
    "disability": ("因残", "disability"),
    "schooling": ("因学", "schooling"),
    "disaster": ("因自然灾害", "disaster"),
    "accident": ("因意外事故", "accident"),
    "business_failure": ("因产业项目失败", "failed business"),
    "unstable_work": ("因务工就业不稳", "unstable work"),
    "labour_shortage": ("缺劳动力", "lack of labour"),
    "housing": ("因安全住房", "housing"),
    "water": ("因安全饮水", "drinking water"),
    "other": ("其他", "other"),
}
"""风险原因 → its name in Chinese and English"""


def no_measure(profile: Profile, policy: Policy, on: date) -> Outcome:
    """未落实帮扶措施: on the list for some days, and no measure has reached the household since."""
    listing = profile.listing
    if listing is None:
        return clear(NO_MEASURE, values={"listed": "no"})
    helped = _given(profile, listing)
    if helped:
        return clear(NO_MEASURE, values={"measures": str(len(helped))})
    days = policy.at(NO_MEASURE_DAYS, profile.path, on)
    values = {"since": listing.since.isoformat()}
    if days is None:
        return unknown(NO_MEASURE, NO_MEASURE_DAYS, values=values)
    due = listing.since + timedelta(days=int(days.value))
    if on < due:
        return clear(NO_MEASURE, days, until=due, values=values)
    return Outcome(
        NO_MEASURE,
        State.HOLDS,
        Level.YELLOW,
        values={**values, "days": str(int(days.value))},
        facts=ids(listing.facts),
        policy=(days,),
        zh=f"纳入监测对象 {int(days.value)} 天以上（自 {listing.since}）未落实帮扶措施",
        en=f"On the list for {int(days.value)} days or more (since {listing.since}), and no measure was taken",
    )


def no_development(profile: Profile, policy: Policy, on: date) -> Outcome:
    """有劳动力未落实开发式帮扶: on the list for some months, able to work, and no help to earn has come."""
    listing = profile.listing
    if listing is None:
        return clear(NO_DEVELOPMENT, values={"listed": "no"})
    if any(measure.development for measure in _given(profile, listing)):
        return clear(NO_DEVELOPMENT, values={"development": "yes"})
    labour = _labour(profile)
    if labour is False:
        return clear(NO_DEVELOPMENT, values={"labour": "no"})
    months = policy.at(NO_DEVELOPMENT_MONTHS, profile.path, on)
    values = {"since": listing.since.isoformat()}
    if months is None:
        return unknown(NO_DEVELOPMENT, NO_DEVELOPMENT_MONTHS, values=values)
    due = months_later(listing.since, int(months.value))
    if on < due:
        return clear(NO_DEVELOPMENT, months, until=due, values=values)
    if labour is None:
        return unknown(NO_DEVELOPMENT, "labour_skill", months, values=values)
    return Outcome(
        NO_DEVELOPMENT,
        State.HOLDS,
        Level.YELLOW,
        values={**values, "months": str(int(months.value))},
        facts=ids(listing.facts),
        policy=(months,),
        zh=f"有劳动力，纳入监测对象 {int(months.value)} 个月以上（自 {listing.since}）未落实开发式帮扶措施",
        en=f"Able to work, on the list for {int(months.value)} months or more (since {listing.since}), "
        "and no measure helps to earn",
    )


def mismatch(profile: Profile, policy: Policy, on: date) -> Outcome:
    """措施与风险不匹配: help has come, and a cause of the risk is answered by none of it."""
    listing = profile.listing
    if listing is None:
        return clear(MISMATCH, values={"listed": "no"})
    given = _given(profile, listing)
    if not given:
        # Nothing at all is another rule's business: two alerts would say the same.
        return clear(MISMATCH, values={"measures": "0"})
    bare = [cause for cause in listing.causes if not any(_meets(measure, cause) for measure in given)]
    if not bare:
        return clear(MISMATCH, values={"measures": str(len(given))})
    names = [CAUSE_NAMES.get(cause, (cause, cause)) for cause in bare]
    return Outcome(
        MISMATCH,
        State.HOLDS,
        Level.YELLOW,
        values={"causes": ",".join(bare), "measures": ",".join(sorted({measure.category for measure in given}))},
        facts=ids((*listing.facts, *(measure.fact for measure in given))),
        zh=f"风险（{'、'.join(zh for zh, _ in names)}）没有对应的帮扶措施",
        en=f"No measure answers the risk: {', '.join(en for _, en in names)}",
    )


def _given(profile: Profile, listing: Listing) -> list[Measure]:
    """The measures that count for this stay on the list: not those that were over before it."""
    return [item for item in profile.measures if item.completed_on is None or item.completed_on >= listing.since]


def _meets(measure: Measure, cause: str) -> bool:
    return cause in measure.causes and answers(cause, measure.category)


def _labour(profile: Profile) -> bool | None:
    """Whether somebody can work; None where that is not stated of everybody who may."""
    if profile.no_labour:
        return False
    if any(member.skill in _ABLE for member in profile.labour):
        return True
    return None if any(member.skill is None and not member.in_school for member in profile.labour) else False
