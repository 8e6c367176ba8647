"""Routes of risk: one household with all its evidence, households by level, the count of levels."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from json import loads
from types import SimpleNamespace
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Row

from events.catalog.monitoring import RiskLevel
from kit.auth import Principal, needs
from kit.errors import NotFound
from kit.etag import etag
from kit.models import AnswerModel, Moment
from kit.paging import Page, Paging
from kit.policy import Confidence
from kit.route import TransactionRoute
from kit.running import Tx

from ..alerts.texts import FACT_NAMES, LEVEL_NAMES, RULE_NAMES
from ..risk.rules import RULES, Fact
from . import hindsight, rendering, views

router = APIRouter(prefix="/v1", tags=["risk 风险"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("risk:read"))]


class Words(AnswerModel):
    """文字: the same in Chinese and English."""

    zh: str
    en: str


class Evidence(AnswerModel):
    """证据: a fact, the event that carried it, where it came from and its trace."""

    fact_id: UUID
    event_id: UUID
    kind: str
    name: Words
    source: str
    """the service that published it"""
    revision: int
    void: bool
    occurred_on: date
    amount: Decimal | None
    received_number: int
    recorded_at: Moment | None
    received_at: Moment | None
    trace_id: str | None
    correlation_id: UUID | None
    contested: bool
    """有异议: the household says it is wrong, and that is not settled"""


class PolicyUsed(AnswerModel):
    """政策依据: the value a rule compared with, its document and clause."""

    id: UUID
    name: str
    path: str
    value: Decimal
    valid_from: date
    valid_to: date | None
    document: str
    clause: str
    confidence: Confidence


class StandingOut(AnswerModel):
    """成立情况: since when the rule counts, at which level; `falling_since` while its dwell runs."""

    since: date
    level: RiskLevel
    highest: RiskLevel
    falling_since: date | None
    alert_id: UUID | None
    raised_at: Moment | None


class RuleOut(AnswerModel):
    """规则判定: what one rule says and everything it rests on."""

    rule: str
    name: Words
    state: Literal["holds", "clear", "unknown"]
    level: RiskLevel
    reason: Words | None
    missing: str | None
    """what would have to be known"""
    stale: bool
    """数据陈旧: a source that feeds this rule is silent beyond its rhythm"""
    values: dict[str, str]
    evidence: list[Evidence]
    policy: list[PolicyUsed]
    standing: StandingOut | None


class Brief(AnswerModel):
    """户风险: level and standing rules."""

    household_id: UUID
    number: str
    path: str
    region_code: str
    level: RiskLevel
    level_text: Words
    level_since: date | None
    rules: list[str]
    """standing rules, highest level first"""
    incomplete_since: Moment | None
    """an event of this household waits behind a dead letter"""


class Risk(Brief):
    """户风险详情: level → rules → evidence → events → policy value and clause."""

    version: int
    business_date: date | None
    figures: dict[str, Any]
    """收入测算: published, projected and comparison income per head, window, months carried, sources"""
    freshness: dict[str, date]
    """数据时效: source → last day it spoke of"""
    stale: bool
    outcomes: list[RuleOut]
    as_of: date | None = None
    known: date | None = None
    """of a look back; null where it is the present"""


class Summary(AnswerModel):
    """汇总: households by level, below a path."""

    business_date: date | None
    path: str
    households: int
    levels: dict[RiskLevel, int]


Below = Annotated[str, Query(max_length=60, pattern=r"^(\d+/)*$", description="management path, part of one's area")]


@router.get("/households/{household_id}/risk")
async def read_risk(
    household_id: UUID,
    tx: Tx,
    who: Read,
    response: Response,
    as_of: date | None = None,
    known: date | None = None,
) -> Risk:
    """One household's level, down to the facts, documents and traces it rests on.

    With `as_of` and `known`: what was true on a day by what was known at the end of another (both default to the
    business date), out of the received log; without dwell, so nothing in it stands or falls.
    """
    if as_of is not None or known is not None:
        return await _hindsight(tx, household_id, as_of, known)
    row = await views.profile(tx, household_id)
    if row is None:
        raise NotFound
    response.headers["ETag"] = etag(row.version)
    blocked = await views.incomplete_since(tx, [household_id])
    outcomes = await _outcomes(tx, row)
    figures = {name: value for name, value in row.figures.items() if name != "freshness"}
    return Risk(
        **_brief(row, blocked),
        version=row.version,
        business_date=await views.business_date(tx),
        figures=figures,
        freshness=row.figures.get("freshness", {}),
        stale=any(outcome.rule == "data.stale" and outcome.state == "holds" for outcome in outcomes),
        outcomes=outcomes,
    )


@router.get("/households")
async def list_households(
    tx: Tx, who: Read, paging: Paging, level: RiskLevel | None = None, path: Below = ""
) -> Page[Brief]:
    """Households by level, in the order of their ids."""
    after = UUID(str(paging.after[0])) if paging.after else None
    rows = await views.page(tx, level=level, path=path, after=after, limit=paging.limit)
    blocked = await views.incomplete_since(tx, [row.household_id for row in rows])
    return paging.page(rows, show=lambda row: Brief(**_brief(row, blocked)), place=lambda row: [str(row.household_id)])


@router.get("/summary")
async def read_summary(tx: Tx, who: Read, path: Below = "") -> Summary:
    """How many households stand at each level."""
    levels = await views.levels(tx, path)
    return Summary(
        business_date=await views.business_date(tx),
        path=path,
        households=sum(levels.values()),
        levels={level: levels.get(level.value, 0) for level in RiskLevel},
    )


def _brief(row: Row[Any] | SimpleNamespace, blocked: dict[UUID, datetime]) -> dict[str, Any]:
    order = sorted(row.standings, key=lambda item: (-_LEVELS.index(item["level"]), item["rule"]))
    return {
        "household_id": row.household_id,
        "number": row.number,
        "path": row.path,
        "region_code": row.region,
        "level": row.level,
        "level_text": _words(LEVEL_NAMES[row.level]),
        "level_since": row.level_since,
        "rules": [item["rule"] for item in order],
        "incomplete_since": blocked.get(row.household_id),
    }


_LEVELS: Final = [level.value for level in RiskLevel]


def _words(pair: tuple[str, str]) -> Words:
    return Words(zh=pair[0], en=pair[1])


async def _hindsight(tx: Tx, household_id: UUID, as_of: date | None, known: date | None) -> Risk:
    seen = await hindsight.look_back(tx, household_id, as_of=as_of, known=known)
    content, status = rendering.Showing().of(seen.status), seen.status
    facts = [seen.facts[id_] for outcome in status.outcomes for id_ in outcome.facts]
    logged = await hindsight.entries(tx, [fact.received for fact in facts])
    evidence = {fact.id: _past(fact, logged.get(fact.received), seen.contested) for fact in facts}
    outcomes = [rendering.in_full(item) for item in loads(content.outcomes)]
    values = await views.policies(tx, _ids(outcomes, "policy"))
    silent = _silent(outcomes)
    shown = [_outcome(item, evidence, values, None, silent) for item in outcomes]
    figures = loads(content.figures)
    row = SimpleNamespace(
        household_id=household_id,
        number=content.number,
        path=content.path,
        region=content.region,
        level=content.level,
        level_since=None,
        standings=[{"rule": item.rule, "level": item.level.wire} for item in status.standings.values()],
    )
    return Risk(
        **_brief(row, {}),
        version=seen.until,
        business_date=await views.business_date(tx),
        freshness=figures.pop("freshness", {}),
        figures=figures,
        stale=any(item.rule == "data.stale" and item.state == "holds" for item in shown),
        outcomes=shown,
        as_of=seen.as_of,
        known=seen.known,
    )


def _past(fact: Fact, logged: Row[Any] | None, contested: frozenset[str]) -> SimpleNamespace:
    names = {str(fact.id), str(logged.fact_id) if logged else ""}
    told = ("kind", "source", "revision", "void", "amount", "received", "event_id")
    return SimpleNamespace(
        fact_id=fact.id,
        occurred_on=fact.on,
        **{name: getattr(fact, name) for name in told},
        recorded_at=logged.recorded_at if logged else None,
        received_at=logged.received_at if logged else None,
        trace_id=logged.trace_id if logged else None,
        correlation_id=logged.correlation_id if logged else None,
        contested=not names.isdisjoint(contested),
    )


async def _outcomes(tx: Tx, row: Row[Any]) -> list[RuleOut]:
    outcomes = [rendering.in_full(item) for item in row.outcomes]
    facts = await views.evidence(tx, _ids(outcomes, "facts"))
    values = await views.policies(tx, _ids(outcomes, "policy"))
    alerts = await views.open_alerts(tx, row.household_id)
    standings = {item["rule"]: _standing(item, alerts) for item in row.standings}
    silent = _silent(outcomes)
    return [_outcome(item, facts, values, standings.get(item["rule"]), silent) for item in outcomes]


def _silent(outcomes: Sequence[dict[str, Any]]) -> frozenset[str]:
    """The sources that the household's own mark of old data names."""
    marks = [item for item in outcomes if item["rule"] == "data.stale" and item["state"] == "holds"]
    return frozenset(source for item in marks for source in item["values"])


def _ids(outcomes: Sequence[dict[str, Any]], name: str) -> list[UUID]:
    return sorted({UUID(id_) for outcome in outcomes for id_ in outcome[name]})


def _standing(item: dict[str, Any], alerts: dict[str, Row[Any]]) -> StandingOut:
    alert = alerts.get(item["rule"])
    return StandingOut(
        since=item["since"],
        level=item["level"],
        highest=item["peak"],
        falling_since=item["lower_since"],
        alert_id=alert.id if alert else None,
        raised_at=alert.raised_at if alert else None,
    )


def _outcome(
    item: dict[str, Any],
    facts: Mapping[UUID, Row[Any] | SimpleNamespace],
    values: dict[UUID, Row[Any]],
    standing: StandingOut | None,
    silent: frozenset[str],
) -> RuleOut:
    known = [facts[UUID(id_)] for id_ in item["facts"] if UUID(id_) in facts]
    used = [values[UUID(id_)] for id_ in item["policy"] if UUID(id_) in values]
    return RuleOut(
        rule=item["rule"],
        name=_words(RULE_NAMES[item["rule"]]),
        state=item["state"],
        level=item["level"],
        reason=Words(zh=item["zh"], en=item["en"]) if item["zh"] else None,
        missing=item["missing"],
        stale=item["rule"] in RULES and not silent.isdisjoint(RULES[item["rule"]].fed_by),
        values=item["values"],
        evidence=[_evidence(fact) for fact in known],
        policy=[PolicyUsed(**{name: getattr(value, name) for name in PolicyUsed.model_fields}) for value in used],
        standing=standing,
    )


def _evidence(fact: Row[Any] | SimpleNamespace) -> Evidence:
    return Evidence(
        fact_id=fact.fact_id,
        event_id=fact.event_id,
        kind=fact.kind,
        name=_words(FACT_NAMES.get(fact.kind, (fact.kind, fact.kind))),
        source=fact.source,
        revision=fact.revision,
        void=fact.void,
        occurred_on=fact.occurred_on,
        amount=fact.amount,
        received_number=fact.received,
        recorded_at=fact.recorded_at,
        received_at=fact.received_at,
        trace_id=fact.trace_id,
        correlation_id=fact.correlation_id,
        contested=fact.contested,
    )
