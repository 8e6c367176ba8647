"""Routes of unemployment registrations and of families without any work; a certificate travels in the body only."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from directory.naming import PersonNamed, reporting_area
from directory.people import business_date
from events.catalog.employment import UnemploymentEndReason, ZeroEmploymentClearReason
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, PageRequest, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from . import service

router = APIRouter(prefix="/v1", tags=["zero_employment 零就业家庭"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("employment:read"))]
Write = Annotated[Principal, Depends(needs("employment:write"))]


class RegistrationIn(RequestModel):
    """失业登记: a person able to work has none and looks for it."""

    person: PersonNamed
    registered_on: date


class RegistrationEnd(RequestModel):
    """失业登记注销: ended_on is the first day on which it no longer holds."""

    ended_on: date
    reason: UnemploymentEndReason


class RegistrationOut(AnswerModel):
    """失业登记: as it stands; `matched` is false while the person is not registered as a member of a household."""

    id: UUID
    revision: int
    void: bool
    matched: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    registered_on: date
    ended_on: date | None
    end_reason: UnemploymentEndReason | None


class Offer(RequestModel):
    """提供岗位: the day a job was offered to a member."""

    offered_on: date


class FamilyOut(AnswerModel):
    """零就业家庭: one finding; due_on is the last day for offering a job, null where no policy sets it."""

    id: UUID
    revision: int
    state: service.FamilyState
    household_id: UUID
    region: str | None
    found_on: date
    persons: int
    due_on: date | None
    offered_on: date | None
    offered_late: bool | None
    """超期提供; null while nothing was offered or no policy sets a limit"""
    cleared_on: date | None
    clear_reason: ZeroEmploymentClearReason | None


@router.post("/unemployment-registrations", status_code=201)
async def register(body: RegistrationIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> RegistrationOut:
    """Register a person unemployed; the same report again answers the same registration."""
    fact = await service.register(
        tx,
        body.person,
        on=body.registered_on,
        cipher=cipher,
        area=reporting_area(who.paths),
        department=who.department,
    )
    response.headers["Location"] = f"/v1/unemployment-registrations/{fact.id}"
    return _registration(fact, response)


@router.get("/unemployment-registrations")
async def list_registrations(
    who: Read,
    tx: Tx,
    paging: Paging,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    standing: bool = False,
) -> Page[RegistrationOut]:
    """Registrations in one's area; `standing` leaves out those that ended or were taken back."""
    found = await service.registrations_page(
        tx,
        household_id=household_id,
        person_id=person_id,
        standing=standing,
        after=_after(paging),
        limit=paging.limit,
    )
    return paging.page(found, show=_registration, place=lambda fact: [str(fact.id)])


@router.get("/unemployment-registrations/{registration_id}")
async def read_registration(registration_id: UUID, who: Read, tx: Tx, response: Response) -> RegistrationOut:
    """A registration."""
    return _registration(await service.get_registration(tx, registration_id), response)


@router.post("/unemployment-registrations/{registration_id}:end")
async def end_registration(
    registration_id: UUID, body: RegistrationEnd, who: Write, tx: Tx, version: IfMatch, response: Response
) -> RegistrationOut:
    """The registration ends."""
    fact = await service.end_registration(
        tx, registration_id, ended_on=body.ended_on, reason=body.reason, version=version
    )
    return _registration(fact, response)


@router.post("/unemployment-registrations/{registration_id}:void")
async def void_registration(
    registration_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response
) -> RegistrationOut:
    """There never was such a registration."""
    return _registration(await service.void_registration(tx, registration_id, version=version), response)


@router.get("/zero-employment-households")
async def list_families(
    who: Read,
    tx: Tx,
    paging: Paging,
    state: service.FamilyState | None = None,
    household_id: UUID | None = None,
) -> Page[FamilyOut]:
    """Families without any work, found and cleared; `state=overdue`: no job was offered within the limit."""
    on = await business_date(tx)
    found = await service.families_page(
        tx, state=state, household_id=household_id, on=on, after=_after(paging), limit=paging.limit
    )
    return paging.page(found, show=lambda family: _family(family, on), place=lambda family: [str(family.id)])


@router.get("/zero-employment-households/{family_id}")
async def read_family(family_id: UUID, who: Read, tx: Tx, response: Response) -> FamilyOut:
    """One finding."""
    return _family(await service.get_family(tx, family_id), await business_date(tx), response)


@router.post("/zero-employment-households/{family_id}:offer")
async def offer(family_id: UUID, body: Offer, who: Write, tx: Tx, version: IfMatch, response: Response) -> FamilyOut:
    """A job was offered; the family is cleared once somebody works."""
    family = await service.offer(tx, family_id, offered_on=body.offered_on, version=version)
    return _family(family, await business_date(tx), response)


def _after(paging: PageRequest) -> UUID | None:
    return UUID(str(paging.after[0])) if paging.after else None


def _registration(fact: service.Registration, response: Response | None = None) -> RegistrationOut:
    if response is not None:
        response.headers["ETag"] = etag(fact.revision)
    own = {name: getattr(fact, name) for name in RegistrationOut.model_fields if hasattr(fact, name)}
    return RegistrationOut(**own, matched=fact.household_id is not None)


def _family(family: service.Family, on: date, response: Response | None = None) -> FamilyOut:
    if response is not None:
        response.headers["ETag"] = etag(family.revision)
    own = {name: getattr(family, name) for name in FamilyOut.model_fields if hasattr(family, name)}
    late = None
    if family.offered_on is not None and family.due_on is not None:
        late = family.offered_on > family.due_on
    return FamilyOut(**own, state=service.state_of(family, on), offered_late=late)
