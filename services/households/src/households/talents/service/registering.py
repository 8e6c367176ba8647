"""Talents are registered, end, and are taken back."""

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.base import Event
from events.catalog.households import TalentEnded, TalentRegistered
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.cipher import FieldCipher, mask_name
from kit.etag import require_version

from ...entities import service as entities
from ...regions import service as regions
from ...registry import service as registry
from ..queries import Talent, talent
from ..rules import (
    KindNotOffered,
    TalentDates,
    TalentEntityUnknown,
    TalentOver,
    TalentStands,
    TalentUnknown,
    WhoIsTalented,
    check_who,
)
from ..tables import talents
from .kind_list import KINDS

PURPOSE = "talents"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentEntry:
    """人才登记: a member of a household by `person_id`, somebody else by name and entity."""

    kind: str
    since: date
    document: str
    person_id: UUID | None = None
    entity_id: UUID | None = None
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    key: str
    region_code: str
    masked_name: str
    name: str | None = field(default=None, repr=False)
    household_id: UUID | None = None


async def register_talent(tx: AsyncConnection, entry: TalentEntry, *, cipher: FieldCipher) -> Talent:
    """Register somebody for a kind; who ended may come again, as the next revision.

    Raises:
        WhoIsTalented, KindNotOffered, PersonUnknown, TalentEntityUnknown, VillageUnknown, TalentStands, TalentDates:
            as they say.
    """
    check_who(entry.person_id, entry.name, entry.entity_id)
    who = await _person(tx, entry.person_id) if entry.person_id else await _named(tx, entry, cipher)
    fact_id = derived_id("talent", entry.kind, entry.entity_id if entry.name else "", who.key)
    await locked(tx, [who.household_id or fact_id])
    kind = (await KINDS.all(tx)).get(entry.kind)
    if kind is None or not kind.active:
        raise KindNotOffered
    if entry.entity_id is not None:
        await _open_entity(tx, entry.entity_id)
    before = await talent(tx, fact_id)
    if before is not None and not before.void:
        if before.until is None:
            raise TalentStands
        if entry.since < before.until:
            raise TalentDates(pointer="/since")
    row = Talent(
        id=fact_id,
        revision=before.revision if before else 0,
        void=False,
        kind=entry.kind,
        region_code=who.region_code,
        household_id=who.household_id,
        person_id=entry.person_id,
        entity_id=entry.entity_id,
        name=cipher.seal(PURPOSE, "talents", "name", fact_id, who.name) if who.name else None,
        masked_name=who.masked_name,
        since=entry.since,
        until=None,
        document=entry.document,
    )
    return await _next(tx, row)


async def get_talent(tx: AsyncConnection, talent_id: UUID) -> Talent:
    """One talent in scope.

    Raises:
        TalentUnknown: not there or not in scope.
    """
    found = await talent(tx, talent_id)
    if found is None:
        raise TalentUnknown
    return found


async def end_talent(tx: AsyncConnection, talent_id: UUID, *, until: date, version: int) -> Talent:
    """Somebody no longer counts as one: moved away, certificate run out.

    Raises:
        TalentUnknown, PreconditionFailed, TalentOver, TalentDates: as they say.
    """
    before = await _held(tx, talent_id, version)
    if before.until is not None:
        raise TalentOver
    if until < before.since:
        raise TalentDates
    return await _next(tx, replace(before, until=until))


async def void_talent(tx: AsyncConnection, talent_id: UUID, *, version: int) -> Talent:
    """It never was so.

    Raises:
        TalentUnknown, PreconditionFailed, TalentOver: as they say.
    """
    return await _next(tx, replace(await _held(tx, talent_id, version), void=True))


async def _person(tx: AsyncConnection, person_id: UUID) -> _Who:
    person = await registry.get_person(tx, person_id)
    if not person.active:
        raise registry.PersonUnknown
    home = await registry.get_household(tx, person.household_id)
    return _Who(key=str(person.id), region_code=home.region_code, masked_name=person.masked_name, household_id=home.id)


async def _named(tx: AsyncConnection, entry: TalentEntry, cipher: FieldCipher) -> _Who:
    name = (entry.name or "").strip()
    if entry.entity_id is None or not name:
        raise WhoIsTalented
    place = (await _open_entity(tx, entry.entity_id)).region_code
    region = (await regions.current_regions(tx, [place])).get(place)
    if region is None or await registry.outside_scope(tx, [region.path]):
        raise TalentEntityUnknown
    return _Who(key=cipher.blind_index(f"talent\x1f{name}"), region_code=place, masked_name=mask_name(name), name=name)


async def _open_entity(tx: AsyncConnection, entity_id: UUID) -> entities.Entity:
    found = (await entities.entities_by_id(tx, [entity_id])).get(entity_id)
    if found is None or found.closed:
        raise TalentEntityUnknown
    return found


async def _held(tx: AsyncConnection, talent_id: UUID, version: int) -> Talent:
    seen = await get_talent(tx, talent_id)
    await locked(tx, [seen.household_id or seen.id])
    row = await get_talent(tx, talent_id)
    require_version(row.revision, version)
    if row.void:
        raise TalentOver
    return row


async def _next(tx: AsyncConnection, wanted: Talent) -> Talent:
    row = replace(wanted, revision=wanted.revision + 1)
    await rows.put(tx, talents, [row])
    new = NewEvent(
        event=_event(row),
        key=row.household_id or row.id,
        household_id=row.household_id,
        region=row.region_code,
        occurred_at=clock.now(),
        fact_id=row.id,
        revision=row.revision,
        void=row.void,
    )
    await append(tx, new)
    return row


def _event(row: Talent) -> Event:
    if row.until is not None:
        return TalentEnded(talent_id=row.id, until=row.until)
    told = ("kind", "region_code", "person_id", "entity_id", "since", "document")
    return TalentRegistered(talent_id=row.id, **{name: getattr(row, name) for name in told})
