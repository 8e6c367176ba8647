"""What the routes of indicators and assessments answer."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from events.catalog.households import TeamRole
from kit.models import AnswerModel
from kit.policy import Confidence

from .rules import Kind, Measure, Source


class IndicatorOut(AnswerModel):
    """指标说明: `part` over `of` gives the value; of a growth, `part` is the indicator that grows."""

    id: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    clause: str
    measure: Measure
    kind: Kind
    part: str
    of: str | None
    source: Source
    """the rows a number opens to"""


class PublishedOut(AnswerModel):
    """对比值 of the province or the nation, as it was entered, with its source."""

    body: Literal["province", "nation"]
    value: Decimal
    valid_from: date
    document: str
    clause: str
    confidence: Confidence


class ValueOut(AnswerModel):
    """指标值; null = unknown, which is never zero."""

    id: str
    value: Decimal | None
    part: Decimal | None
    of: Decimal | None
    year_before: Decimal | None
    growth: Decimal | None
    """percent on the year before"""
    published: list[PublishedOut]
    """what the province and the nation publish; empty while nobody has entered it"""


class AreaOut(AnswerModel):
    """区域指标"""

    path: str
    name: str | None
    values: list[ValueOut]


class ValuesOut(AnswerModel):
    """指标 of an area and the areas right below it, at the end of a month or, this month, by now."""

    month: str
    business_date: date
    area: AreaOut
    below: list[AreaOut]


class PointOut(AnswerModel):
    """序列值 of a month."""

    month: date
    value: Decimal | None
    part: Decimal | None
    of: Decimal | None


class RowOut(AnswerModel):
    """明细行: a household, a case or a judged alert behind a number, and what it adds."""

    id: UUID
    household_id: UUID
    number: str
    path: str
    state: str
    """risk level, stage of the case, or verdict"""
    amount: Decimal
    """households, alerts, yuan or days it adds"""


class PartOut(AnswerModel):
    """得分项: value, weight and scale of one indicator; without points where something is unknown."""

    id: str
    zh: str
    en: str
    value: Decimal | None
    weight: Decimal
    full_at: Decimal | None
    none_at: Decimal | None
    points: Decimal | None
    policy: list[UUID]
    """the values of policy that say so"""


class PointsOut(AnswerModel):
    """考核得分"""

    rank: int | None
    score: Decimal | None
    """null without weights, or while a part is unknown"""
    points: Decimal
    """sum of the parts that are known"""
    out_of: Decimal
    """sum of the weights"""
    unknown: list[str]
    """indicators without points"""
    parts: list[PartOut]


class ScoreOut(PointsOut):
    """考核结果 of an area."""

    path: str
    name: str | None


class UnitScoreOut(PointsOut):
    """考核结果 of a designated unit; a household of two units counts for both."""

    unit: str
    households: int


class TeamScoreOut(ScoreOut):
    """考核结果 of a village's team."""

    missing: list[TeamRole]
    """roles that nobody holds"""


class AssessmentOut(AnswerModel):
    """差异化考核 of areas, the best first."""

    month: str
    business_date: date
    weighted: bool
    """false: no weights are published for any of these areas, so nothing is scored"""
    zh: str
    en: str
    scores: list[ScoreOut]


class UnitAssessmentOut(AnswerModel):
    """定点帮扶单位考核, the best first: households as the month left them, verdicts and cases from January on."""

    month: str
    business_date: date
    since: date
    weighted: bool
    zh: str
    en: str
    scores: list[UnitScoreOut]


class TeamAssessmentOut(AnswerModel):
    """村级队伍考核, the best first."""

    month: str
    business_date: date
    weighted: bool
    zh: str
    en: str
    scores: list[TeamScoreOut]
