"""The catalogue: every indicator with its definition, clause and the parts it is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from ...cases.rules import State
from ...risk.rules import Level


class Kind(StrEnum):
    """口径: whether an indicator tells how things stand at the end of a period, or what happened within it."""

    STOCK = "stock"
    """期末数"""
    FLOW = "flow"
    """期内数"""


class Measure(StrEnum):
    """计量单位"""

    COUNT = "count"
    """户、人、件"""
    PERCENT = "percent"
    """%"""
    YUAN = "yuan"
    """元/人"""
    DAYS = "days"
    """天"""
    GROWTH = "growth"
    """比上年同期增长 %"""


class Source(StrEnum):
    """明细来源: the rows a number opens to."""

    HOUSEHOLDS = "households"
    """户"""
    CASES = "cases"
    """个案"""
    DECIDED = "decided"
    """期内办结的个案"""
    VERDICTS = "verdicts"
    """期内的核实结论"""
    NONE = "none"
    """由其他指标计算"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """指标.

    Attributes:
        clause: of the plan, as docs/policy-coverage.md names it.
        part: the part that is counted; of a growth, the indicator that grows.
        of: what it is a part of, or shared by; where that is zero, the value is unknown.
    """

    id: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    clause: str
    part: str
    of: str | None = None
    measure: Measure = Measure.COUNT
    kind: Kind = Kind.STOCK
    source: Source = Source.HOUSEHOLDS


_LEVELS: Final = {
    Level.RED: ("红色", "red"),
    Level.ORANGE: ("橙色", "orange"),
    Level.YELLOW: ("黄色", "yellow"),
    Level.GREEN: ("绿色", "green"),
    Level.UNKNOWN: ("未知", "unknown"),
}
_AT_RISK: Final = ("监测对象，风险未消除", "monitored, risk not eliminated")
_CATEGORIES: Final = {
    "lifted": ("脱贫户", "lifted households", "脱贫户（含不享受政策）", "registered as lifted, with policy or without"),
    "unstable": ("脱贫不稳定户", "unstable households", *_AT_RISK),
    "borderline": ("边缘易致贫户", "borderline households", *_AT_RISK),
    "sudden": ("突发严重困难户", "households in sudden hardship", *_AT_RISK),
}  # fmt: skip
_SOURCES: Final = {"survey": ("收入调查", "survey figures"), "wages": ("务工工资", "wage data")}
_KINDS: Final = {
    "wage": ("工资性", "wage"),
    "business": ("生产经营性", "business"),
    "property": ("财产性", "property"),
    "transfer": ("转移性", "transfer"),
}
_LINES: Final = {"one_to_one": ("1.1万元线", "the 11,000 yuan line"), "monitoring": ("监测线", "the monitoring line")}
_STAGES: Final = {
    State.VERIFYING: ("入户核实与信息比对", "being verified"),
    State.REVIEWING: ("待村级评议", "awaiting village review"),
    State.POSTING: ("待公示", "awaiting notice"),
    State.NOTICE: ("公示中", "on notice"),
    State.TOWNSHIP: ("待乡镇审核", "awaiting the township"),
    State.COUNTY: ("待县级审批", "awaiting the county"),
    State.LISTED: ("已纳入，风险未消除", "listed"),
    State.ELIMINATED: ("风险已消除", "eliminated"),
}
_WINDOW_ZH: Final = "前十二个整月、脱贫人口（含监测对象）中收入已知的户"
_WINDOW_EN: Final = "the twelve full months before, households lifted or monitored whose income is known"


def _households() -> Iterator[Indicator]:
    yield Indicator(
        id="households", zh="监测户数", en="households watched over", clause="G4", part="households",
        definition_zh="已登记且未并入他户", definition_en="registered and not merged into another",
    )  # fmt: skip
    yield Indicator(
        id="target", zh="脱贫及监测户数", en="lifted or monitored households", clause="G8", part="target",
        definition_zh="脱贫户和风险未消除的监测对象", definition_en="lifted, or monitored and not eliminated",
    )  # fmt: skip
    for level, (zh, en) in _LEVELS.items():
        yield Indicator(
            id=f"level.{level.wire}", zh=f"{zh}户数", en=f"households at {en}", clause="G4", part=f"level.{level.wire}",
            definition_zh="户风险等级为该级", definition_en="whose risk level is this one",
        )  # fmt: skip
    for name, (zh, en, definition_zh, definition_en) in _CATEGORIES.items():
        yield Indicator(
            id=f"category.{name}", zh=f"{zh}数", en=en, clause="G8", part=f"category.{name}",
            definition_zh=definition_zh, definition_en=definition_en,
        )  # fmt: skip
    for source, (zh, en) in _SOURCES.items():
        for state, word_zh, word_en in (("live", "有", "live"), ("silent", "中断", "silent")):
            yield Indicator(
                id=f"source.{source}.{state}", zh=f"{zh}数据{word_zh}的户数", en=f"households with {word_en} {en}",
                clause="G4", part=f"source.{source}.{state}", of=f"source.{source}.expected",
                definition_zh="在应有该来源数据的户中；超过其报送周期未到为中断",
                definition_en="of those the source should speak of; silent = beyond its rhythm",
            )  # fmt: skip


def _income() -> Iterator[Indicator]:
    yield Indicator(
        id="income.per_head", zh="人均纯收入", en="net income per head", clause="G8", part="income.net",
        of="income.persons", measure=Measure.YUAN,
        definition_zh=f"家庭纯收入合计 ÷ 人数；{_WINDOW_ZH}",
        definition_en=f"net income over persons; {_WINDOW_EN}",
    )  # fmt: skip
    yield Indicator(
        id="income.growth", zh="人均纯收入增长", en="growth of net income per head", clause="G8",
        part="income.per_head", measure=Measure.GROWTH, source=Source.NONE,
        definition_zh="与上年同期人均纯收入相比", definition_en="on net income per head a year before",
    )  # fmt: skip
    for kind, (zh, en) in _KINDS.items():
        yield Indicator(
            id=f"income.{kind}", zh=f"人均{zh}收入", en=f"{en} income per head", clause="G8", part=f"income.{kind}",
            of="income.persons", measure=Measure.YUAN,
            definition_zh=f"{zh}收入合计 ÷ 人数；{_WINDOW_ZH}", definition_en=f"{en} income over persons; {_WINDOW_EN}",
        )  # fmt: skip
    yield Indicator(
        id="income.transfer_share", zh="转移性收入占比", en="share of transfers", clause="G8", part="income.transfer",
        of="income.gross", measure=Measure.PERCENT,
        definition_zh=f"转移性收入 ÷ 四类收入合计；{_WINDOW_ZH}",
        definition_en=f"transfers over all four kinds; {_WINDOW_EN}",
    )  # fmt: skip
    yield Indicator(
        id="income.known", zh="收入已知率", en="share whose income is known", clause="G8", part="income.known",
        of="target", measure=Measure.PERCENT,
        definition_zh="四类收入各月都有来源的户", definition_en="every kind and month has a source",
    )  # fmt: skip
    for line, (zh, en) in _LINES.items():
        for name, measure, word in (
            (f"line.{line}", Measure.COUNT, "户数"),
            (f"line.{line}.share", Measure.PERCENT, "占比"),
        ):
            yield Indicator(
                id=name, zh=f"低于{zh}{word}", en=f"households under {en}{', share' if word == '占比' else ''}",
                clause="G3" if line == "one_to_one" else "G4", part=f"line.{line}.below", of=f"line.{line}.judged",
                measure=measure,
                definition_zh="脱贫及监测户中，人均纯收入低于当日该线；该线或收入未知的户不计入",
                definition_en="of lifted or monitored households; those whose line or income is unknown are left out",
            )  # fmt: skip


def _help() -> Iterator[Indicator]:
    yield Indicator(
        id="help.helper", zh="一对一帮扶覆盖率", en="coverage by one-to-one helpers", clause="G3",
        part="helper.assigned", of="helper.needed", measure=Measure.PERCENT,
        definition_zh="预计人均纯收入低于1.1万元的脱贫及监测户中，有在岗帮扶责任人的",
        definition_en="of households projected under 11,000 yuan per head, those with an active helper",
    )  # fmt: skip
    yield Indicator(
        id="help.measure", zh="帮扶措施覆盖率", en="coverage by measures", clause="G4",
        part="measure.taken", of="measure.needed", measure=Measure.PERCENT,
        definition_zh="已纳入且未消除的户中，本次纳入后有帮扶措施的",
        definition_en="of listed households, those that a measure of this stay has reached",
    )  # fmt: skip
    yield Indicator(
        id="help.matched", zh="措施与风险匹配率", en="measures that answer every risk", clause="G4",
        part="measure.matched", of="measure.needed", measure=Measure.PERCENT,
        definition_zh="已纳入且未消除的户中，每项风险都有对应措施的",
        definition_en="of listed households, those whose every risk is answered by a measure",
    )  # fmt: skip


def _alerts() -> Iterator[Indicator]:
    yield Indicator(
        id="alerts.open", zh="在办预警数", en="open alerts", clause="G4", part="alerts.open",
        definition_zh="未关闭、未撤回且未判为重复的预警",
        definition_en="not closed, not retracted, not judged a duplicate",
    )  # fmt: skip
    for level in (Level.RED, Level.ORANGE, Level.YELLOW):
        zh, en = _LEVELS[level]
        yield Indicator(
            id=f"alerts.{level.wire}", zh=f"在办{zh}预警数", en=f"open {en} alerts", clause="G4",
            part=f"alerts.{level.wire}",
            definition_zh="在办预警中最高曾达该级的",
            definition_en="of open alerts, those whose highest level is this one",
        )  # fmt: skip
    for name, measure, word in (("", Measure.COUNT, "数"), ("_share", Measure.PERCENT, "占比")):
        yield Indicator(
            id=f"alerts.overdue{name}", zh=f"超期未帮扶预警{word}",
            en=f"alerts without help in time{', share' if name else ''}", clause="G4",
            part="alerts.overdue", of="alerts.timed", measure=measure,
            definition_zh="自预警起超过帮扶时限（政策 help.days）仍无有效帮扶；时限未设定的不计入",
            definition_en="no effective help within the days of policy help.days; without such days left out",
        )  # fmt: skip
    yield Indicator(
        id="verdicts.given", zh="核实次数", en="verdicts given", clause="G4", part="verdicts.given", kind=Kind.FLOW,
        source=Source.VERDICTS,
        definition_zh="期内作出的核实结论，每次计一次", definition_en="verdicts of the period, each counted once",
    )  # fmt: skip
    yield Indicator(
        id="verdicts.precision", zh="预警准确率", en="precision of alerts", clause="G4", part="verdicts.right",
        of="verdicts.judged", measure=Measure.PERCENT, kind=Kind.FLOW, source=Source.VERDICTS,
        definition_zh="期内核实结论中属实和已帮扶的占比，重复不计",
        definition_en="confirmed or helped among the verdicts of the period, duplicates aside",
    )  # fmt: skip


def _cases() -> Iterator[Indicator]:
    for state, (zh, en) in _STAGES.items():
        yield Indicator(
            id=f"cases.{state.value}", zh=f"{zh}的个案", en=f"cases {en}", clause="G4", part=f"cases.{state.value}",
            source=Source.CASES, definition_zh="期末处于该环节", definition_en="at this stage at the end of the period",
        )  # fmt: skip
    decided = partial(Indicator, clause="G4", kind=Kind.FLOW, source=Source.DECIDED)
    yield decided(
        id="cases.decided", zh="识别办结数", en="cases decided", part="cases.decided",
        definition_zh="期内纳入或不予纳入，存量导入除外",
        definition_en="listed or refused in the period, loaded ones aside",
    )  # fmt: skip
    yield decided(
        id="cases.days", zh="识别平均用时", en="mean days of identification", part="cases.days", of="cases.decided",
        measure=Measure.DAYS,
        definition_zh="自登记线索至纳入或不予纳入的日历天", definition_en="calendar days from clue to decision",
    )  # fmt: skip
    yield decided(
        id="cases.in_time", zh="识别按期率", en="identified in time", part="cases.in_time", of="cases.timed",
        measure=Measure.PERCENT,
        definition_zh="在识别时限（政策 case.identification.days）内办结的",
        definition_en="decided within the days of policy case.identification.days",
    )  # fmt: skip


CATALOGUE: Final[Mapping[str, Indicator]] = {
    indicator.id: indicator for part in (_households, _income, _help, _alerts, _cases) for indicator in part()
}
"""Id → indicator."""

ASSESSED: Final = (
    "income.per_head",
    "income.growth",
    "income.transfer_share",
    "line.one_to_one.share",
    "line.monitoring.share",
    "help.helper",
    "help.measure",
    "help.matched",
    "alerts.overdue_share",
    "verdicts.precision",
    "cases.in_time",
)
"""What areas of any size can be compared by; weights and scales may be set for these."""

UNIT_ASSESSED: Final = tuple(name for name in ASSESSED if name not in ("income.growth", "help.helper"))
"""Of the households as they stand now there is no year before, and all of them have a helper."""

TEAM_FILLED: Final = Indicator(
    id="team.filled", zh="六位一体到位率", en="places of the village team that are taken", clause="G3",
    part="team.taken", of="team.places", measure=Measure.PERCENT, source=Source.NONE,
    definition_zh="村级队伍六类成员中当日有人在岗的", definition_en="of the six roles, those somebody holds on the day",
)  # fmt: skip
TEAM_ASSESSED: Final = (TEAM_FILLED.id, *ASSESSED)
"""The village it works in, and whether it is complete."""

COMPARED: Final = ("income.per_head", "income.growth", "income.transfer_share")
"""What the province and the nation publish too."""
BODIES: Final[Mapping[str, tuple[str, str]]] = {"province": ("全省", "the province"), "nation": ("全国", "the nation")}
