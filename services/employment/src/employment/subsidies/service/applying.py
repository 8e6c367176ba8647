"""Asking who is entitled, applying, closing an application."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.naming import PersonNamed, place
from directory.people import HouseholdRef, business_date, persons_by_id, today
from events.ids import uuid7
from events.locks import locked
from kit.cipher import FieldCipher
from kit.errors import Refusal
from kit.etag import require_version

from ...requests import service as requests
from .. import queries
from ..rules import (
    Ask,
    ClaimantAwaited,
    CloseReason,
    Eligibility,
    NotEligible,
    NotOpen,
    Proof,
    State,
    Subsidy,
    SubsidyStands,
    SubsidyState,
    SubsidyUnknown,
    check_day,
)
from .judging import ask_of, judge, kept


async def explain(tx: AsyncConnection, ask: Ask, person: PersonNamed, *, cipher: FieldCipher, area: str) -> Eligibility:
    """Whether a person is entitled: every condition met, not met or unknown, with what it rests on.

    Raises:
        ClaimantAwaited, RegisteredElsewhere, OtherHousehold, PersonUnknown: as they say.
    """
    person_id, home = await _named(tx, person, cipher=cipher, area=area, on=await business_date(tx))
    return await judge(tx, ask, person_id, home, standing=await queries.standing(tx, person_id, ask.kind, ask.year))


async def apply(
    tx: AsyncConnection, ask: Ask, person: PersonNamed, *, proof: Proof, cipher: FieldCipher, area: str, by: str,
    department: str,
) -> Subsidy:  # fmt: skip
    """Take an application; what is unknown may become known before it is approved. It takes up who asked for it.

    Raises:
        NotYet, ClaimantAwaited, RegisteredElsewhere, OtherHousehold, PersonUnknown: as they say.
        SubsidyStands, NotEligible: as they say.
    """
    on = await today(tx)
    check_day(ask.on, on, "/applied_on")
    person_id, home = await _named(tx, person, cipher=cipher, area=area, on=on)
    await locked(tx, [home.household_id])
    if await queries.standing(tx, person_id, ask.kind, ask.year) is not None:
        raise SubsidyStands
    found = await judge(tx, ask, person_id, home, standing=None)
    refused: list[Refusal] = [
        NotEligible(zh=reason.zh, en=reason.en, pointer=f"/{reason.check}")
        for reason in found.reasons
        if reason.state is State.NOT_MET
    ]
    if refused:
        raise refused[0] if len(refused) == 1 else NotEligible(several=refused)
    new = Subsidy(
        id=uuid7(), version=1, person_id=person_id, household_id=home.household_id, region=home.region,
        path=home.path, kind=ask.kind, year=ask.year, proof=proof.value, applied_on=ask.on, applied_by=by,
        department=department, state=SubsidyState.APPLIED.value, amount=found.amount, explained=kept(found),
    )  # fmt: skip
    if not await queries.add(tx, new):
        raise SubsidyStands
    await requests.settle(tx, [new.household_id])
    return new


async def get_subsidy(tx: AsyncConnection, id_: UUID) -> tuple[Subsidy, Eligibility | None]:
    """An application in scope; while it waits, with its conditions as they are by now.

    Raises:
        SubsidyUnknown: not there, or out of scope.
    """
    found = (await queries.by_id(tx, [id_])).get(id_)
    if found is None:
        raise SubsidyUnknown
    if found.state != SubsidyState.APPLIED:
        return found, None
    person = (await persons_by_id(tx, [found.person_id], await business_date(tx))).get(found.person_id)
    if person is None or person.home is None:
        return found, None
    return found, await judge(tx, ask_of(found), found.person_id, person.home, standing=None)


async def close(tx: AsyncConnection, id_: UUID, *, reason: CloseReason, version: int) -> Subsidy:
    """The application is withdrawn or turned down; a new one may be made.

    Raises:
        SubsidyUnknown, PreconditionFailed, NotOpen: as they say.
    """
    on = await today(tx)
    before = (await queries.by_id(tx, [id_], to_change=True)).get(id_)
    if before is None:
        raise SubsidyUnknown
    require_version(before.version, version)
    if before.state != SubsidyState.APPLIED or before.batch_id is not None:
        raise NotOpen
    after = replace(
        before, version=before.version + 1, state=SubsidyState.CLOSED.value, closed_on=on, close_reason=reason.value
    )
    await queries.put(tx, [after])
    return after


async def _named(
    tx: AsyncConnection, person: PersonNamed, *, cipher: FieldCipher, area: str, on: date
) -> tuple[UUID, HouseholdRef]:
    [where] = await place(tx, [person], cipher=cipher, area=area, on=on)
    if isinstance(where, Refusal):
        raise where
    if where.person_id is None:
        raise ClaimantAwaited
    home = (await persons_by_id(tx, [where.person_id], on))[where.person_id].home
    if home is None:
        raise ClaimantAwaited
    return where.person_id, home
