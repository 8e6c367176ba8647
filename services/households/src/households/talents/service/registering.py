"""Talents are registered, end, and are taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
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
from kit.errors import Refusal
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
    fact_id: UUID
    region_code: str
    masked_name: str
    name: str | None = field(default=None, repr=False)
    household_id: UUID | None = None

    @property
    def key(self) -> UUID:
        return self.household_id or self.fact_id


class Status(StrEnum):
    """处理结果"""

    RECORDED = "recorded"
    """已登记"""
    UNCHANGED = "unchanged"
    """已有相同记录"""
    REFUSED = "refused"
    """未接受"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentOutcome:
    """What became of one entry; a refused or unchanged one left no row and no event."""

    status: Status
    talent: Talent | None = None
    refusal: Refusal | None = None


async def register_talent(tx: AsyncConnection, entry: TalentEntry, *, cipher: FieldCipher) -> Talent:
    """Register somebody for a kind; who ended may come again, as the next revision.

    Raises:
        WhoIsTalented, KindNotOffered, PersonUnknown, TalentEntityUnknown, InFuture, TalentStands, TalentDates: as they
            say.
    """
    [outcome] = await register_talents(tx, [entry], cipher=cipher)
    if outcome.talent is None or outcome.status is Status.UNCHANGED:
        raise outcome.refusal or TalentStands
    return outcome.talent


async def register_talents(
    tx: AsyncConnection, entries: Sequence[TalentEntry], *, cipher: FieldCipher
) -> list[TalentOutcome]:
    """Register at most 500 people, each entry taken whole or refused whole; what stands already changes nothing."""
    known = await _look_up(tx, entries)
    who = [_who(entry, known, cipher) for entry in entries]
    await locked(tx, {one.key for one in who if isinstance(one, _Who)})
    kinds = {kind.code for kind in (await KINDS.all(tx)).values() if kind.active}
    standing = await rows.by_id(tx, talents, Talent, {one.fact_id for one in who if isinstance(one, _Who)})
    on, new, outcomes = await regions.today(tx), dict[UUID, Talent](), list[TalentOutcome]()
    for entry, one in zip(entries, who, strict=True):
        refusal = one if isinstance(one, Refusal) else _refusal(entry, kinds, on)
        before = standing.get(one.fact_id) if isinstance(one, _Who) else None
        if refusal is None and before is not None and not before.void:
            if _says(before, entry):
                outcomes.append(TalentOutcome(status=Status.UNCHANGED, talent=before))
                continue
            refusal = _against(before, entry)
        if refusal is not None or not isinstance(one, _Who):
            outcomes.append(TalentOutcome(status=Status.REFUSED, refusal=refusal))
            continue
        row = _first(entry, one, before, cipher)
        standing[row.id] = new[row.id] = row
        outcomes.append(TalentOutcome(status=Status.RECORDED, talent=row))
    await _save(tx, list(new.values()))
    return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    persons: Mapping[UUID, registry.Person]
    homes: Mapping[UUID, registry.Household]
    entities: Mapping[UUID, entities.Entity]
    outside: Collection[str]
    """villages of the entities that are not in one's area"""


async def _look_up(tx: AsyncConnection, entries: Sequence[TalentEntry]) -> _Known:
    persons = await registry.persons_by_id(tx, {entry.person_id for entry in entries if entry.person_id})
    homes = await registry.households_by_id(tx, {person.household_id for person in persons.values()})
    firms = await entities.entities_by_id(tx, {entry.entity_id for entry in entries if entry.entity_id})
    places = await regions.current_regions(tx, {firm.region_code for firm in firms.values()})
    outside = await registry.outside_scope(tx, {region.path for region in places.values()})
    here = {code for code, region in places.items() if region.path not in outside}
    return _Known(
        persons=persons,
        homes=homes,
        entities={id_: firm for id_, firm in firms.items() if not firm.closed},
        outside={firm.region_code for firm in firms.values()} - here,
    )


def _who(entry: TalentEntry, known: _Known, cipher: FieldCipher) -> _Who | Refusal:
    """Whom an entry is about, or why nobody is."""
    name = (entry.name or "").strip()
    try:
        check_who(entry.person_id, entry.name and (name or None), entry.entity_id)
    except WhoIsTalented as refusal:
        return refusal
    firm = known.entities.get(entry.entity_id) if entry.entity_id else None
    if entry.entity_id is not None and firm is None:
        return TalentEntityUnknown()
    if entry.person_id is None and firm is not None:
        if firm.region_code in known.outside:
            return TalentEntityUnknown()
        fact_id = derived_id("talent", entry.kind, firm.id, cipher.blind_index(f"talent\x1f{name}"))
        return _Who(fact_id=fact_id, region_code=firm.region_code, masked_name=mask_name(name), name=name)
    person = known.persons.get(entry.person_id) if entry.person_id else None
    home = known.homes.get(person.household_id) if person is not None and person.active else None
    if person is None or home is None:
        return registry.PersonUnknown()
    fact_id = derived_id("talent", entry.kind, "", str(person.id))
    return _Who(fact_id=fact_id, region_code=home.region_code, masked_name=person.masked_name, household_id=home.id)


def _refusal(entry: TalentEntry, kinds: Collection[str], on: date) -> Refusal | None:
    if entry.kind not in kinds:
        return KindNotOffered()
    return regions.InFuture(pointer="/since") if entry.since > on else None


def _says(before: Talent, entry: TalentEntry) -> bool:
    """Whether it stands just as the entry says."""
    told = (before.since, before.document, before.entity_id, before.until)
    return told == (entry.since, entry.document, entry.entity_id, None)


def _against(before: Talent, entry: TalentEntry) -> Refusal | None:
    if before.until is None:
        return TalentStands()
    return TalentDates(pointer="/since") if entry.since < before.until else None


def _first(entry: TalentEntry, who: _Who, before: Talent | None, cipher: FieldCipher) -> Talent:
    return Talent(
        id=who.fact_id,
        revision=before.revision + 1 if before else 1,
        void=False,
        kind=entry.kind,
        region_code=who.region_code,
        household_id=who.household_id,
        person_id=entry.person_id,
        entity_id=entry.entity_id,
        name=cipher.seal(PURPOSE, "talents", "name", who.fact_id, who.name) if who.name else None,
        masked_name=who.masked_name,
        since=entry.since,
        until=None,
        document=entry.document,
    )


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
    await _save(tx, [row])
    return row


async def _save(tx: AsyncConnection, told: Sequence[Talent]) -> None:
    await rows.put(tx, talents, told)
    await append(tx, *map(_told, told))


def _told(row: Talent) -> NewEvent:
    return NewEvent(
        event=_event(row),
        key=row.household_id or row.id,
        household_id=row.household_id,
        region=row.region_code,
        occurred_at=clock.now(),
        fact_id=row.id,
        revision=row.revision,
        void=row.void,
    )


def _event(row: Talent) -> Event:
    if row.until is not None:
        return TalentEnded(talent_id=row.id, until=row.until)
    told = ("kind", "region_code", "person_id", "entity_id", "since", "document")
    return TalentRegistered(talent_id=row.id, **{name: getattr(row, name) for name in told})
