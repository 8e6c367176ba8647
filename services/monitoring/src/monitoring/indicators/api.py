"""Routes of indicators: the catalogue, values down the tree of areas, their rows, series, assessment, reports."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from kit.auth import Principal, needs
from kit.paging import Page, Paging
from kit.policy import PolicyValue
from kit.route import TransactionRoute
from kit.running import Tx

from . import bodies, queries, reports, service
from .models import (
    AreaOut,
    AssessmentOut,
    IndicatorOut,
    PartOut,
    PointOut,
    PublishedOut,
    RowOut,
    ScoreOut,
    TeamAssessmentOut,
    TeamScoreOut,
    UnitAssessmentOut,
    UnitScoreOut,
    ValueOut,
    ValuesOut,
)
from .rules import (
    AREA,
    CATALOGUE,
    TEAM,
    UNIT,
    Assessed,
    Assessee,
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
