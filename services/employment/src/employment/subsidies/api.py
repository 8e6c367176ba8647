"""Routes of employment subsidies; a certificate travels in the body only."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from directory.naming import reporting_area
from directory.people import business_date
from events.catalog.employment import SubsidyKind
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.paging import Page, PageRequest, Paging
from kit.policy_book import PolicyValue
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from . import service
from .models import (
    Basis,
    BatchIn,
    BatchOut,
    Closing,
    EligibilityIn,
    EligibilityOut,
    ReasonOut,
    SubsidyIn,
    SubsidyOut,
    TallyOut,
)

router = APIRouter(prefix="/v1", tags=["subsidies 就业补贴"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("subsidies:read"))]
Write = Annotated[Principal, Depends(needs("subsidies:write"))]
Approve = Annotated[Principal, Depends(needs("subsidies:approve"))]


@router.post("/subsidy-eligibility")
async def ask_eligibility(body: EligibilityIn, who: Read, tx: Tx, cipher: Cipher) -> EligibilityOut:
    """Whether a person is entitled: every condition met, not met or unknown, with its evidence and clause."""
    on = body.on or await business_date(tx)
    ask = service.Ask(kind=body.kind.value, year=body.year, on=on, proof=body.proof)
    found = await service.explain(tx, ask, body.person, cipher=cipher, area=reporting_area(who.paths))
    return _eligibility(found)


@router.post("/subsidies", status_code=201)
async def apply(body: SubsidyIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> SubsidyOut:
    """Apply for a person; refused where a condition is known not to be met, or another application stands."""
    ask = service.Ask(kind=body.kind.value, year=body.year, on=body.applied_on, proof=body.proof)
    new = await service.apply(
        tx, ask, body.person, proof=body.proof, cipher=cipher, area=reporting_area(who.paths), by=who.subject,
        department=who.department,
    )  # fmt: skip
    response.headers["Location"] = f"/v1/subsidies/{new.id}"
    return _subsidy(new, response)


@router.get("/subsidies")
async def list_subsidies(
    who: Read,
    tx: Tx,
    paging: Paging,
    kind: SubsidyKind | None = None,
    year: Annotated[int | None, Query(ge=2021, le=2100)] = None,
    state: service.SubsidyState | None = None,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    batch_id: UUID | None = None,
) -> Page[SubsidyOut]:
    """Subsidies in one's area."""
    filters: dict[str, object] = {
        "kind": kind and kind.value,
        "year": year,
        "state": state and state.value,
        "household_id": household_id,
        "person_id": person_id,
        "batch_id": batch_id,
    }
    found = await service.subsidies_page(tx, filters, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_subsidy, place=lambda subsidy: [str(subsidy.id)])


@router.get("/subsidies/{subsidy_id}")
async def read_subsidy(subsidy_id: UUID, who: Read, tx: Tx, response: Response) -> SubsidyOut:
    """A subsidy; while it waits, with its conditions as they are by now."""
    found, eligibility = await service.get_subsidy(tx, subsidy_id)
    shown = _subsidy(found, response)
    return shown if eligibility is None else shown.model_copy(update={"eligibility": _eligibility(eligibility)})


@router.post("/subsidies/{subsidy_id}:close")
async def close_subsidy(
    subsidy_id: UUID, body: Closing, who: Write, tx: Tx, version: IfMatch, response: Response
) -> SubsidyOut:
    """The application is withdrawn or turned down."""
    return _subsidy(await service.close(tx, subsidy_id, reason=body.reason, version=version), response)


@router.post("/subsidy-batches", status_code=201)
async def prepare_batch(body: BatchIn, who: Write, tx: Tx, response: Response) -> BatchOut:
    """Put what waits and meets all conditions into a batch."""
    batch, left = await service.prepare(tx, body.kind.value, body.year, area=reporting_area(who.paths), by=who.subject)
    response.headers["Location"] = f"/v1/subsidy-batches/{batch.id}"
    return _batch(batch, response).model_copy(update={"left_out": left})


@router.get("/subsidy-batches")
async def list_batches(who: Read, tx: Tx, paging: Paging, state: service.BatchState | None = None) -> Page[BatchOut]:
    """Batches of one's area; the persons of one are `/v1/subsidies?batch_id=…`."""
    found = await service.batches_page(tx, state=state and state.value, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_batch, place=lambda batch: [str(batch.id)])


@router.get("/subsidy-batches/{batch_id}")
async def read_batch(batch_id: UUID, who: Read, tx: Tx, response: Response) -> BatchOut:
    """A batch."""
    return _batch(await service.get_batch(tx, batch_id), response)


@router.post("/subsidy-batches/{batch_id}:approve")
async def approve_batch(batch_id: UUID, who: Approve, tx: Tx, version: IfMatch, response: Response) -> BatchOut:
    """A second person approves the batch (publishes SubsidyApproved for each person); finance then pays."""
    return _batch(await service.approve(tx, batch_id, version=version, by=who.subject), response)


@router.post("/subsidy-batches/{batch_id}:dissolve")
async def dissolve_batch(batch_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> BatchOut:
    """The batch is not approved; its applications wait again."""
    return _batch(await service.dissolve(tx, batch_id, version=version, by=who.subject), response)


@router.get("/subsidy-summary")
async def read_summary(who: Read, tx: Tx, year: Annotated[int, Query(ge=2021, le=2100)]) -> list[TallyOut]:
    """How the subsidies of a year stand: persons and yuan by kind, county and state."""
    return [TallyOut(**asdict(tally)) for tally in await service.summary(tx, year)]


def _after(paging: PageRequest) -> UUID | None:
    return UUID(str(paging.after[0])) if paging.after else None


def _subsidy(subsidy: service.Subsidy, response: Response | None = None) -> SubsidyOut:
    if response is not None:
        response.headers["ETag"] = etag(subsidy.version)
    return SubsidyOut(**{name: getattr(subsidy, name) for name in SubsidyOut.model_fields if hasattr(subsidy, name)})


def _batch(batch: service.Batch, response: Response | None = None) -> BatchOut:
    if response is not None:
        response.headers["ETag"] = etag(batch.version)
    return BatchOut(**{name: getattr(batch, name) for name in BatchOut.model_fields if hasattr(batch, name)})


def _eligibility(found: service.Eligibility) -> EligibilityOut:
    return EligibilityOut(
        verdict=found.verdict, amount=found.amount, reasons=tuple(_reason(reason) for reason in found.reasons)
    )


def _reason(reason: service.Reason) -> ReasonOut:
    return ReasonOut(
        check=reason.check,
        state=reason.state,
        zh=reason.zh,
        en=reason.en,
        basis=tuple(map(_basis, reason.policy)),
        evidence=reason.evidence,
        missing=reason.missing,
    )


def _basis(value: PolicyValue) -> Basis:
    return Basis(**{name: getattr(value, name) for name in Basis.model_fields})
