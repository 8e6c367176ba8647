"""Requests and answers of funds and aid."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import Field, StringConstraints

from directory.household_naming import HouseholdNamed
from kit.etag import etag
from kit.models import AnswerModel, RequestModel, Yuan

from .queries import Balance
from .rules import AidState, Application, Donation, DonorKind, Fund, Purpose, RejectReason

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Receipt = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]


class FundIn(RequestModel):
    """设立基金: `area` is the management path that it is for."""

    name: Name
    area: Annotated[str, Field(max_length=60)]
    opened_on: date


class FundOut(AnswerModel):
    """基金"""

    id: UUID
    name: str
    area: str
    opened_on: date
    version: int


class BalanceOut(FundOut):
    """基金收支, yuan: `lapsed` is what of `left` donors' terms no longer allow."""

    received: Decimal
    granted: Decimal
    left: Decimal
    lapsed: Decimal


class DonationIn(RequestModel):
    """捐赠登记: no purposes = any; no area = that of the fund; no term = none; only organisations are named."""

    amount: Yuan
    purposes: Annotated[tuple[Purpose, ...], Field(max_length=len(Purpose))] = ()
    area: Annotated[str, Field(max_length=60)] | None = None
    use_by: date | None = None
    received_on: date
    receipt: Receipt
    kind: DonorKind
    donor: Name | None = None


class DonationOut(AnswerModel):
    """捐赠, with what no grant has drawn."""

    id: UUID
    fund_id: UUID
    amount: Decimal
    left: Decimal
    purposes: list[Purpose]
    area: str
    use_by: date | None
    received_on: date
    receipt: str
    kind: DonorKind
    donor: str | None
    void: bool
    version: int


class AidIn(RequestModel):
    """救助申请"""

    household: HouseholdNamed
    fund_id: UUID
    purpose: Purpose
    amount: Yuan


class AidOut(AnswerModel):
    """救助申请, as it stands."""

    id: UUID
    household_id: UUID
    region: str
    fund_id: UUID
    purpose: Purpose
    amount: Decimal
    state: AidState
    applied_on: date
    applied_by: str
    decided_on: date | None
    decided_by: str | None
    reason: RejectReason | None
    paid_on: date | None
    receipt: str | None
    revoked_on: date | None
    version: int


class AidRejectIn(RequestModel):
    """不予救助"""

    reason: RejectReason


class AidPayIn(RequestModel):
    """发放登记"""

    paid_on: date
    receipt: Receipt


class HelpedOut(AnswerModel):
    """救助情况: households and yuan that reached them, applications that wait."""

    purpose: Purpose
    households: int
    paid: Decimal
    waiting: int


def fund_out(fund: Fund, response: Response | None = None) -> FundOut:
    """A fund as answers carry it."""
    if response is not None:
        response.headers["ETag"] = etag(fund.version)
    return FundOut(**_own(FundOut, fund))


def balance_out(fund: Fund, found: Balance) -> BalanceOut:
    """A fund with its money."""
    return BalanceOut(**_own(FundOut, fund), **{name: getattr(found, name) for name in Balance.__slots__})


def donation_out(donation: Donation, response: Response | None = None) -> DonationOut:
    """A donation as answers carry it, with its ETag."""
    if response is not None:
        response.headers["ETag"] = etag(donation.revision)
    return DonationOut(**_own(DonationOut, donation), version=donation.revision)


def aid_out(application: Application, response: Response | None = None) -> AidOut:
    """An application as answers carry it, with its ETag."""
    if response is not None:
        response.headers["ETag"] = etag(application.revision)
    return AidOut(**_own(AidOut, application), version=application.revision)


def _own(model: type[AnswerModel], fact: object) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in model.model_fields if hasattr(fact, name)}
