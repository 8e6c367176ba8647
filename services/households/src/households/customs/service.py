"""Use cases of village rules and ceremonies; none of them commits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.households import (
    CeremonyHeld,
    CeremonyKind,
    CeremonyNotified,
    VillageRuleAdopted,
    VillageRuleAmended,
    VillageRuleEnded,
)
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.bulk import write_rows
from kit.etag import require_version

from ..registry import service as registry
from .queries import (
    Ceremony,
    Ruleless,
    VillageSpending,
    Wording,
    ceremonies_by_id,
    ceremonies_of,
    ruleless,
    rules_below,
    spending_below,
    wordings,
)
from .rules import (
    COST,
    CeremonyHeldAlready,
    CeremonyStands,
    CeremonyUnknown,
    CeremonyVoid,
    CostMissing,
    Figures,
    Limits,
    RuleEnded,
    RuleStands,
    RuleUnknown,
    check_figures,
    check_limits,
    check_order,
    judge,
)
from .tables import ceremonies, village_rules

__all__ = [
    "Ceremony",
    "CeremonyEntry",
    "Ruleless",
    "VillageSpending",
    "Wording",
    "adopt_rule",
    "amend_rule",
    "ceremonies_of",
    "correct_ceremony",
    "end_rule",
    "get_rule",
    "hold_ceremony",
    "notify_ceremony",
    "ruleless",
    "rules_below",
    "spending_below",
    "void_ceremony",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyEntry:
    """红白事报备: what a household plans."""

    household_id: UUID
    kind: CeremonyKind
    held_on: date
    figures: Figures


def rule_id(region_code: str) -> UUID:
    """The fact id that the rule of a village has for ever."""
    return derived_id("village rule", region_code)


async def adopt_rule(tx: AsyncConnection, region_code: str, *, since: date, document: str, limits: Limits) -> Wording:
    """A village adopts a rule, the first or one after an earlier one ended.

    Raises:
        VillageUnknown, RuleEmpty, FigureWhole, RuleStands, RuleDates: as they say.
    """
    check_limits(limits)
    await registry.village_path(tx, region_code)
    fact_id = rule_id(region_code)
    await locked(tx, [fact_id])
    before = next(iter(await wordings(tx, fact_id)), None)
    if before is not None:
        if not before.ended:
            raise RuleStands
        check_order(since, before.since, pointer="/since")
    row = Wording(
        fact_id=fact_id,
        revision=before.revision + 1 if before else 1,
        region_code=region_code,
        since=since,
        ended=False,
        document=document,
        limits=_plain(limits),
    )
    return await _save_rule(tx, row, VillageRuleAdopted(**_told(row)))


async def amend_rule(
    tx: AsyncConnection, fact_id: UUID, *, since: date, document: str, limits: Limits, version: int
) -> Wording:
    """A village changes its rule: the whole of it as it stands from a day on.

    Raises:
        RuleUnknown, PreconditionFailed, RuleEnded, RuleEmpty, FigureWhole, RuleDates: as they say.
    """
    check_limits(limits)
    before = await _standing_rule(tx, fact_id, version)
    check_order(since, before.since, pointer="/since")
    row = replace(before, revision=before.revision + 1, since=since, document=document, limits=_plain(limits))
    return await _save_rule(tx, row, VillageRuleAmended(**_told(row)))


async def end_rule(tx: AsyncConnection, fact_id: UUID, *, ended_on: date, version: int) -> Wording:
    """A village gives its rule up.

    Raises:
        RuleUnknown, PreconditionFailed, RuleEnded, RuleDates: as they say.
    """
    before = await _standing_rule(tx, fact_id, version)
    check_order(ended_on, before.since, pointer="/ended_on")
    row = replace(before, revision=before.revision + 1, since=ended_on, ended=True)
    return await _save_rule(tx, row, VillageRuleEnded(region_code=row.region_code, ended_on=ended_on))


async def get_rule(tx: AsyncConnection, fact_id: UUID) -> list[Wording]:
    """Every wording of a village's rule, the newest first.

    Raises:
        RuleUnknown: not there or not in scope.
    """
    found = await wordings(tx, fact_id)
    if not found:
        raise RuleUnknown
    return found


async def notify_ceremony(tx: AsyncConnection, entry: CeremonyEntry) -> Ceremony:
    """A household tells of a wedding or funeral; over a limit it is taken too, for the village to talk about.

    Raises:
        HouseholdUnknown, HouseholdMergedAway, FigureWhole, CeremonyStands: as they say.
    """
    check_figures(entry.figures, "/figures")
    await locked(tx, [entry.household_id])
    home = await registry.get_standing(tx, entry.household_id)
    ceremony_id = derived_id("ceremony", home.id, entry.kind, entry.held_on)
    before = (await ceremonies_by_id(tx, [ceremony_id])).get(ceremony_id)
    if before is not None and not before.void:
        raise CeremonyStands
    row = Ceremony(
        id=ceremony_id,
        revision=before.revision if before else 0,
        void=False,
        household_id=home.id,
        region_code=home.region_code,
        kind=entry.kind,
        held_on=entry.held_on,
        held=False,
        figures=dict(entry.figures),
        fit="",
    )
    return await _next(tx, row)


async def hold_ceremony(tx: AsyncConnection, ceremony_id: UUID, figures: Figures, *, version: int) -> Ceremony:
    """It was held: what it came to.

    Raises:
        CeremonyUnknown, PreconditionFailed, CeremonyVoid, CeremonyHeldAlready, FigureWhole, CostMissing: as they say.
    """
    before = await _to_change(tx, ceremony_id, version)
    if before.held:
        raise CeremonyHeldAlready
    return await _restated(tx, replace(before, held=True), figures)


async def correct_ceremony(tx: AsyncConnection, ceremony_id: UUID, figures: Figures, *, version: int) -> Ceremony:
    """State the figures anew, all of them.

    Raises:
        CeremonyUnknown, PreconditionFailed, CeremonyVoid, FigureWhole, CostMissing: as they say.
    """
    before = await _to_change(tx, ceremony_id, version)
    return before if before.figures == figures else await _restated(tx, before, figures)


async def void_ceremony(tx: AsyncConnection, ceremony_id: UUID, *, version: int) -> Ceremony:
    """It was never to be.

    Raises:
        CeremonyUnknown, PreconditionFailed, CeremonyVoid: as they say.
    """
    return await _next(tx, replace(await _to_change(tx, ceremony_id, version), void=True))


async def _standing_rule(tx: AsyncConnection, fact_id: UUID, version: int) -> Wording:
    await locked(tx, [fact_id])
    newest, *_ = await get_rule(tx, fact_id)
    require_version(newest.revision, version)
    if newest.ended:
        raise RuleEnded
    return newest


async def _save_rule(tx: AsyncConnection, row: Wording, event: Event) -> Wording:
    values = {name: getattr(row, name) for name in Wording.__slots__}
    values["limits"] = {kind: _texts(figures) for kind, figures in row.limits.items()}
    await write_rows(tx, village_rules, [values])
    new = NewEvent(
        event=event,
        key=row.fact_id,
        region=row.region_code,
        occurred_at=clock.now(),
        fact_id=row.fact_id,
        revision=row.revision,
    )
    await append(tx, new)
    return row


async def _to_change(tx: AsyncConnection, ceremony_id: UUID, version: int) -> Ceremony:
    seen = (await ceremonies_by_id(tx, [ceremony_id])).get(ceremony_id)
    if seen is None:
        raise CeremonyUnknown
    await locked(tx, [seen.household_id])
    row = (await ceremonies_by_id(tx, [ceremony_id]))[ceremony_id]
    require_version(row.revision, version)
    if row.void:
        raise CeremonyVoid
    return row


async def _restated(tx: AsyncConnection, row: Ceremony, figures: Figures) -> Ceremony:
    check_figures(figures, "/figures")
    if row.held and COST not in figures:
        raise CostMissing
    return await _next(tx, replace(row, figures=dict(figures)))


async def _next(tx: AsyncConnection, wanted: Ceremony) -> Ceremony:
    """Judge it by the rule that its village has on its day, write the next revision and tell of it."""
    told = await wordings(tx, rule_id(wanted.region_code))
    rule = next((wording for wording in told if wording.since <= wanted.held_on), None)
    limits = rule.limits.get(wanted.kind) if rule and not rule.ended else None
    row = replace(wanted, revision=wanted.revision + 1, fit=judge(limits, wanted.figures).value)
    values = {name: getattr(row, name) for name in Ceremony.__slots__} | {"figures": _texts(row.figures)}
    await write_rows(tx, ceremonies, [values], conflict="replace")
    said: dict[str, Any] = {name: getattr(row, name) for name in ("region_code", "kind", "held_on", "figures", "fit")}
    new = NewEvent(
        event=(CeremonyHeld if row.held else CeremonyNotified)(ceremony_id=row.id, **said),
        key=row.household_id,
        household_id=row.household_id,
        region=row.region_code,
        occurred_at=clock.now(),
        fact_id=row.id,
        revision=row.revision,
        void=row.void,
    )
    await append(tx, new)
    return row


def _told(row: Wording) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("region_code", "since", "document", "limits")}


def _plain(limits: Limits) -> dict[str, dict[str, Decimal]]:
    return {kind: dict(figures) for kind, figures in limits.items() if figures}


def _texts(figures: Mapping[str, Decimal]) -> dict[str, str]:
    return {measure: str(number) for measure, number in figures.items()}
