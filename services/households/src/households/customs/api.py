"""Routes of village rules and of weddings and funerals."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from events.catalog.base import Money, RegionCode
from events.catalog.households import CeremonyFit, CeremonyKind, CeremonyMeasure
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..regions import service as regions
from ..registry import service as registry
from . import service

router = APIRouter(prefix="/v1", tags=["customs 村规民约与红白事"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["customs 村规民约与红白事"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("conditions:read"))]
Write = Annotated[Principal, Depends(needs("conditions:write"))]
Path = Annotated[str, Query(max_length=80)]
Year = Annotated[int, Query(ge=2015, le=2100)]
Figures = dict[CeremonyMeasure, Annotated[Money, Field(ge=0)]]
"""Measure → number of tables or days, or yuan."""


class WordingIn(RequestModel):
    """村规民约: what the village agreed on as the most, by kind and measure, and since when."""

    since: date
    document: Annotated[str, Field(min_length=1, max_length=200)]
    limits: dict[CeremonyKind, Figures]


class RuleIn(WordingIn):
    """村规民约通过"""

    region_code: RegionCode


class RuleEnding(RequestModel):
    """村规民约废止: `ended_on` is the first day without it."""

    ended_on: date


class RuleOut(AnswerModel):
    """村规民约: one wording; where `ended`, there is no rule from `since` on."""

    fact_id: UUID
    revision: int
    region_code: str
    since: date
    ended: bool
    document: str
    limits: dict[CeremonyKind, Figures]


class RulelessOut(AnswerModel):
    """无村规民约的村"""

    region_code: str
    path: str
    households: int
    """登记户数"""


class FiguresIn(RequestModel):
    """红白事数额: all that is known of it."""

    figures: Figures

    def numbers(self) -> dict[str, Decimal]:
        """Measure → number, as the rules take them."""
        return {measure.value: number for measure, number in self.figures.items()}


class CeremonyIn(FiguresIn):
    """红白事报备: it may lie ahead."""

    kind: CeremonyKind
    held_on: date


class CeremonyOut(AnswerModel):
    """红白事: `fit` says whether it keeps to the rule that its village has on the day."""

    id: UUID
    revision: int
    void: bool
    household_id: UUID
    region_code: str
    kind: CeremonyKind
    held_on: date
    held: bool
    figures: Figures
    fit: CeremonyFit


class SpendingOut(AnswerModel):
    """村级红白事: of one kind and year; yuan of those held, their mean beside that of the year before."""

    region_code: str
    path: str
    kind: CeremonyKind
    notified: int
    held: int
    over: int
    unknown: int
    cost: Money
    mean: Money | None
    mean_before: Money | None
    rising: bool | None


@router.post("/village-rules", status_code=201)
async def adopt_rule(body: RuleIn, who: Write, tx: Tx, response: Response) -> RuleOut:
    """A village adopts limits for weddings and funerals (publishes VillageRuleAdopted)."""
    await regions.happened(tx, since=body.since)
    return _rule(await service.adopt_rule(tx, **dict(body)), response)


@router.get("/village-rules")
async def list_rules(who: Read, tx: Tx, path: Path, on: date | None = None) -> list[RuleOut]:
    """The rules that villages below a path have on a day."""
    found = await service.rules_below(tx, validate_path(path), on or await regions.today(tx))
    return [RuleOut.model_validate(asdict(row)) for row in found]


@router.get("/villages-without-rule")
async def list_ruleless(who: Read, tx: Tx, path: Path, on: date | None = None) -> list[RulelessOut]:
    """Villages with registered households below a path that have no rule on a day (§25)."""
    found = await service.ruleless(tx, validate_path(path), on or await regions.today(tx))
    return [RulelessOut(**asdict(row)) for row in found]


@router.get("/village-rules/{rule_id}")
async def read_rule(rule_id: UUID, who: Read, tx: Tx, response: Response) -> list[RuleOut]:
    """Every wording of a village's rule, the newest first."""
    found = await service.get_rule(tx, rule_id)
    _rule(found[0], response)
    return [RuleOut.model_validate(asdict(row)) for row in found]


@router.put("/village-rules/{rule_id}")
async def amend_rule(
    rule_id: UUID, body: WordingIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> RuleOut:
    """A village changes its limits (publishes VillageRuleAmended)."""
    await regions.happened(tx, since=body.since)
    return _rule(await service.amend_rule(tx, rule_id, **dict(body), version=version), response)


@router.post("/village-rules/{rule_id}:end")
async def end_rule(
    rule_id: UUID, body: RuleEnding, who: Write, tx: Tx, version: IfMatch, response: Response
) -> RuleOut:
    """A village gives its rule up (publishes VillageRuleEnded)."""
    await regions.happened(tx, ended_on=body.ended_on)
    return _rule(await service.end_rule(tx, rule_id, ended_on=body.ended_on, version=version), response)


@router.post("/households/{household_id}/ceremonies", status_code=201)
async def notify_ceremony(household_id: UUID, body: CeremonyIn, who: Write, tx: Tx, response: Response) -> CeremonyOut:
    """A household tells of a wedding or funeral (publishes CeremonyNotified); over a limit it is taken, and said so."""
    entry = service.CeremonyEntry(household_id=household_id, **dict(body))
    return _ceremony(await service.notify_ceremony(tx, entry), response)


@audited.get("/households/{household_id}/ceremonies")
async def list_ceremonies(household_id: UUID, who: Read, tx: Tx) -> list[CeremonyOut]:
    """Weddings and funerals of a household, void ones too, the latest first."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    return [CeremonyOut.model_validate(asdict(row)) for row in await service.ceremonies_of(tx, *family)]


@router.post("/ceremonies/{ceremony_id}:hold")
async def hold_ceremony(
    ceremony_id: UUID, body: FiguresIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> CeremonyOut:
    """It was held: what it came to (publishes CeremonyHeld, an expense that is no shock)."""
    row = await service.hold_ceremony(tx, ceremony_id, body.numbers(), version=version)
    await regions.happened(tx, held_on=row.held_on)
    return _ceremony(row, response)


@router.put("/ceremonies/{ceremony_id}")
async def correct_ceremony(
    ceremony_id: UUID, body: FiguresIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> CeremonyOut:
    """State all figures anew: the next revision of the same fact."""
    return _ceremony(await service.correct_ceremony(tx, ceremony_id, body.numbers(), version=version), response)


@router.post("/ceremonies/{ceremony_id}:void")
async def void_ceremony(ceremony_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> CeremonyOut:
    """It was never to be, or was recorded wrongly."""
    return _ceremony(await service.void_ceremony(tx, ceremony_id, version=version), response)


@router.get("/ceremony-spending")
async def read_spending(who: Read, tx: Tx, path: Path, year: Year) -> list[SpendingOut]:
    """Per village below a path and kind: how many, over the limits, and what they cost beside the year before."""
    found = await service.spending_below(tx, validate_path(path), year)
    return [
        SpendingOut(
            region_code=row.region_code,
            path=row.path,
            kind=CeremonyKind(row.kind),
            rising=row.spending.rising,
            **asdict(row.spending),
        )
        for row in found
    ]


def _rule(row: service.Wording, response: Response) -> RuleOut:
    response.headers["ETag"] = etag(row.revision)
    return RuleOut.model_validate(asdict(row))


def _ceremony(row: service.Ceremony, response: Response) -> CeremonyOut:
    response.headers["ETag"] = etag(row.revision)
    return CeremonyOut.model_validate(asdict(row))
