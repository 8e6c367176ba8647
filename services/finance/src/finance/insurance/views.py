"""Requests and answers of insurance; a certificate travels in the body only."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from directory.household_naming import HouseholdNamed
from kit.etag import etag
from kit.models import AnswerModel, RequestModel, Yuan

from .rules import Cause, Claim, ClaimState, Denial, InsurancePolicy, Kind

Number = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
Part = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


class InsurancePolicyIn(RequestModel):
    """承保登记: 春城惠民保 names a person; premiums in yuan by who pays them."""

    insured: HouseholdNamed
    kind: Kind
    policy_number: Number
    starts_on: date
    ends_on: date
    sum_insured: Yuan
    paid_by_household: Part = Decimal("0.00")
    paid_by_subsidy: Part = Decimal("0.00")
    paid_by_donation: Part = Decimal("0.00")


class InsurancePolicyOut(AnswerModel):
    """保单: as it stands; `matched` is false while the person is not registered."""

    id: UUID
    matched: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    kind: Kind
    policy_number: str
    starts_on: date
    ends_on: date
    sum_insured: Decimal
    paid_by_household: Decimal
    paid_by_subsidy: Decimal
    paid_by_donation: Decimal
    void: bool
    version: int


class ClaimIn(RequestModel):
    """理赔报案"""

    policy_id: UUID
    claim_number: Number
    cause: Cause
    happened_on: date
    filed_on: date


class DenyIn(RequestModel):
    """拒赔"""

    denial: Denial
    denied_on: date


class ClaimPaidIn(RequestModel):
    """赔付登记"""

    amount: Yuan
    paid_on: date


class AmountPatch(RequestModel):
    """赔付金额更正"""

    amount: Yuan


class ClaimOut(AnswerModel):
    """理赔, as it stands."""

    id: UUID
    matched: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    policy_id: UUID
    claim_number: str
    kind: Kind
    cause: Cause
    happened_on: date
    filed_on: date
    state: ClaimState
    denied_on: date | None
    denial: Denial | None
    amount: Decimal | None
    paid_on: date | None
    void: bool
    version: int


class VillageCoverOut(AnswerModel):
    """惠民保覆盖 of a village on the business date: monitored persons, those insured, those by donated cover."""

    region: str
    persons: int
    insured: int
    donated: int


class UninsuredOut(AnswerModel):
    """未参保人员 of a monitored household."""

    person_id: UUID
    masked_name: str
    household_id: UUID
    household_number: str
    region: str


class YearCoverOut(AnswerModel):
    """年度参保: policies that begin in the year, the households behind them, and who pays, yuan."""

    year: int
    kind: Kind
    policies: int
    households: int
    paid_by_household: Decimal
    paid_by_subsidy: Decimal
    paid_by_donation: Decimal


def policy_out(policy: InsurancePolicy, response: Response | None = None) -> InsurancePolicyOut:
    """A policy as answers carry it, with its ETag."""
    if response is not None:
        response.headers["ETag"] = etag(policy.revision)
    own = {name: getattr(policy, name) for name in InsurancePolicyOut.model_fields if hasattr(policy, name)}
    return InsurancePolicyOut(**own, matched=policy.household_id is not None, version=policy.revision)


def claim_out(claim: Claim, response: Response | None = None) -> ClaimOut:
    """A claim as answers carry it, with its ETag."""
    if response is not None:
        response.headers["ETag"] = etag(claim.version)
    own = {name: getattr(claim, name) for name in ClaimOut.model_fields if hasattr(claim, name)}
    return ClaimOut(**own, matched=claim.household_id is not None)
