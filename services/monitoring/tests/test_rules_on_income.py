"""What the rules on income say in full: level, figures, facts, policy and words."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from monitoring_facts import EARNER, TODAY, fact, seeds
from monitoring_said import FIRST, SOURCE, earning, held, not_known, not_met, profile, said
from msgspec.structs import replace

from monitoring.risk.rules import RULES, Level, State, VerifiedYear, evaluate, next_month
from monitoring.risk.rules.model import percent, yuan


def test_amounts_and_shares_are_written_as_officers_read_them() -> None:
    assert [yuan(Decimal(amount)) for amount in ("6700", "10450.00", "3483.34", "0.5")] == [
        "6,700", "10,450", "3,483.34", "0.50",
    ]  # fmt: skip
    assert [percent(Decimal(share)) for share in ("0.3", "0.305", "1", "0.1234")] == ["30%", "30.5%", "100%", "12.3%"]
    assert [level.wire for level in Level] == ["unknown", "green", "yellow", "orange", "red"]
    assert (next_month(date(2023, 11, 30)), next_month(TODAY)) == (date(2023, 12, 1), date(2023, 11, 1))
    assert next_month(date(2023, 12, 5)) == date(2024, 1, 1)


def test_an_income_under_the_monitoring_line() -> None:
    rule, line = "income.below_line", "line.monitoring"
    figures = {"projected": "8049.99", "published": "8050.99", "window": "2022-10-01/2023-09-30"}
    assert said(rule, profile(income=earning("8049.99"))) == held(
        rule, Level.ORANGE, line, values=figures | {"line": "8050.00"}, facts=(SOURCE,),
        zh="家庭收入预计 8,049.99 元/人，低于监测线 8,050 元",
        en="Projected income 8,049.99 yuan per person, under the monitoring line 8,050",
    )  # fmt: skip
    carried = profile(income=earning("8050", carried_months=3, mixed=True))
    mixed = {"projected": "8050", "published": "8051", "window": "2022-10-01/2023-09-30",
             "carried_months": "3", "mixed": "yes"}  # fmt: skip
    assert said(rule, carried) == not_met(rule, line, values=mixed | {"line": "8050.00"})
    assert said(rule, carried, without=line) == not_known(rule, line, values=mixed)
    assert said(rule, profile()) == not_known(rule, "income")


def test_a_household_under_the_one_to_one_line_without_a_helper() -> None:
    rule, line = "income.below_one_to_one", "line.one_to_one"
    poor = earning("10999.99")
    figures = {"projected": "10999.99", "published": "11000.99", "window": "2022-10-01/2023-09-30"}
    expected = held(
        rule, Level.YELLOW, line, values=figures | {"line": "11000.00", "helpers": "0"}, facts=(SOURCE,),
        zh="家庭收入预计 10,999.99 元/人，低于 11,000 元，且无一对一帮扶责任人",
        en="Projected income 10,999.99 yuan per person, under 11,000, and no helper is assigned",
    )  # fmt: skip
    assert said(rule, profile(income=poor)) == expected
    assert said(rule, profile(lifted=False, monitored=True, income=poor)) == expected
    assert said(rule, profile(lifted=False, income=poor)) == not_met(rule, values={"applies": "no"})
    helper = fact("HelperAssigned", FIRST)
    assert said(rule, profile(income=poor, helpers=(helper, helper))) == not_met(rule, values={"helpers": "2"})
    assert said(rule, profile()) == not_known(rule, "income")
    assert said(rule, profile(income=poor), without=line) == not_known(rule, line, values=figures)
    enough = {"projected": "11000", "published": "11001", "window": "2022-10-01/2023-09-30", "line": "11000.00"}
    assert said(rule, profile(income=earning("11000"))) == not_met(rule, line, values=enough)


def year(per_head: str, *, share: str | None = "0.2", last: date = date(2022, 9, 30), **data: Any) -> VerifiedYear:
    told = fact("IncomeRecorded", last, name=per_head, window_to=last.isoformat(), **data)
    return VerifiedYear(told, Decimal(per_head), None if share is None else Decimal(share))


def test_an_income_far_under_the_last_verified_year() -> None:
    rule, limit = "income.drop", "income.drop.share"
    before, last = year("90000"), year("10000")
    figures = {"projected": "7000", "verified_year": "10000"}
    assert said(rule, profile(income=earning("7000"), years=(before, last))) == held(
        rule, Level.YELLOW, limit, values=figures | {"drop": "30%"}, facts=(last.fact, SOURCE),
        zh="家庭收入预计 7,000 元/人，比上一核实年度下降 30%",
        en="Projected income 7,000 yuan per person, 30% under the last verified year",
    )  # fmt: skip
    enough = profile(income=earning("7000.01"), years=(before, last))
    assert said(rule, enough) == not_met(rule, limit, values=figures | {"projected": "7000.01"})
    nothing = profile(income=earning("-5"), years=(year("0"),))
    assert said(rule, nothing) == not_met(rule, limit, values={"projected": "-5", "verified_year": "0"})
    assert said(rule, enough, without=limit) == not_known(rule, limit, values=figures | {"projected": "7000.01"})
    assert said(rule, profile(years=(last,))) == not_known(rule, "income")
    assert said(rule, profile(income=earning("7000"))) == not_known(rule, "verified_year")
    itself = profile(income=earning("7000", facts=(last.fact.id, SOURCE.id)), years=(last,))
    assert said(rule, itself).facts == (last.fact.id, SOURCE.id), "one fact is named once"
    tiny = profile(income=earning("0.5"), years=(year("1"),))
    assert said(rule, tiny).values["drop"] == "50%"


def test_an_income_that_lives_on_transfers_more_than_before() -> None:
    rule, limit = "income.transfer_dependent", "income.transfer.share"
    earlier = year("10000", share="0.4")
    rich = earning("20000", transfer_share=Decimal("0.51"))
    assert said(rule, profile(income=rich, years=(earlier,))) == held(
        rule, Level.YELLOW, limit, values={"share": "51%", "earlier": "40%"}, facts=(earlier.fact, SOURCE),
        zh="转移性收入占比 51%，高于 50% 且比上年上升",
        en="Transfers are 51% of income, above 50% and more than the year before",
    )  # fmt: skip
    half = profile(income=earning("20000", transfer_share=Decimal("0.5")), years=(earlier,))
    assert said(rule, half) == not_met(rule, limit, values={"share": "50%"})
    same = profile(income=rich, years=(year("10000", share="0.51"),))
    assert said(rule, same) == not_met(rule, limit, values={"share": "51%", "earlier": "51%"})
    assert said(rule, profile(income=rich)) == not_known(rule, "verified_year", limit, values={"share": "51%"})
    assert said(rule, half, without=limit) == not_known(rule, limit, values={"share": "50%"})
    assert said(rule, profile()) == not_known(rule, "income")
    assert said(rule, profile(income=earning("1", transfer_share=None))) == not_known(rule, "income")


def test_only_a_year_that_was_over_before_the_window_is_compared_with() -> None:
    rule, rich = "income.transfer_dependent", earning("20000", transfer_share=Decimal("0.9"))
    newest, older = year("1", share="0.8", last=date(2022, 9, 30)), year("2", share="0.1", last=date(2021, 9, 30))
    assert said(rule, profile(income=rich, years=(older, newest))).values["earlier"] == "80%"
    within, unshared = year("3", share="0.7", last=FIRST), year("4", share=None)
    untold = VerifiedYear(fact("IncomeRecorded", date(2022, 9, 30), name="untold"), Decimal(5), Decimal("0.6"))
    for passed in (within, unshared, untold):
        assert said(rule, profile(income=rich, years=(older, passed))).values["earlier"] == "10%"


def test_beside_another_risk_an_income_under_the_line_is_red() -> None:
    poor = profile(income=earning("100"), helpers=(fact("HelperAssigned", FIRST),))
    unsafe = replace(
        poor,
        conditions=(fact("ConditionReported", TODAY, guarantee="housing"),),
        overdue=(fact("LoanOverdue", TODAY - timedelta(days=1), person=EARNER, amount="1"),),
    )
    alone, beside = ({item.rule: item for item in evaluate(known, seeds(), TODAY)} for known in (poor, unsafe))
    assert list(alone) == list(RULES)
    one, other = alone["income.below_line"], beside["income.below_line"]
    assert other == replace(
        one, level=Level.RED, values={**one.values, "causes": "guarantee.housing,debt.overdue"},
        zh=f"{one.zh}，并存在其他返贫风险", en=f"{one.en}, and another risk is present",
    )  # fmt: skip
    assert {rule: item for rule, item in beside.items() if rule != "income.below_line"} == {
        rule: item for rule, item in alone.items() if rule not in ("income.below_line",)
    } | {rule: beside[rule] for rule in ("guarantee.housing", "debt.overdue")}
    enough = evaluate(replace(unsafe, income=earning("9000")), seeds(), TODAY)
    assert next(item for item in enough if item.rule == "income.below_line").state is State.CLEAR
