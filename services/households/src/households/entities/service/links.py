"""Links of households to an entity: signed, ended, taken back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import InterestLinkEnded, InterestLinkSigned, LinkEnd
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit.bulk import write_rows
from kit.errors import Refusal
from kit.etag import require_version

from ...registry import service as registry
from ..queries import Link, Mode, links_by_id, paid_under
from ..rules import (
    EntityClosed,
    LinkDates,
    LinkOver,
    LinkPaid,
    LinkStands,
    LinkUnknown,
    ModeNotOffered,
    NamedTwice,
    check_term,
)
from ..tables import interest_links
from .mode_list import MODES
from .registry import get_entity


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEntry:
    """利益联结签约: of one household; the contract's number tells several links of the same two apart."""

    household_id: UUID
    mode: str
    contract: str
    signed_on: date
    starts_on: date
    ends_on: date | None = None


async def sign_links(tx: AsyncConnection, entity_id: UUID, entries: Sequence[LinkEntry]) -> list[Link]:
    """Link at most 400 households to an entity, all of them or none; what stands already stays as it is.

    Raises:
        EntityUnknown, EntityClosed, HouseholdUnknown, HouseholdMergedAway: as they say.
        ModeNotOffered, LinkDates, LinkStands, NamedTwice: one of the entries, named by its place.
    """
    await locked(tx, [entity_id, *{entry.household_id for entry in entries}])
    if (await get_entity(tx, entity_id)).closed:
        raise EntityClosed
    homes = await registry.standing(tx, {entry.household_id for entry in entries})
    ids = [derived_id("interest-link", entity_id, entry.household_id, entry.contract) for entry in entries]
    standing, offered = await links_by_id(tx, ids), await MODES.all(tx)
    signed = [_signed(id_, entity_id, entry, standing.get(id_)) for id_, entry in zip(ids, entries, strict=True)]
    if problems := list(_problems(signed, standing, offered)):
        raise registry.one_refusal(problems)
    await _save(tx, [link for link in signed if link != standing.get(link.id)], homes)
    return signed


def _signed(id_: UUID, entity_id: UUID, entry: LinkEntry, before: Link | None) -> Link:
    """The link as told: what stands with the same terms is that link, whether it has ended or not."""
    told = Link(
        id=id_,
        revision=1,
        void=False,
        entity_id=entity_id,
        ended_on=None,
        reason=None,
        **{name: getattr(entry, name) for name in LinkEntry.__slots__},
    )
    if before is None:
        return told
    if before.void:
        return replace(told, revision=before.revision + 1)
    same = replace(told, revision=before.revision, ended_on=before.ended_on, reason=before.reason)
    return before if same == before else told


def _problems(signed: Sequence[Link], standing: Mapping[UUID, Link], offered: Mapping[str, Mode]) -> Iterator[Refusal]:
    seen = set[UUID]()
    for place, link in enumerate(signed):
        before = standing.get(link.id)
        if link.id in seen:
            yield NamedTwice(pointer=f"/links/{place}/contract")
        elif before is not None and not before.void and link != before:
            yield LinkStands(pointer=f"/links/{place}/contract")
        elif link.mode not in offered or (link != before and not offered[link.mode].active):
            yield ModeNotOffered(pointer=f"/links/{place}/mode")
        seen.add(link.id)
        try:
            check_term(link.starts_on, link.ends_on)
        except LinkDates:
            yield LinkDates(pointer=f"/links/{place}/ends_on")


async def get_link(tx: AsyncConnection, link_id: UUID) -> Link:
    """One link of a household in scope.

    Raises:
        LinkUnknown: not there or not in scope.
    """
    found = (await links_by_id(tx, [link_id])).get(link_id)
    if found is None:
        raise LinkUnknown
    return found


async def end_link(tx: AsyncConnection, link_id: UUID, *, ended_on: date, reason: LinkEnd, version: int) -> Link:
    """A link ends; `ended_on` is the first day without it.

    Raises:
        LinkUnknown, LinkOver, LinkDates, PreconditionFailed: as they say.
    """
    before = await _held(tx, link_id, version)
    if ended_on < before.starts_on:
        raise LinkDates(pointer="/ended_on")
    return await _changed(tx, replace(before, ended_on=ended_on, reason=reason))


async def void_link(tx: AsyncConnection, link_id: UUID, *, version: int) -> Link:
    """It never was so: the link is taken back.

    Raises:
        LinkUnknown, LinkOver, LinkPaid, PreconditionFailed: as they say.
    """
    before = await _held(tx, link_id, version)
    if await paid_under(tx, link_id):
        raise LinkPaid
    return await _changed(tx, replace(before, void=True))


async def _held(tx: AsyncConnection, link_id: UUID, version: int) -> Link:
    await locked(tx, [(await get_link(tx, link_id)).household_id])
    link = await get_link(tx, link_id)
    require_version(link.revision, version)
    if link.void or link.ended_on is not None:
        raise LinkOver
    return link


async def _changed(tx: AsyncConnection, link: Link) -> Link:
    after = replace(link, revision=link.revision + 1)
    await _save(tx, [after], await registry.standing(tx, [after.household_id], merged_too=True))
    return after


async def _save(tx: AsyncConnection, links: Sequence[Link], homes: Mapping[UUID, registry.Household]) -> None:
    if not links:
        return
    values = [{name: getattr(link, name) for name in Link.__slots__} for link in links]
    await write_rows(tx, interest_links, values, conflict="replace")
    await append(tx, *(_event(link, homes[link.household_id]) for link in links))


def _event(link: Link, home: registry.Household) -> NewEvent:
    event = (
        InterestLinkEnded(
            link_id=link.id, entity_id=link.entity_id, ended_on=link.ended_on, reason=LinkEnd(str(link.reason))
        )
        if link.ended_on is not None
        else InterestLinkSigned(
            link_id=link.id,
            entity_id=link.entity_id,
            mode=link.mode,
            signed_on=link.signed_on,
            starts_on=link.starts_on,
            ends_on=link.ends_on,
        )
    )
    return registry.about(home, event, fact_id=link.id, revision=link.revision, void=link.void)
