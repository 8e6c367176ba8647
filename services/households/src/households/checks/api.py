"""Routes of checks: rules, findings, counts, workbook, exemptions."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.policy_book import Confidence
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..regions import service as regions
from . import service
from .rules import RULES, UNDECIDABLE, ExemptionEnds, FindingState, Severity

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = APIRouter(prefix="/v1", tags=["checks 查验"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("households:read"))]
Write = Annotated[Principal, Depends(needs("households:write"))]
Path = Annotated[str | None, Query(max_length=80)]
RuleName = Annotated[str | None, Query(max_length=60)]


class LimitOut(AnswerModel):
    """政策值 of a rule; value null = unknown, and the rule is undecided there."""

    name: str
    value: Decimal | None
    valid_from: date | None
    document: str | None
    confidence: Confidence | None


class RuleOut(AnswerModel):
    """查验规则"""

    id: str
    zh: str
    en: str
    source: str
    severity: Severity
    limits: list[LimitOut]
    decided: bool


class UndecidableOut(AnswerModel):
    """不能判断的规则, and why"""

    id: str
    zh: str
    en: str
    source: str
    why_zh: str
    why_en: str


class RulesOut(AnswerModel):
    """规则清单: those that are checked, and those of the field that cannot be."""

    rules: list[RuleOut]
    not_decided_here: list[UndecidableOut]


class EvidenceOut(AnswerModel):
    """疑点依据: which case of the rule, and the fields that contradict each other; no values."""

    cases: list[str]
    fields: list[str]


class FindingOut(AnswerModel):
    """疑点"""

    id: UUID
    household_id: UUID
    person_id: UUID | None
    rule: str
    severity: Severity | None
    zh: str | None
    en: str | None
    state: FindingState
    since: date
    until: date | None
    evidence: EvidenceOut
    version: int


class ListedOut(FindingOut):
    """疑点清单的一行"""

    number: str
    region_code: str
    path: str
    masked_name: str | None


class CountOut(AnswerModel):
    """疑点数: of a village and a rule."""

    region_code: str
    path: str
    rule: str
    findings: int
    households: int


class ExemptionIn(RequestModel):
    """核实无误: why it is right as it is; until is the last day, without it for good."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]
    until: date | None = None


class ExemptionOut(AnswerModel):
    """免查"""

    id: UUID
    finding_id: UUID
    household_id: UUID
    number: str
    person_id: UUID | None
    rule: str
    reason: str
    officer: str
    since: date
    until: date | None
    ended_on: date | None
    ended_by: ExemptionEnds | None


class FindingsExport(RequestModel):
    """疑点清单导出: what is left out is not asked for."""

    path: Annotated[str | None, Field(max_length=80)] = None
    rule: Annotated[str | None, Field(max_length=60)] = None
    severity: Severity | None = None
    state: FindingState = FindingState.OPEN


@router.get("/check-rules")
async def list_rules(
    who: Read, tx: Tx, path: Annotated[str, Query(max_length=80)] = "5301/", on: date | None = None
) -> RulesOut:
    """Every rule with the limits it has in a place on a day, and the rules that are not decided here."""
    known = await service.known_rules(tx, path=validate_path(path), on=on or await regions.today(tx))
    return RulesOut(
        rules=[_rule(item) for item in known], not_decided_here=[UndecidableOut(**asdict(item)) for item in UNDECIDABLE]
    )


@router.get("/findings")
async def list_findings(
    who: Read,
    tx: Tx,
    paging: Paging,
    path: Path = None,
    rule: RuleName = None,
    severity: Severity | None = None,
    state: FindingState = FindingState.OPEN,
    household_id: UUID | None = None,
) -> Page[ListedOut]:
    """Findings of one's area in the order of households, optionally below a management path."""
    wanted = _wanted(path, rule, severity, state, household_id)
    after = (UUID(str(paging.after[0])), UUID(str(paging.after[1]))) if paging.after else None
    rows = await service.findings_page(tx, wanted, after=after, limit=paging.limit)
    return paging.page(rows, show=_listed, place=lambda row: (str(row.finding.household_id), str(row.finding.id)))


@router.get("/finding-counts")
async def count_findings(
    who: Read,
    tx: Tx,
    path: Path = None,
    rule: RuleName = None,
    severity: Severity | None = None,
    state: FindingState = FindingState.OPEN,
) -> list[CountOut]:
    """How many findings each village has of each rule."""
    found = await service.counts(tx, _wanted(path, rule, severity, state, None))
    return [CountOut(**asdict(item)) for item in found]


@router.post("/findings:export", response_class=Response, responses={200: {"content": {XLSX: {}}}})
async def export_findings(body: FindingsExport, who: Read, tx: Tx) -> Response:
    """The list as a workbook, names masked; audited, because it leaves the platform."""
    on = await regions.today(tx)
    data = await service.findings_workbook(tx, _wanted(body.path, body.rule, body.severity, body.state, None), on=on)
    headers = {"content-disposition": f'attachment; filename="findings-{on}.xlsx"'}
    return Response(data, media_type=XLSX, headers=headers)


@router.post("/findings/{finding_id}:exempt")
async def exempt_finding(
    finding_id: UUID, body: ExemptionIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> FindingOut:
    """Verify a finding as correct; struck out by itself when the values change."""
    row = await service.exempt(
        tx, finding_id, reason=body.reason, until=body.until, officer=who.subject, version=version
    )
    return _shown(row, response)


@router.post("/findings/{finding_id}:withdraw-exemption")
async def withdraw_exemption(finding_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> FindingOut:
    """Take an exemption back: the finding is open again."""
    return _shown(await service.withdraw_exemption(tx, finding_id, version=version), response)


@router.get("/finding-exemptions")
async def list_exemptions(
    who: Read, tx: Tx, paging: Paging, path: Path = None, ended: bool = False
) -> Page[ExemptionOut]:
    """Exemptions in one's area, the newest first; `ended=true` shows those that ended too."""
    before = UUID(str(paging.after[0])) if paging.after else None
    rows = await service.exemptions_page(
        tx, path=validate_path(path) if path else None, ended=ended, before=before, limit=paging.limit
    )
    return paging.page(
        rows,
        show=lambda row: ExemptionOut(**asdict(row[0]), number=row[1], rule=row[2], person_id=row[3]),
        place=lambda row: (str(row[0].id),),
    )


def _wanted(
    path: str | None, rule: str | None, severity: Severity | None, state: FindingState, household_id: UUID | None
) -> service.Wanted:
    rules = {rule} if rule else None
    if severity is not None:
        rules = {item.id for item in RULES.values() if item.severity is severity} & (rules or set(RULES))
    return service.Wanted(
        path=validate_path(path) if path else None, rules=rules, state=state, household_id=household_id
    )


def _rule(item: service.Known) -> RuleOut:
    limits = [
        LimitOut(
            name=name,
            value=value and value.value,
            valid_from=value and value.valid_from,
            document=value and value.document,
            confidence=value and value.confidence,
        )
        for name, value in item.limits.items()
    ]
    told = {name: getattr(item.rule, name) for name in ("id", "zh", "en", "source", "severity")}
    return RuleOut(**told, limits=limits, decided=None not in item.limits.values())


def _told(row: service.Finding) -> dict[str, object]:
    rule = RULES.get(row.rule)
    told = {name: getattr(row, name) for name in FindingOut.model_fields if hasattr(row, name)}
    words = {name: rule and getattr(rule, name) for name in ("severity", "zh", "en")}
    return told | words


def _listed(row: service.Listed) -> ListedOut:
    place = {name: getattr(row, name) for name in ("number", "region_code", "path", "masked_name")}
    return ListedOut.model_validate(_told(row.finding) | place)


def _shown(row: service.Finding, response: Response) -> FindingOut:
    response.headers["ETag"] = etag(row.version)
    return FindingOut.model_validate(_told(row))
