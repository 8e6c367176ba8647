"""Registering a person unemployed, ending that, taking it back; a person may register later than the fact."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import matched
from directory.naming import PersonNamed, place
from directory.people import today
from directory.rows import event_of
from events.catalog.employment import UnemploymentEnded, UnemploymentEndReason, UnemploymentRegistered
from events.catalog.households import PersonJoined
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit import clock
from kit.cipher import FieldCipher
from kit.errors import Refusal
from kit.etag import require_version

from .. import queries
from ..rules import (
    Registration,
    RegistrationKnown,
    RegistrationOver,
    RegistrationUnknown,
    StillEmployed,
    check_day,
)
from ..tables import registrations
from .families import settle


async def register(
    tx: AsyncConnection, person: PersonNamed, *, on: date, cipher: FieldCipher, area: str, department: str
) -> Registration:
    """Register a person unemployed from a day on; the same report again changes nothing.

    Raises:
        NotYet, RegisteredElsewhere, PersonUnknown, RegistrationKnown, StillEmployed: as they say.
    """
    now = await today(tx)
    check_day(on, now, "/registered_on")
    [where] = await place(tx, [person], cipher=cipher, area=area, on=now)
    if isinstance(where, Refusal):
        raise where
    id_ = uuid7()
    await locked(tx, [where.key(id_)])
    known = await queries.standing_of(tx, where.person_id, where.blind_index)
    if known is not None:
        if known.registered_on == on:
            return known
        raise RegistrationKnown
    if await queries.works_on(tx, where.person_id, where.blind_index, on):
        raise StillEmployed
    fact = Registration(
        id=id_, revision=1, void=False, **where.values(), registered_on=on, ended_on=None, end_reason=None,
        department=department,
    )  # fmt: skip
    await _tell(tx, fact)
    return fact


async def get_registration(tx: AsyncConnection, id_: UUID) -> Registration:
    """One registration in scope.

    Raises:
        RegistrationUnknown: not there, or out of scope.
    """
    found = (await queries.registrations_by_id(tx, [id_])).get(id_)
    if found is None:
        raise RegistrationUnknown
    return found


async def end_registration(
    tx: AsyncConnection, id_: UUID, *, ended_on: date, reason: str, version: int
) -> Registration:
    """The registration no longer holds from a day on.

    Raises:
        RegistrationUnknown, PreconditionFailed, RegistrationOver, NotYet: as they say.
    """
    on = await today(tx)
    before = await _to_change(tx, id_, version)
    check_day(ended_on, on, "/ended_on")
    if before.ended_on is not None or ended_on < before.registered_on:
        raise RegistrationOver
    fact = replace(before, ended_on=ended_on, end_reason=reason, revision=before.revision + 1)
    await _tell(tx, fact)
    return fact


async def void_registration(tx: AsyncConnection, id_: UUID, *, version: int) -> Registration:
    """There never was such a registration.

    Raises:
        RegistrationUnknown, PreconditionFailed, RegistrationOver: as they say.
    """
    before = await _to_change(tx, id_, version)
    fact = replace(before, void=True, revision=before.revision + 1)
    await _tell(tx, fact)
    return fact


async def _to_change(tx: AsyncConnection, id_: UUID, version: int) -> Registration:
    await locked(tx, [(await get_registration(tx, id_)).key])
    fact = await get_registration(tx, id_)
    require_version(fact.revision, version)
    if fact.void:
        raise RegistrationOver
    return fact


async def _tell(tx: AsyncConnection, fact: Registration) -> None:
    await queries.put_registration(tx, fact)
    await append(tx, _event(fact))
    await settle(tx, households=[fact.household_id], persons=[fact.person_id])


async def match_registrations(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Registrations that waited for these persons go out again, under the household's key."""
    found = await matched(tx, registrations, Registration, events)
    await append(tx, *(_event(fact, cause) for fact, cause in found))


def _event(fact: Registration, cause: Received[Any] | None = None) -> NewEvent:
    if fact.ended_on is None:
        event = UnemploymentRegistered(person_id=fact.person_id, registered_on=fact.registered_on)
        return event_of(event, fact, clock.midnight(fact.registered_on), cause=cause)
    ended = UnemploymentEnded(
        person_id=fact.person_id,
        registered_on=fact.registered_on,
        ended_on=fact.ended_on,
        reason=UnemploymentEndReason(fact.end_reason or "other"),
    )
    return event_of(ended, fact, clock.midnight(fact.ended_on), cause=cause)
