"""Routes of households and persons; no route takes personal data in its address."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from events.catalog.households import MonitoringCategory
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import SecretText
from kit.paging import Page, Paging
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Cipher, Tx
from kit.scope import validate_path

from ..regions import service as regions
from . import service
from .models import (
    HouseholdDetail,
    HouseholdIn,
    HouseholdOut,
    HouseholdPatch,
    Identification,
    Identified,
    Leaving,
    MembershipOut,
    Merge,
    Moving,
    PersonIn,
    PersonOut,
    PersonPatch,
    Placed,
    Revealed,
    Search,
    Split,
    Unmerge,
)

router = APIRouter(prefix="/v1", tags=["registry 户籍"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["registry 户籍"], route_class=AuditedRoute)
"""Reads of one household or person: it may ask who read its data."""

Read = Annotated[Principal, Depends(needs("households:read"))]
Write = Annotated[Principal, Depends(needs("households:write"))]
Reveal = Annotated[Principal, Depends(needs("households:reveal"))]


@router.post("/households", status_code=201)
async def register_household(
    body: HouseholdIn, who: Write, tx: Tx, cipher: Cipher, response: Response
) -> HouseholdDetail:
    """Register a household with its members, whole or not at all."""
    on = await regions.happened(tx, stated_on=body.stated_on)
    entry = service.HouseholdEntry(
        facts=service.HouseholdFacts(**body.model_dump(exclude={"members", "stated_on"})),
        members=tuple(_facts(member) for member in body.members),
        stated_on=body.stated_on or on,
    )
    [outcome] = await service.register_households(tx, [entry], cipher=cipher)
    if outcome.refusal is not None:
        raise outcome.refusal
    if outcome.household_id is None:
        raise service.HouseholdUnknown
    response.headers["Location"] = f"/v1/households/{outcome.household_id}"
    return await _detail(tx, await service.get_household(tx, outcome.household_id), response)


@router.get("/households")
async def list_households(
    who: Read,
    tx: Tx,
    paging: Paging,
    path: Annotated[str | None, Query(max_length=60)] = None,
    category: MonitoringCategory | None = None,
) -> Page[HouseholdOut]:
    """Households of one's area, optionally below a management path."""
    found = await service.households_page(
        tx,
        path=validate_path(path) if path else None,
        category=category,
        after=UUID(str(paging.after[0])) if paging.after else None,
        limit=paging.limit,
    )
    return paging.page(found, show=lambda row: HouseholdOut(**asdict(row)), place=lambda row: [str(row.id)])


@router.post("/households:search")
async def search_households(
    body: Search, who: Read, tx: Tx, cipher: Cipher, response: Response
) -> list[HouseholdDetail]:
    """Find households by number, certificate, name or phone; audited, because it asks for a person."""
    found = await service.search_households(tx, _wanted(body), cipher=cipher)
    return [await _detail(tx, home, response) for home in found]


@router.post("/persons:identify")
async def identify_person(body: Identification, who: Read, tx: Tx, cipher: Cipher) -> Identified:
    """The one person who fits; where several do, they are named masked and none is chosen."""
    found = await service.identify_person(tx, _wanted(body), cipher=cipher)
    return Identified.model_validate(asdict(found))


@audited.get("/households/{household_id}")
async def read_household(
    household_id: UUID, who: Read, tx: Tx, response: Response, as_of: date | None = None
) -> HouseholdDetail:
    """A household with its members, as it stands or as it was recorded by the end of a day."""
    if as_of is None:
        return await _detail(tx, await service.get_household(tx, household_id), response)
    past = await service.household_as_of(tx, household_id, as_of)
    if past is None:
        raise service.HouseholdUnknown
    people = await service.members_as_of(tx, household_id, as_of)
    return HouseholdDetail(**asdict(past), members=tuple(PersonOut.model_validate(asdict(item)) for item in people))


@router.patch("/households/{household_id}")
async def update_household(
    household_id: UUID, body: HouseholdPatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> HouseholdDetail:
    """Change what is stated about a household."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    on = await regions.today(tx)
    return await _detail(
        tx, await service.update_household(tx, household_id, changes, version=version, on=on), response
    )


@audited.get("/households/{household_id}/members")
async def read_member_history(household_id: UUID, who: Read, tx: Tx, as_of: date | None = None) -> list[MembershipOut]:
    """Who belongs to the household and who ever did, as known now or as recorded by the end of a day."""
    await service.get_household(tx, household_id)
    found = (
        await service.history(tx, household_id)
        if as_of is None
        else await service.history_as_of(tx, household_id, as_of)
    )
    return [MembershipOut(**asdict(row)) for row in found]


@router.post("/households/{household_id}:split", status_code=201)
async def split_household(
    household_id: UUID, body: Split, who: Write, tx: Tx, version: IfMatch, response: Response
) -> HouseholdDetail:
    """Some members found a new household; the answer is the new one."""
    await regions.happened(tx, on=body.on)
    facts = service.HouseholdFacts(number=body.number, region_code=body.region_code, household_type=body.household_type)
    new = await service.split_household(
        tx,
        household_id,
        facts,
        relations=_relations(body.members),
        on=body.on,
        version=version,
        successor_id=body.successor_id,
    )
    response.headers["Location"] = f"/v1/households/{new.id}"
    return await _detail(tx, new, response)


@router.post("/households/{household_id}:merge")
async def merge_households(
    household_id: UUID, body: Merge, who: Write, tx: Tx, version: IfMatch, response: Response
) -> HouseholdDetail:
    """This household becomes an alias of another one; the answer is the one that stands."""
    await regions.happened(tx, on=body.on)
    home = await service.merge_households(
        tx,
        household_id,
        into_id=body.into_household_id,
        on=body.on,
        version=version,
        relations=_relations(body.members),
    )
    return await _detail(tx, home, response)


@router.post("/households/{household_id}:unmerge")
async def unmerge_households(
    household_id: UUID, body: Unmerge, who: Write, tx: Tx, version: IfMatch, response: Response
) -> HouseholdDetail:
    """Undo a merge as if it had never been; the answer is the household that stands on its own again."""
    row = await service.unmerge_households(tx, household_id, version=version, successor_id=body.successor_id)
    return await _detail(tx, row, response)


@router.post("/households/{household_id}/members", status_code=201)
async def join_household(
    household_id: UUID, body: PersonIn, who: Write, tx: Tx, cipher: Cipher, version: IfMatch, response: Response
) -> PersonOut:
    """A person joins the household; If-Match is the household's."""
    on = await regions.happened(tx, since=body.since)
    person = await service.join_household(tx, household_id, _facts(body), version=version, cipher=cipher, on=on)
    response.headers["Location"] = f"/v1/persons/{person.id}"
    return _person(person, response)


@audited.get("/persons/{person_id}")
async def read_person(person_id: UUID, who: Read, tx: Tx, response: Response) -> PersonOut:
    """A person, masked."""
    return _person(await service.get_person(tx, person_id), response)


@router.patch("/persons/{person_id}")
async def update_person(
    person_id: UUID, body: PersonPatch, who: Write, tx: Tx, cipher: Cipher, version: IfMatch, response: Response
) -> PersonOut:
    """Change what is stated about a person; the certificate stays."""
    changes = {name: _clear(getattr(body, name)) for name in body.model_fields_set}
    return _person(await service.update_person(tx, person_id, changes, version=version, cipher=cipher), response)


@router.post("/persons/{person_id}:leave")
async def leave_household(
    person_id: UUID, body: Leaving, who: Write, tx: Tx, version: IfMatch, response: Response
) -> PersonOut:
    """A person leaves its household."""
    await regions.happened(tx, on=body.on)
    return _person(await service.leave_household(tx, person_id, version=version, **body.model_dump()), response)


@router.post("/persons/{person_id}:move")
async def move_person(
    person_id: UUID, body: Moving, who: Write, tx: Tx, version: IfMatch, response: Response
) -> PersonOut:
    """A person moves to another household."""
    await regions.happened(tx, on=body.on)
    return _person(await service.move_person(tx, person_id, version=version, **body.model_dump()), response)


@router.post("/persons/{person_id}:reveal")
async def reveal_person(person_id: UUID, who: Reveal, tx: Tx, cipher: Cipher) -> Revealed:
    """Show what is sealed; audited."""
    facts = service.stated(await service.get_person(tx, person_id), cipher)
    return Revealed(id=person_id, name=facts.name, certificate=facts.certificate, phone=facts.phone)


def _facts(body: PersonIn) -> service.PersonFacts:
    return service.PersonFacts(**{name: _clear(getattr(body, name)) for name in PersonIn.model_fields})


def _relations(members: Sequence[Placed]) -> dict[UUID, str]:
    return {member.person_id: member.relation for member in members}


def _wanted(body: Search | Identification) -> service.Wanted:
    told = {name: _clear(getattr(body, name)) for name in type(body).model_fields}
    if told["path"] is not None:
        validate_path(told["path"])
    return service.Wanted(**told)


def _clear(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretText) else value


async def _detail(tx: Tx, row: service.Household, response: Response) -> HouseholdDetail:
    people: Sequence[service.Person] = (await service.members(tx, [row.id]))[row.id]
    response.headers["ETag"] = etag(row.version)
    return HouseholdDetail(**asdict(row), members=tuple(PersonOut.model_validate(asdict(person)) for person in people))


def _person(row: service.Person, response: Response) -> PersonOut:
    response.headers["ETag"] = etag(row.version)
    return PersonOut.model_validate(asdict(row))
