"""Finding families without any work as facts change, offering them a job, clearing them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from directory.rows import event_of
from events.catalog.employment import ZeroEmploymentCleared, ZeroEmploymentClearReason, ZeroEmploymentFound
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit import clock, policy
from kit.etag import require_version

from .. import queries
from ..rules import (
    Ages,
    Family,
    FamilyCleared,
    FamilyUnknown,
    Found,
    OfferBeforeFinding,
    Outcome,
    changed,
    check_day,
    due,
)

AT_ONCE: Final = 400
"""Households looked at in one transaction; a transaction may lock 500 keys."""


async def settle(
    tx: AsyncConnection,
    *,
    households: Iterable[UUID | None] = (),
    persons: Iterable[UUID | None] = (),
    cause: Received[Any] | None = None,
) -> None:
    """Look again at households, and at the homes of persons, of which something has changed.

    Only where somebody is registered unemployed or a finding stands; to all others the change means nothing.
    """
    wanted = await queries.concerned(
        tx, {id_ for id_ in households if id_ is not None}, {id_ for id_ in persons if id_ is not None}
    )
    if wanted:
        await _settle(tx, wanted, cause)


async def find_all(tx: AsyncConnection, *, after: UUID | None) -> UUID | None:
    """Look at the next 400 households as the business date has moved: ages pass; gives the last one looked at."""
    wanted = await queries.after(tx, after, AT_ONCE)
    if wanted:
        await _settle(tx, wanted, None)
    return wanted[-1] if len(wanted) == AT_ONCE else None


async def _settle(tx: AsyncConnection, households: list[UUID], cause: Received[Any] | None) -> None:
    await locked(tx, households)
    on = await today(tx)
    book = await policy.load(tx)
    places = await queries.places(tx, households)
    standing = await queries.open_families(tx, households)
    members = await queries.members(tx, households)
    earlier = await queries.families_by_id(tx, [_family_id(id_, on) for id_ in households])
    facts: list[Family] = []
    for household_id, place in places.items():
        ages = _ages(book, place.path, on)
        before = standing.get(household_id)
        # Ages that nobody has set leave everything as it is.
        change = ages and changed(members[household_id], ages, on, before.found_on if before else None)
        if not change:
            continue
        outcome, found, persons = change
        if before is None:
            days = book.at("zero_employment.offer.days", place.path, on)
            limit = due(on, None if days is None else int(days.value))
            facts.append(_found(household_id, place, on, persons, limit, earlier.get(_family_id(household_id, on))))
        else:
            facts.append(_ended(before, outcome, found, on))
    await queries.put_families(tx, facts)
    await append(tx, *(_event(fact, cause) for fact in facts))


def _family_id(household_id: UUID, found_on: date) -> UUID:
    """One fact per household and day of finding."""
    return derived_id("zero-employment", household_id, found_on)


def _found(
    household_id: UUID, place: queries.Place, on: date, persons: int, limit: date | None, earlier: Family | None
) -> Family:
    return Family(
        id=_family_id(household_id, on),
        revision=earlier.revision + 1 if earlier else 1,
        void=False,
        household_id=household_id,
        region=place.region,
        path=place.path,
        found_on=on,
        persons=persons,
        due_on=limit,
        offered_on=None,
        cleared_on=None,
        clear_reason=None,
    )


def _ended(before: Family, outcome: Outcome, found: Found, on: date) -> Family:
    if outcome is Outcome.VOID:
        return replace(before, void=True, revision=before.revision + 1)
    return replace(before, cleared_on=on, clear_reason=found.value, revision=before.revision + 1)


def _ages(book: policy.PolicyBook, path: str, on: date) -> Ages | None:
    first = book.at("labour.age.from", path, on)
    to = {sex: book.at(f"labour.age.to.{sex}", path, on) for sex in ("male", "female")}
    known = {sex: int(value.value) for sex, value in to.items() if value is not None}
    return None if first is None or len(known) < len(to) else Ages(int(first.value), known)


async def get_family(tx: AsyncConnection, id_: UUID) -> Family:
    """One finding in scope.

    Raises:
        FamilyUnknown: not there, or out of scope.
    """
    found = await queries.family_by_id(tx, id_)
    if found is None:
        raise FamilyUnknown
    return found


async def offer(tx: AsyncConnection, id_: UUID, *, offered_on: date, version: int) -> Family:
    """A job was offered to a member; the family stays on the list until somebody works.

    Raises:
        FamilyUnknown, PreconditionFailed, FamilyCleared, NotYet, OfferBeforeFinding: as they say.
    """
    on = await today(tx)
    await locked(tx, [(await get_family(tx, id_)).household_id])
    family = await get_family(tx, id_)
    require_version(family.revision, version)
    if family.void or family.cleared_on is not None:
        raise FamilyCleared
    check_day(offered_on, on, "/offered_on")
    if offered_on < family.found_on:
        raise OfferBeforeFinding
    if family.offered_on == offered_on:
        return family
    told = replace(family, offered_on=offered_on, revision=family.revision + 1)
    await queries.put_families(tx, [told])
    await append(tx, _event(told, None))
    return told


def _event(family: Family, cause: Received[Any] | None) -> NewEvent:
    told: dict[str, Any] = {name: getattr(family, name) for name in ("found_on", "persons", "due_on", "offered_on")}
    if family.cleared_on is None:
        return event_of(ZeroEmploymentFound(**told), family, clock.midnight(family.found_on), cause=cause)
    reason = ZeroEmploymentClearReason(family.clear_reason or "")
    cleared = ZeroEmploymentCleared(**told, cleared_on=family.cleared_on, reason=reason)
    return event_of(cleared, family, clock.midnight(family.cleared_on), cause=cause)
