"""Routes of helpers."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, SecretText
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Cipher, Tx

from ..registry import service as registry
from . import service

router = APIRouter(prefix="/v1", tags=["support 帮扶"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["support 帮扶"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("support:read"))]
Write = Annotated[Principal, Depends(needs("support:write"))]


class HelperIn(RequestModel):
    """帮扶责任人: who is to answer for the household."""

    name: Annotated[SecretText, Field(min_length=1, max_length=32)]
    organisation: Annotated[str, Field(min_length=1, max_length=100)]
    phone: Annotated[SecretText, Field(min_length=7, max_length=16)] | None = None
    since: date


class Ending(RequestModel):
    """帮扶解除"""

    until: date


class HelperOut(AnswerModel):
    """帮扶责任人: name and phone are masked."""

    id: UUID
    revision: int
    household_id: UUID
    masked_name: str
    masked_phone: str | None
    organisation: str
    since: date
    until: date | None


@router.post("/households/{household_id}/helpers", status_code=201)
async def assign_helper(
    household_id: UUID, body: HelperIn, who: Write, tx: Tx, cipher: Cipher, response: Response
) -> HelperOut:
    """Assign a named helper to a household."""
    entry = service.HelperEntry(
        household_id=household_id,
        name=body.name.get_secret_value(),
        organisation=body.organisation,
        phone=body.phone.get_secret_value() if body.phone else None,
        since=body.since,
    )
    [outcome] = await service.assign_helpers(tx, [entry], cipher=cipher)
    if outcome.refusal is not None:
        raise outcome.refusal
    found = {row.id: row for row in (await service.helpers_of(tx, [household_id]))[household_id]}
    return _helper(found[outcome.assignment_id], response)


@audited.get("/households/{household_id}/helpers")
async def list_helpers(household_id: UUID, who: Read, tx: Tx, as_of: date | None = None) -> list[HelperOut]:
    """Helpers of a household and those merged into it, the active ones first; `as_of`, as recorded by then."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    if as_of is not None:
        return [HelperOut.model_validate(asdict(row)) for row in await service.helpers_as_of(tx, family, as_of)]
    found = [row for rows in (await service.helpers_of(tx, family)).values() for row in rows]
    found.sort(key=lambda row: (row.until is not None, row.since, row.id))
    return [HelperOut.model_validate(asdict(row)) for row in found]


@router.post("/helpers/{helper_id}:release")
async def release_helper(
    helper_id: UUID, body: Ending, who: Write, tx: Tx, version: IfMatch, response: Response
) -> HelperOut:
    """End a helper's assignment."""
    return _helper(await service.release_helper(tx, helper_id, until=body.until, version=version), response)


def _helper(row: service.Helper, response: Response) -> HelperOut:
    response.headers["ETag"] = etag(row.revision)
    return HelperOut.model_validate(asdict(row))
