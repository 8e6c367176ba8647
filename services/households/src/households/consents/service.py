"""Use cases of consents and plans; none of them commits."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.households import (
    ConsentGiven,
    ConsentPurpose,
    ConsentWithdrawn,
    MeasureCategory,
    PlanAgreed,
    RiskCause,
)
from events.ids import derived_id
from events.locks import locked
from events.log import append
from kit import clock
from kit.bulk import write_rows
from kit.etag import require_version

from ..registry import service as registry
from .queries import Consent, Plan, consents_of, plans_of
from .rules import (
    Decision,
    NotOfHousehold,
    PlanNeedsConsent,
    PlanStands,
    PlanUnknown,
    check_decision,
    check_plan,
    check_voluntary,
)
from .tables import consents, household_plans

__all__ = [
    "Consent",
    "ConsentEntry",
    "Decision",
    "Plan",
    "PlanEntry",
    "agree_plan",
    "check_measure",
    "consents_of",
    "decide",
    "plans_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """农户决定: what a household decided on a purpose, and who of it signed."""

    household_id: UUID
    purpose: ConsentPurpose
    decision: Decision
    decided_on: date
    person_id: UUID | None
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """计划: what was agreed for a year."""

    household_id: UUID
    year: int
    agreed_on: date
    target_per_head: Decimal
    expected_gain: Decimal
    categories: tuple[MeasureCategory, ...]
    causes: tuple[RiskCause, ...]
    recorded_by: str


async def decide(tx: AsyncConnection, entry: ConsentEntry) -> Consent:
    """Record a decision of a household; it follows on the one that stands.

    Raises:
        HouseholdUnknown, HouseholdMergedAway, NotOfHousehold, ConsentStands, ConsentNotGiven, ConsentGivenAlready,
        DecidedBefore: as they say.
    """
    await locked(tx, [entry.household_id])
    home = await registry.get_standing(tx, entry.household_id)
    if entry.person_id is not None:
        members = (await registry.members(tx, [home.id]))[home.id]
        if entry.person_id not in {person.id for person in members}:
            raise NotOfHousehold
    before = await _standing(tx, home.id, entry.purpose)
    standing, since = (before.decision, before.decided_on) if before else (None, None)
    check_decision(standing, since, entry.decision, entry.decided_on)
    told = {name: getattr(entry, name) for name in ConsentEntry.__slots__}
    row = Consent(
        id=derived_id("consent", home.id, entry.purpose),
        revision=before.revision + 1 if before else 1,
        recorded_at=clock.now(),
        **told,
    )
    await write_rows(tx, consents, [{name: getattr(row, name) for name in Consent.__slots__}], conflict="replace")
    await _tell(tx, home, _decided(row), row.id, row.revision)
    return row


def _decided(row: Consent) -> ConsentGiven | ConsentWithdrawn:
    told: dict[str, Any] = {name: getattr(row, name) for name in ("purpose", "decided_on", "person_id")}
    if row.decision is Decision.GIVEN:
        return ConsentGiven(**told)
    return ConsentWithdrawn(**told, refused=row.decision is Decision.REFUSED)


async def check_measure(tx: AsyncConnection, household_id: UUID, category: str) -> None:
    """Whether the household's will allows help of this category; the caller holds its key.

    Raises:
        ConsentWithheld: it does not.
    """
    standing = await _standing(tx, household_id, ConsentPurpose.VOLUNTARY_MEASURES)
    check_voluntary(category, standing.decision if standing else None)


async def agree_plan(tx: AsyncConnection, entry: PlanEntry, *, version: int) -> Plan:
    """Record the plan of a year, or its next revision; one that says the same changes nothing.

    Args:
        tx: the open transaction.
        entry: the whole plan.
        version: the revision the caller saw; 0 where there is none yet.

    Raises:
        HouseholdUnknown, HouseholdMergedAway, PlanYearAmiss, PlanAmount, PlanNeedsConsent, PlanStands, PlanUnknown,
        PreconditionFailed: as they say.
    """
    check_plan(entry.year, entry.agreed_on, target_per_head=entry.target_per_head, expected_gain=entry.expected_gain)
    await locked(tx, [entry.household_id])
    home = await registry.get_standing(tx, entry.household_id)
    consent = await _standing(tx, home.id, ConsentPurpose.VOLUNTARY_MEASURES)
    if consent is None or consent.decision is not Decision.GIVEN:
        raise PlanNeedsConsent
    plan_id = derived_id("household plan", home.id, entry.year)
    before = next((plan for plan in await plans_of(tx, home.id) if plan.id == plan_id), None)
    if before is None and version:
        raise PlanUnknown
    if before is not None and not version:
        raise PlanStands
    require_version(before.revision if before else 0, version)
    told = {name: getattr(entry, name) for name in PlanEntry.__slots__}
    row = Plan(id=plan_id, revision=before.revision + 1 if before else 1, recorded_at=clock.now(), **told)
    if before is not None and replace(row, revision=before.revision, recorded_at=before.recorded_at) == before:
        return before
    values = {name: getattr(row, name) for name in Plan.__slots__}
    values |= {"categories": list(row.categories), "causes": list(row.causes)}
    await write_rows(tx, household_plans, [values], conflict="replace")
    names = ("year", "agreed_on", "target_per_head", "expected_gain", "categories", "causes")
    event = PlanAgreed(plan_id=row.id, **{name: getattr(row, name) for name in names})
    await _tell(tx, home, event, row.id, row.revision)
    return row


async def _standing(tx: AsyncConnection, household_id: UUID, purpose: ConsentPurpose) -> Consent | None:
    return next((row for row in await consents_of(tx, household_id) if row.purpose is purpose), None)


async def _tell(tx: AsyncConnection, home: registry.Household, event: Event, fact_id: UUID, revision: int) -> None:
    new = registry.about(home, event, fact_id=fact_id, revision=revision)
    await append(tx, new)
