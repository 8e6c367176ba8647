"""Measures that people and exports record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import MeasureCategory, MeasureCompleted, MeasureSource, MeasureStarted, RiskCause
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.bulk import write_rows
from kit.etag import require_version

from ...consents import service as consents
from ...rechecks import service as rechecks
from ...regions import service as regions
from ...registry import service as registry
from ..queries import Measure, measure_by_id, measures_by_id, measures_of
from ..rules import MeasureOver, MeasureStands, MeasureUnknown, answered, check_answers, is_development
from ..tables import measure_versions, measures
from .given import given_to


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureEntry:
    """帮扶措施: what reaches a household, and against which of its risks."""

    household_id: UUID
    category: MeasureCategory
    causes: tuple[RiskCause, ...]
    started_on: date
    department: str
    source: MeasureSource = MeasureSource.DEPARTMENT


def measure_id(entry: MeasureEntry) -> UUID:
    """The fact id that a category of help to a household from a day on has for ever."""
    return derived_id("measure", entry.household_id, entry.category, entry.started_on)


async def start_measure(tx: AsyncConnection, entry: MeasureEntry) -> Measure:
    """Record a measure; what was taken back may be recorded again, as the next revision.

    Raises:
        HouseholdUnknown, HouseholdMergedAway, MeasureMisses, ConsentWithheld, MeasureStands: as they say.
    """
    await locked(tx, [entry.household_id])
    home = await registry.get_standing(tx, entry.household_id)
    check_answers(entry.category, entry.causes)
    await consents.check_measure(tx, home.id, entry.category)
    before = await measure_by_id(tx, measure_id(entry))
    if before is not None and not before.void:
        raise MeasureStands
    return await _next(tx, _first(entry, before), home)


async def state_measures(tx: AsyncConnection, entries: Sequence[MeasureEntry]) -> set[UUID]:
    """Record what an export says has reached households, at most 500 at once; gives the households it was new of.

    A household that has a measure of the category, whoever recorded it, keeps it as it is; so does one to which a
    department gives such help on that day. A cause that the category does not answer is left out.
    """
    ids = {entry.household_id for entry in entries}
    await locked(tx, ids)
    known: set[tuple[UUID, str | None]] = {
        (row.household_id, row.category) for row in await measures_of(tx, *ids) if not row.void
    }
    given = await given_to(tx, ids)
    fresh = [
        entry
        for entry in entries
        if (entry.household_id, entry.category) not in known
        and not any(
            row.category == entry.category and row.lasts_to(entry.started_on) for row in given[entry.household_id]
        )
    ]
    before = await measures_by_id(tx, [measure_id(entry) for entry in fresh])
    rows = [
        _first(replace(entry, causes=answered(entry.category, entry.causes)), before.get(measure_id(entry)))
        for entry in fresh
    ]
    await _save(tx, rows, await registry.standing(tx, {row.household_id for row in rows}))
    return {row.household_id for row in rows}


async def restore_measures(tx: AsyncConnection, was: Sequence[Measure], never: Collection[UUID]) -> None:
    """Bring measures back to what they were, in the next revision; those of `never` are void."""
    standing = await measures_by_id(tx, [*never, *(row.id for row in was)])
    await locked(tx, {row.household_id for row in standing.values()})
    wanted = [
        *(replace(row, revision=standing[row.id].revision) for row in was),
        *(replace(standing[id_], void=True) for id_ in never),
    ]
    await _save(tx, wanted, await registry.standing(tx, {row.household_id for row in wanted}, merged_too=True))


def _first(entry: MeasureEntry, before: Measure | None) -> Measure:
    """A measure as it begins, on what was taken back under its id."""
    return Measure(
        id=measure_id(entry),
        revision=before.revision if before else 0,
        void=False,
        household_id=entry.household_id,
        category=entry.category,
        causes=tuple(sorted(set(entry.causes))),
        started_on=entry.started_on,
        completed_on=None,
        department=entry.department,
        recorded_at=clock.now(),
        source=entry.source,
    )


async def complete_measure(tx: AsyncConnection, id_: UUID, *, on: date, version: int) -> Measure:
    """The measure is finished; it goes on counting as help that was given.

    Raises:
        MeasureUnknown, PreconditionFailed, MeasureOver: as they say.
    """
    before, home = await _to_change(tx, id_, version)
    if before.completed_on is not None or on < before.started_on:
        raise MeasureOver
    return await _next(tx, replace(before, completed_on=on), home)


async def void_measure(tx: AsyncConnection, id_: UUID, *, version: int) -> Measure:
    """It never reached the household: takes the record back.

    Raises:
        MeasureUnknown, PreconditionFailed, MeasureOver: as they say.
    """
    before, home = await _to_change(tx, id_, version)
    return await _next(tx, replace(before, void=True), home)


async def _to_change(tx: AsyncConnection, id_: UUID, version: int) -> tuple[Measure, registry.Household]:
    seen = await measure_by_id(tx, id_)
    if seen is None:
        raise MeasureUnknown
    await locked(tx, [seen.household_id])
    measure = await measure_by_id(tx, id_)
    if measure is None:
        raise MeasureUnknown
    require_version(measure.revision, version)
    if measure.void:
        raise MeasureOver
    return measure, await registry.get_household(tx, measure.household_id)


async def _next(tx: AsyncConnection, wanted: Measure, home: registry.Household) -> Measure:
    [row] = await _save(tx, [wanted], {home.id: home})
    return row


async def _save(
    tx: AsyncConnection, wanted: Sequence[Measure], homes: Mapping[UUID, registry.Household]
) -> list[Measure]:
    """Write the next revisions and tell of them."""
    now = clock.now()
    rows = [replace(row, revision=row.revision + 1, recorded_at=now) for row in wanted]
    if rows:
        await write_rows(tx, measures, [_values(row) for row in rows], conflict="replace")
        on = await regions.today(tx)
        await write_rows(tx, measure_versions, [_values(row) | {"recorded_on": on} for row in rows])
        await rechecks.mark(tx, {row.household_id for row in rows})
        await append(tx, *(_told(row, homes[row.household_id]) for row in rows))
    return rows


def _values(row: Measure) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Measure.__slots__} | {"causes": list(row.causes)}


def _told(row: Measure, home: registry.Household) -> NewEvent:
    return registry.about(home, _event(row), fact_id=row.id, revision=row.revision, void=row.void, at=row.recorded_at)


def _event(row: Measure) -> MeasureStarted | MeasureCompleted:
    told: dict[str, Any] = {name: getattr(row, name) for name in ("category", "causes", "started_on", "source")}
    told |= {"measure_id": row.id, "development": is_development(row.category)}
    if row.completed_on is None:
        return MeasureStarted(**told)
    return MeasureCompleted(**told, completed_on=row.completed_on)
