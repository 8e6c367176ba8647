"""What the rules on help say in full: on the list without any, without help to earn, with help for something else."""

from datetime import date, timedelta

from monitoring_facts import TODAY, listed, measured
from monitoring_said import held, not_known, not_met, profile, said
from msgspec.structs import replace

from monitoring.risk.rules import Labour, Level, Listing, Measure


def on_list(days: int, *causes: str) -> Listing:
    since = TODAY - timedelta(days=days)
    return Listing(since, causes, (listed(since, *causes),))


def help_(category: str, *causes: str, completed_on: date | None = None, development: bool = False) -> Measure:
    return Measure(category, causes, development, completed_on, measured(category, TODAY, *causes))


def test_listed_without_any_help() -> None:
    rule, days = "support.no_measure", "support.no_measure.days"
    listing = on_list(30, "illness")
    assert said(rule, profile(listing=listing)) == held(
        rule, Level.YELLOW, days, values={"since": "2023-09-15", "days": "30"}, facts=listing.facts,
        zh="纳入监测对象 30 天以上（自 2023-09-15）未落实帮扶措施",
        en="On the list for 30 days or more (since 2023-09-15), and no measure was taken",
    )  # fmt: skip
    young = profile(listing=on_list(29))
    assert said(rule, young) == not_met(rule, days, values={"since": "2023-09-16"}, until=TODAY + timedelta(days=1))
    assert said(rule, young, without=days) == not_known(rule, days, values={"since": "2023-09-16"})
    assert said(rule, profile()) == not_met(rule, values={"listed": "no"})
    runs, over = help_("health", "illness"), help_("health", completed_on=listing.since)
    assert said(rule, profile(listing=listing, measures=(runs, over))) == not_met(rule, values={"measures": "2"})
    before = help_("health", completed_on=listing.since - timedelta(days=1))
    assert said(rule, profile(listing=listing, measures=(before,))).holds


def test_able_to_work_and_no_help_to_earn() -> None:
    rule, months = "support.no_development", "support.no_development.months"
    able, unable, unstated = Labour("ordinary", False), Labour("none", False), Labour(None, False)
    since = date(2023, 4, 15)
    listing = Listing(since, (), (listed(since),))
    known = profile(listing=listing, labour=(unable, able), measures=(help_("health"),))
    assert said(rule, known) == held(
        rule, Level.YELLOW, months, values={"since": "2023-04-15", "months": "6"}, facts=listing.facts,
        zh="有劳动力，纳入监测对象 6 个月以上（自 2023-04-15）未落实开发式帮扶措施",
        en="Able to work, on the list for 6 months or more (since 2023-04-15), and no measure helps to earn",
    )  # fmt: skip
    since_ = {"since": "2023-04-15"}
    assert said(rule, known, TODAY - timedelta(days=1)) == not_met(rule, months, values=since_, until=TODAY)
    assert said(rule, known, without=months) == not_known(rule, months, values=since_)
    assert said(rule, replace(known, labour=(unable, unstated))) == not_known(
        rule, "labour_skill", months, values=since_
    )
    for nobody in ((unable,), (Labour(None, True), unable), ()):
        assert said(rule, replace(known, labour=nobody)) == not_met(rule, values={"labour": "no"})
    assert said(rule, replace(known, no_labour=True)) == not_met(rule, values={"labour": "no"})
    assert said(rule, replace(known, labour=(Labour("skilled", True),))).holds
    working = (help_("health"), help_("employment", development=True))
    assert said(rule, replace(known, measures=working)) == not_met(rule, values={"development": "yes"})
    assert said(rule, profile()) == not_met(rule, values={"listed": "no"})


def test_help_that_answers_another_risk() -> None:
    rule = "support.mismatch"
    listing = on_list(3, "illness", "schooling", "strange")
    water, social = help_("water", "illness"), help_("social", "schooling")
    assert said(rule, profile(listing=listing, measures=(water, social, water))) == held(
        rule, Level.YELLOW, values={"causes": "illness,strange", "measures": "social,water"},
        facts=(*listing.facts, water.fact, social.fact, water.fact),
        zh="风险（因病、strange）没有对应的帮扶措施", en="No measure answers the risk: illness, strange",
    )  # fmt: skip
    fitting = help_("social", "illness", "schooling", "strange")
    assert said(rule, profile(listing=listing, measures=(water, fitting))) == not_met(rule, values={"measures": "2"})
    assert said(rule, profile(listing=listing)) == not_met(rule, values={"measures": "0"})
    assert said(rule, profile()) == not_met(rule, values={"listed": "no"})


def test_every_cause_has_its_name() -> None:
    names = {}
    for cause in ("illness", "disability", "schooling", "disaster", "accident", "business_failure", "unstable_work",
                  "labour_shortage", "housing", "water", "other"):  # fmt: skip
        outcome = said("support.mismatch", profile(listing=on_list(1, cause), measures=(help_("relocation"),)))
        names[cause] = outcome.zh.partition("（")[2].partition("）")[0], outcome.en.partition(": ")[2]
    assert names == {
        "illness": ("因病", "illness"), "disability": ("因残", "disability"), "schooling": ("因学", "schooling"),
        "disaster": ("因自然灾害", "disaster"), "accident": ("因意外事故", "accident"),
        "business_failure": ("因产业项目失败", "failed business"), "unstable_work": ("因务工就业不稳", "unstable work"),
        "labour_shortage": ("缺劳动力", "lack of labour"), "housing": ("因安全住房", "housing"),
        "water": ("因安全饮水", "drinking water"), "other": ("其他", "other"),
    }  # fmt: skip
