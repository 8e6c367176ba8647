"""Use cases of shocks; none of them commits."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import DisasterKind, ShockKind, ShockReported, ShockResolved
from events.ids import derived_id
from events.locks import locked
from events.log import append
from kit import clock
from kit.bulk import write_rows
from kit.etag import require_version

from ..conditions.rules import CENT
from ..registry import service as registry
from .queries import Shock, shock_by_id, shocks_of
from .rules import ShockClosed, ShockStands, ShockUnknown, shock_problems
from .tables import shocks

__all__ = ["Shock", "ShockEntry", "correct_shock", "report_shock", "resolve_shock", "shocks_of", "void_shock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShockEntry:
    """突发事件: a disaster or an accident that struck a household."""

    household_id: UUID
    kind: ShockKind
    disaster: DisasterKind | None
    happened_on: date
    means_lost: bool
    loss: Decimal | None


def shock_id(entry: ShockEntry) -> UUID:
    """The fact id that a kind of shock of a household on a day has for ever."""
    return derived_id("shock", entry.household_id, entry.kind, entry.happened_on)


async def report_shock(tx: AsyncConnection, entry: ShockEntry) -> Shock:
    """Report a shock; what was taken back may be reported again, as the next revision.

    Raises:
        HouseholdUnknown, HouseholdMergedAway, DisasterKindAmiss, Invalid, ShockStands: as they say.
    """
    await locked(tx, [entry.household_id])
    home = await registry.get_standing(tx, entry.household_id)
    _check(entry.kind, entry.disaster, entry.loss)
    before = await shock_by_id(tx, shock_id(entry))
    if before is not None and not before.void:
        raise ShockStands
    stated = {name: getattr(entry, name) for name in ShockEntry.__slots__}
    revision = before.revision if before else 0
    shock = Shock(
        fact_id=shock_id(entry), revision=revision, void=False, resolved_on=None, recorded_at=clock.now(), **stated
    )
    return await _next(tx, shock, home)


async def correct_shock(
    tx: AsyncConnection,
    fact_id: UUID,
    *,
    means_lost: bool,
    loss: Decimal | None,
    disaster: DisasterKind | None,
    version: int,
) -> Shock:
    """State anew what was lost; the next revision of the same fact.

    Raises:
        ShockUnknown, PreconditionFailed, ShockClosed, DisasterKindAmiss, Invalid: as they say.
    """
    before, home = await _to_change(tx, fact_id, version)
    _check(before.kind, disaster, loss)
    after = replace(before, means_lost=means_lost, loss=loss, disaster=disaster)
    return before if after == before else await _next(tx, after, home)


async def resolve_shock(tx: AsyncConnection, fact_id: UUID, *, on: date, version: int) -> Shock:
    """The household is through it.

    Raises:
        ShockUnknown, PreconditionFailed, ShockClosed: as they say.
    """
    before, home = await _to_change(tx, fact_id, version)
    if before.resolved_on is not None or on < before.happened_on:
        raise ShockClosed
    return await _next(tx, replace(before, resolved_on=on), home)


async def void_shock(tx: AsyncConnection, fact_id: UUID, *, version: int) -> Shock:
    """It never happened: takes the report back.

    Raises:
        ShockUnknown, PreconditionFailed, ShockClosed: as they say.
    """
    before, home = await _to_change(tx, fact_id, version)
    return await _next(tx, replace(before, void=True), home)


def _check(kind: ShockKind, disaster: DisasterKind | None, loss: Decimal | None) -> None:
    problems = list(shock_problems(kind, disaster, loss))
    if problems:
        raise registry.one_refusal(problems)


async def _to_change(tx: AsyncConnection, fact_id: UUID, version: int) -> tuple[Shock, registry.Household]:
    seen = await shock_by_id(tx, fact_id)
    if seen is None:
        raise ShockUnknown
    await locked(tx, [seen.household_id])
    shock = await shock_by_id(tx, fact_id)
    if shock is None:
        raise ShockUnknown
    require_version(shock.revision, version)
    if shock.void:
        raise ShockClosed
    return shock, await registry.get_household(tx, shock.household_id)


async def _next(tx: AsyncConnection, wanted: Shock, home: registry.Household) -> Shock:
    """Write the next revision and tell of it."""
    loss = None if wanted.loss is None else wanted.loss.quantize(CENT)
    row = replace(wanted, loss=loss, revision=wanted.revision + 1, recorded_at=clock.now())
    await write_rows(tx, shocks, [{name: getattr(row, name) for name in Shock.__slots__}], conflict="replace")
    new = registry.about(
        home, _event(row), fact_id=row.fact_id, revision=row.revision, void=row.void, at=row.recorded_at
    )
    await append(tx, new)
    return row


def _event(row: Shock) -> ShockReported | ShockResolved:
    told = {name: getattr(row, name) for name in ("kind", "disaster", "happened_on", "means_lost", "loss")}
    if row.resolved_on is None:
        return ShockReported(**told)
    return ShockResolved(**told, resolved_on=row.resolved_on)
