"""Use cases of publicity and role models; none of them commits."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.base import Event
from events.catalog.households import (
    PublicityHeld,
    PublicityKind,
    RoleModelEnd,
    RoleModelEnded,
    RoleModelField,
    RoleModelNamed,
)
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.etag import require_version

from ..registry import service as registry
from .queries import (
    Publicity,
    RoleModel,
    VillageReached,
    publicity_by_id,
    publicity_page,
    reached_below,
    role_model,
    role_models_of,
    role_models_page,
)
from .rules import (
    PublicityUnknown,
    PublicityVoid,
    RoleModelOver,
    RoleModelStands,
    RoleModelUnknown,
    check_consent,
    check_end,
    check_signed,
)
from .tables import publicity, role_models

__all__ = [
    "Publicity",
    "PublicityEntry",
    "RoleModel",
    "RoleModelEntry",
    "VillageReached",
    "correct_publicity",
    "end_role_model",
    "hold_publicity",
    "name_role_model",
    "publicity_page",
    "reached_below",
    "role_models_of",
    "role_models_page",
    "void_publicity",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicityEntry:
    """宣传引导活动: held in a village, and how many it reached."""

    region_code: str
    kind: PublicityKind
    title: str
    held_on: date
    persons: int
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleModelEntry:
    """典型: a household that agreed, and who of it signed."""

    household_id: UUID
    field: RoleModelField
    since: date
    consented_on: date
    person_id: UUID


async def hold_publicity(tx: AsyncConnection, entry: PublicityEntry) -> Publicity:
    """Something was explained in a village.

    Raises:
        VillageUnknown: no such village in scope.
    """
    publicity_id = uuid7()
    await locked(tx, [publicity_id])
    await registry.village_path(tx, entry.region_code)
    told = {name: getattr(entry, name) for name in PublicityEntry.__slots__}
    return await _held(tx, Publicity(id=publicity_id, revision=0, void=False, **told))


async def correct_publicity(
    tx: AsyncConnection, publicity_id: UUID, *, persons: int, households: int, version: int
) -> Publicity:
    """State anew how many it reached.

    Raises:
        PublicityUnknown, PreconditionFailed, PublicityVoid: as they say.
    """
    before = await _to_change(tx, publicity_id, version)
    after = replace(before, persons=persons, households=households)
    return before if after == before else await _held(tx, after)


async def void_publicity(tx: AsyncConnection, publicity_id: UUID, *, version: int) -> Publicity:
    """It never took place.

    Raises:
        PublicityUnknown, PreconditionFailed, PublicityVoid: as they say.
    """
    return await _held(tx, replace(await _to_change(tx, publicity_id, version), void=True))


async def name_role_model(tx: AsyncConnection, entry: RoleModelEntry) -> RoleModel:
    """A household is shown as an example, once it agreed; one that withdrew is asked anew.

    Raises:
        HouseholdUnknown, HouseholdMergedAway, SignedByNobody, RoleModelStands, ConsentAfter, RoleModelDates: as they
            say.
    """
    await locked(tx, [entry.household_id])
    home = await registry.get_standing(tx, entry.household_id)
    members = (await registry.members(tx, [home.id]))[home.id]
    check_signed(entry.person_id, {person.id for person in members})
    fact_id = derived_id("role model", home.id, entry.field)
    before = await role_model(tx, fact_id)
    if before is not None and before.until is None:
        raise RoleModelStands
    check_consent(consented_on=entry.consented_on, since=entry.since, ended=before.until if before else None)
    told = {name: getattr(entry, name) for name in RoleModelEntry.__slots__}
    row = RoleModel(id=fact_id, revision=before.revision if before else 0, until=None, reason=None, **told)
    event = RoleModelNamed(role_model_id=fact_id, **{name: told[name] for name in told if name != "household_id"})
    return await _shown(tx, row, event, home)


async def end_role_model(
    tx: AsyncConnection, role_model_id: UUID, *, until: date, reason: RoleModelEnd, version: int
) -> RoleModel:
    """A household is no longer shown; its own word is enough.

    Raises:
        RoleModelUnknown, PreconditionFailed, RoleModelOver, RoleModelDates: as they say.
    """
    seen = await role_model(tx, role_model_id)
    if seen is None:
        raise RoleModelUnknown
    await locked(tx, [seen.household_id])
    before = await role_model(tx, role_model_id) or seen
    require_version(before.revision, version)
    if before.until is not None:
        raise RoleModelOver
    check_end(until, before.since)
    event = RoleModelEnded(role_model_id=before.id, field=RoleModelField(before.field), until=until, reason=reason)
    home = await registry.get_household(tx, before.household_id)
    return await _shown(tx, replace(before, until=until, reason=reason), event, home)


async def _to_change(tx: AsyncConnection, publicity_id: UUID, version: int) -> Publicity:
    await locked(tx, [publicity_id])
    found = await publicity_by_id(tx, publicity_id)
    if found is None:
        raise PublicityUnknown
    require_version(found.revision, version)
    if found.void:
        raise PublicityVoid
    return found


async def _held(tx: AsyncConnection, wanted: Publicity) -> Publicity:
    row = replace(wanted, revision=wanted.revision + 1)
    await rows.put(tx, publicity, [row])
    said = ("region_code", "kind", "held_on", "persons", "households")
    told: dict[str, Any] = {name: getattr(row, name) for name in said}
    new = NewEvent(
        event=PublicityHeld(publicity_id=row.id, **told),
        key=row.id,
        region=row.region_code,
        occurred_at=clock.now(),
        fact_id=row.id,
        revision=row.revision,
        void=row.void,
    )
    await append(tx, new)
    return row


async def _shown(tx: AsyncConnection, wanted: RoleModel, event: Event, home: registry.Household) -> RoleModel:
    row = replace(wanted, revision=wanted.revision + 1)
    await rows.put(tx, role_models, [row])
    await append(tx, registry.about(home, event, fact_id=row.id, revision=row.revision))
    return row
