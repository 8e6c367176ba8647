"""Routes of insurance, for insurers and those who look after coverage."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from directory.naming import reporting_area
from directory.people import business_date
from kit.auth import Principal, needs
from kit.etag import IfMatch
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from . import service
from .rules import ClaimState, Kind
from .views import (
    AmountPatch,
    ClaimIn,
    ClaimOut,
    ClaimPaidIn,
    DenyIn,
    InsurancePolicyIn,
    InsurancePolicyOut,
    UninsuredOut,
    VillageCoverOut,
    YearCoverOut,
    claim_out,
    policy_out,
)

router = APIRouter(prefix="/v1", tags=["insurance 保险"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("insurance:read"))]
Write = Annotated[Principal, Depends(needs("insurance:write"))]
Below = Annotated[str, Query(max_length=60, pattern=r"^(\d+/)*$")]


@router.post("/insurance-policies", status_code=201)
async def issue_policy(
    body: InsurancePolicyIn, who: Write, tx: Tx, cipher: Cipher, response: Response
) -> InsurancePolicyOut:
    """Record a policy (publishes PolicyIssued); the same again answers the same."""
    entry = service.PolicyEntry(**{name: getattr(body, name) for name in InsurancePolicyIn.model_fields})
    policy = await service.issue(tx, entry, cipher=cipher, area=reporting_area(who.paths), department=who.department)
    response.headers["Location"] = f"/v1/insurance-policies/{policy.id}"
    return policy_out(policy, response)


@router.get("/insurance-policies")
async def list_insurance_policies(
    who: Read,
    tx: Tx,
    paging: Paging,
    kind: Kind | None = None,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    on: date | None = None,
) -> Page[InsurancePolicyOut]:
    """Policies in one's area; `on` keeps those that insure on a day."""
    after = UUID(str(paging.after[0])) if paging.after else None
    filters = {"kind": kind, "household_id": household_id, "person_id": person_id}
    found = await service.policies_page(tx, filters, on=on, after=after, limit=paging.limit)
    return paging.page(found, show=policy_out, place=lambda policy: [str(policy.id)])


@router.get("/insurance-policies/{policy_id}")
async def read_insurance_policy(policy_id: UUID, who: Read, tx: Tx, response: Response) -> InsurancePolicyOut:
    """A policy."""
    return policy_out(await service.get_policy(tx, policy_id), response)


@router.post("/insurance-policies/{policy_id}:void")
async def void_insurance_policy(
    policy_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response
) -> InsurancePolicyOut:
    """Nobody was insured; only while no claim stands on it."""
    return policy_out(await service.void_policy(tx, policy_id, version=version), response)


@router.post("/insurance-claims", status_code=201)
async def file_claim(body: ClaimIn, who: Write, tx: Tx, response: Response) -> ClaimOut:
    """Take a claim in (publishes ClaimFiled); the same again answers the same."""
    entry = service.ClaimEntry(**{name: getattr(body, name) for name in ClaimIn.model_fields})
    claim = await service.file_claim(tx, entry, department=who.department)
    response.headers["Location"] = f"/v1/insurance-claims/{claim.id}"
    return claim_out(claim, response)


@router.get("/insurance-claims")
async def list_claims(
    who: Read,
    tx: Tx,
    paging: Paging,
    state: ClaimState | None = None,
    kind: Kind | None = None,
    household_id: UUID | None = None,
    policy_id: UUID | None = None,
) -> Page[ClaimOut]:
    """Claims in one's area."""
    after = UUID(str(paging.after[0])) if paging.after else None
    filters = {"state": state, "kind": kind, "household_id": household_id, "policy_id": policy_id}
    found = await service.claims_page(tx, filters, after=after, limit=paging.limit)
    return paging.page(found, show=claim_out, place=lambda claim: [str(claim.id)])


@router.get("/insurance-claims/{claim_id}")
async def read_claim(claim_id: UUID, who: Read, tx: Tx, response: Response) -> ClaimOut:
    """A claim."""
    return claim_out(await service.get_claim(tx, claim_id), response)


@router.post("/insurance-claims/{claim_id}:deny")
async def deny_claim(
    claim_id: UUID, body: DenyIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ClaimOut:
    """The insurer does not pay (the next revision of ClaimFiled)."""
    denied = await service.deny(tx, claim_id, denial=body.denial, denied_on=body.denied_on, version=version)
    return claim_out(denied, response)


@router.post("/insurance-claims/{claim_id}:pay")
async def pay_claim(
    claim_id: UUID, body: ClaimPaidIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ClaimOut:
    """The money reached the household (publishes ClaimPaid); an open request of monitoring is answered by it."""
    paid = await service.pay(tx, claim_id, amount=body.amount, paid_on=body.paid_on, version=version)
    return claim_out(paid, response)


@router.patch("/insurance-claims/{claim_id}")
async def correct_claim(
    claim_id: UUID, body: AmountPatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ClaimOut:
    """Another amount was paid (the next revision of ClaimPaid)."""
    return claim_out(await service.correct(tx, claim_id, amount=body.amount, version=version), response)


@router.post("/insurance-claims/{claim_id}:take-back")
async def take_payment_back(claim_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> ClaimOut:
    """Nothing was paid after all (voids ClaimPaid)."""
    return claim_out(await service.take_payment_back(tx, claim_id, version=version), response)


@router.post("/insurance-claims/{claim_id}:void")
async def void_claim(claim_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> ClaimOut:
    """It was never filed."""
    return claim_out(await service.void_claim(tx, claim_id, version=version), response)


@router.get("/insurance-coverage")
async def list_coverage(who: Read, tx: Tx, paging: Paging, path: Below = "") -> Page[VillageCoverOut]:
    """惠民保 of monitored persons by village on the business date (§26)."""
    on, place = await business_date(tx), paging.after
    found = await service.villages(tx, path=path, on=on, after=str(place[0]) if place else None, limit=paging.limit)
    return paging.page(
        found,
        show=lambda one: VillageCoverOut(**{name: getattr(one, name) for name in VillageCoverOut.model_fields}),
        place=lambda one: [one.region],
    )


@router.get("/uninsured-persons")
async def list_uninsured(who: Read, tx: Tx, paging: Paging, path: Below = "") -> Page[UninsuredOut]:
    """Whom of the monitored households no 惠民保 insures on the business date, by village."""
    on, place = await business_date(tx), paging.after
    after = (str(place[0]), UUID(str(place[1]))) if place else None
    found = await service.uninsured(tx, path=path, on=on, after=after, limit=paging.limit)
    return paging.page(
        found,
        show=lambda one: UninsuredOut(**{name: getattr(one, name) for name in UninsuredOut.model_fields}),
        place=lambda one: [one.region, str(one.person_id)],
    )


@router.get("/insurance-years")
async def read_insurance_years(who: Read, tx: Tx, path: Below = "") -> list[YearCoverOut]:
    """How insurance grows from year to year, and who pays it (§23, §26)."""
    return [
        YearCoverOut(**{name: getattr(year, name) for name in YearCoverOut.model_fields})
        for year in await service.years(tx, path)
    ]
