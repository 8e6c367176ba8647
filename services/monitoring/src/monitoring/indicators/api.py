"""Routes of indicators: the catalogue, values down the tree of areas, their rows, series, assessment, reports."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from events.catalog.households import TeamRole
from kit.auth import Principal, needs
from kit.models import AnswerModel
from kit.paging import Page, Paging
from kit.policy import Confidence, PolicyValue
from kit.route import TransactionRoute
from kit.running import Tx

from . import bodies, queries, reports, service
from .rules import (
    AREA,
    CATALOGUE,
    TEAM,
    UNIT,
    Assessed,
    Assessee,
    Kind,
    Measure,
    Period,
    Source,
    Value,
    period_of,
)
from .rules.refusals import NothingToOpen

router = APIRouter(prefix="/v1", tags=["indicators 指标"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("indicators:read"))]
AreaPath = Annotated[str, Query(max_length=60, description="management path of an area, `5301/530128/`")]
Month = Annotated[
    str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="month; the business month if left out")
]
Wanted = Annotated[list[str], Query(max_length=60, description="indicators by id; all if left out")]
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


@router.get("/indicators")
async def list_indicators(who: Read) -> list[IndicatorOut]:
    """The catalogue: definition, clause, unit, parts."""
    return [
        IndicatorOut(**{name: getattr(item, name) for name in IndicatorOut.model_fields}) for item in CATALOGUE.values()
    ]


@router.get("/indicators/values")
async def read_values(tx: Tx, who: Read, area: AreaPath, month: Month = None, indicator: Wanted = []) -> ValuesOut:  # noqa: B006
    """The values of an area and of those right below it."""
    path, wanted = service.area_of(area, who.paths), [service.indicator(name).id for name in indicator]
    period, on = await service.begun(tx, _period(month))
    here, *below = await service.values(tx, [path, *await service.below(tx, path)], period, wanted)
    published = await service.comparisons(tx, path, min(period.ends_on, on))
    return ValuesOut(
        month=period.name,
        business_date=on,
        area=_area(here, published),
        below=[_area(item, published) for item in below],
    )


@router.get("/indicators/{indicator_id}/series")
async def read_series(indicator_id: str, tx: Tx, who: Read, area: AreaPath, until: Month = None) -> list[PointOut]:
    """One indicator of an area, month by month."""
    item, path = service.indicator(indicator_id), service.area_of(area, who.paths)
    period, _ = await service.begun(tx, _period(until))
    points = await service.series(tx, item, path, period)
    return [PointOut(month=p.month, value=p.value.value, part=p.value.part, of=p.value.of) for p in points]


@router.get("/indicators/{indicator_id}/households")
async def list_rows(
    indicator_id: str,
    tx: Tx,
    who: Read,
    paging: Paging,
    area: AreaPath,
    which: Literal["counted", "rest"] = "counted",
    month: Month = None,
) -> Page[RowOut]:
    """The rows behind a number: as they are now, or for what happened within a month, in that month.

    `rest` = of what the number is a part of, those it leaves out: households that need a helper and have none.
    """
    item, path = service.indicator(indicator_id), service.area_of(area, who.paths)
    if item.source is Source.NONE:
        raise NothingToOpen
    period, _ = await service.begun(tx, _period(month))
    after = (str(paging.after[0]), UUID(str(paging.after[1]))) if paging.after else None
    rest = which == "rest"
    rows = await queries.rows(tx, item, path, rest=rest, period=period, after=after, limit=paging.limit)
    return paging.page(
        rows,
        show=lambda row: RowOut(**{name: getattr(row, name) for name in RowOut.model_fields}),
        place=lambda row: [row.path, str(row.id)],
    )


@router.get("/assessments")
async def read_assessment(
    tx: Tx,
    who: Read,
    area: AreaPath,
    month: Month = None,
    level: Annotated[
        Literal["county", "township", "village"] | None,
        Query(description="areas of this level; those right below if left out"),
    ] = None,
) -> AssessmentOut:
    """Points of areas by published weights, each opened into its parts; what is unknown gives no score."""
    path = service.area_of(area, who.paths)
    period, on = await service.begun(tx, _period(month))
    day = min(period.ends_on, on)
    paths = await (queries.of_level(tx, path, level, day) if level else service.below(tx, path))
    scores = await service.assess(tx, paths, period, day)
    weighted = any(score.assessed.parts for score in scores)
    zh, en = _WEIGHTED if weighted else _unweighted(AREA)
    return AssessmentOut(
        month=period.name, business_date=on, weighted=weighted, zh=zh, en=en, scores=[_score(item) for item in scores]
    )


def _unweighted(of: Assessee) -> tuple[str, str]:
    return (
        f"尚未发布考核权重，不计分；权重以 {of.prefix}.weight.* 起草，由第二人发布",
        f"no weights are published, so nothing is scored; draft {of.prefix}.weight.*, which a second person releases",
    )


_WEIGHTED: Final = ("按已发布的权重计分", "by published weights")


@router.get("/assessments/units")
async def read_unit_assessment(tx: Tx, who: Read, area: AreaPath, month: Month = None) -> UnitAssessmentOut:
    """Points of designated units by the households of an area whose helpers they sent as a month ended."""
    path = service.area_of(area, who.paths)
    period, on = await service.begun(tx, _period(month))
    day = min(period.ends_on, on)
    scores = await bodies.assess_units(tx, path, period, day)
    weighted = any(score.assessed.parts for score in scores)
    zh, en = _WEIGHTED if weighted else _unweighted(UNIT)
    shown = [
        UnitScoreOut(unit=item.unit, households=item.households, rank=item.rank, **_points(item.assessed))
        for item in scores
    ]
    return UnitAssessmentOut(
        month=period.name,
        business_date=on,
        since=day.replace(month=1, day=1),
        weighted=weighted,
        zh=zh,
        en=en,
        scores=shown,
    )


@router.get("/assessments/teams")
async def read_team_assessment(tx: Tx, who: Read, area: AreaPath, month: Month = None) -> TeamAssessmentOut:
    """Points of village teams by their villages and by the places that are taken."""
    path = service.area_of(area, who.paths)
    period, on = await service.begun(tx, _period(month))
    day = min(period.ends_on, on)
    scores = await bodies.assess_teams(tx, await queries.of_level(tx, path, "village", day), period, day)
    weighted = any(item.score.assessed.parts for item in scores)
    zh, en = _WEIGHTED if weighted else _unweighted(TEAM)
    shown = [TeamScoreOut(**dict(_score(item.score)), missing=list(item.missing)) for item in scores]
    return TeamAssessmentOut(month=period.name, business_date=on, weighted=weighted, zh=zh, en=en, scores=shown)


@router.get("/indicator-reports/{period}", response_class=Response, responses={200: {"content": {XLSX: {}}}})
async def read_report(period: str, tx: Tx, who: Read, area: AreaPath) -> Response:
    """The workbook of a quarter `2023-Q4`, a half year `2023-H2` or a year `2023`, as its end left the values."""
    path = service.area_of(area, who.paths)
    data = await reports.workbook_of(tx, path, period_of(period))
    name = f"indicators-{period}-{path.rstrip('/').rpartition('/')[2]}.xlsx"
    return Response(data, media_type=XLSX, headers={"content-disposition": f'attachment; filename="{name}"'})


def _period(month: str | None) -> Period | None:
    return period_of(month) if month else None


def _area(area: service.Area, published: dict[str, dict[str, PolicyValue]]) -> AreaOut:
    values = [_value(name, value, published.get(name, {})) for name, value in area.values.items()]
    return AreaOut(path=area.path, name=area.name, values=values)


def _value(name: str, value: Value, published: dict[str, PolicyValue]) -> ValueOut:
    told = [
        PublishedOut(
            body=body, **{field: getattr(item, field) for field in PublishedOut.model_fields if field != "body"}
        )
        for body, item in published.items()
    ]
    return ValueOut(
        id=name,
        value=value.value,
        part=value.part,
        of=value.of,
        year_before=value.before,
        growth=value.growth,
        published=told,
    )


def _score(score: service.Score) -> ScoreOut:
    return ScoreOut(path=score.area.path, name=score.area.name, rank=score.rank, **_points(score.assessed))


def _points(done: Assessed) -> dict[str, Any]:
    parts = [
        PartOut(
            id=part.value.indicator.id,
            zh=part.value.indicator.zh,
            en=part.value.indicator.en,
            value=part.value.value,
            weight=part.scale.weight.value,
            full_at=part.scale.full.value if part.scale.full else None,
            none_at=part.scale.none.value if part.scale.none else None,
            points=part.points,
            policy=[item.id for item in part.scale.policy],
        )
        for part in done.parts
    ]
    return {
        "score": done.score,
        "points": done.points,
        "out_of": done.out_of,
        "unknown": [part.id for part in parts if part.points is None],
        "parts": parts,
    }
