"""Who may have which loan: asked in the body, so that no certificate stands in an address."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from directory.household_naming import HouseholdNamed
from directory.naming import reporting_area
from directory.people import business_date
from kit.auth import Principal, needs
from kit.models import AnswerModel, RequestModel, Yuan
from kit.policy_book import Confidence, PolicyValue
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from . import service
from .rules import Ask, Eligibility, LoanUse, Product, Reason, State, Verdict

router = APIRouter(prefix="/v1", tags=["products 贷款产品"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("products:read"))]

Months = Annotated[int, Field(ge=1, le=120)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]


class EligibilityIn(RequestModel):
    """资格咨询: by household or person, product, amount, term and day (the business date where none is given)."""

    household: HouseholdNamed
    product: Product
    amount: Yuan
    months: Months
    use: LoanUse | None = None
    annual_rate: Percent | None = None
    on: date | None = None


class Basis(AnswerModel):
    """依据: a policy value that was used, with the document it rests on."""

    name: str
    value: Decimal
    document: str
    clause: str
    confidence: Confidence
    valid_from: date


class ReasonOut(AnswerModel):
    """理由: one condition; `missing` names what would have to be known."""

    check: str
    state: State
    zh: str
    en: str
    missing: str | None
    basis: list[Basis]


class EligibilityOut(AnswerModel):
    """资格咨询结果; `subsidised` is the part of the amount whose interest is subsidised, by `subsidy_share`."""

    verdict: Verdict
    on: date
    reasons: list[ReasonOut]
    subsidised: Decimal | None
    subsidy_share: Decimal | None


@router.post("/eligibility")
async def ask_eligibility(body: EligibilityIn, who: Read, tx: Tx, cipher: Cipher) -> EligibilityOut:
    """Whether a household can have a loan: eligible, not eligible or unknown, with every reason and its clause."""
    on = await business_date(tx)
    ask = Ask(
        product=body.product,
        amount=body.amount,
        months=body.months,
        on=body.on or on,
        use=body.use,
        annual_rate=body.annual_rate,
    )
    found = await service.eligibility(tx, ask, body.household, cipher=cipher, area=reporting_area(who.paths), on=on)
    return shown(found, ask.on)


def shown(found: Eligibility, on: date) -> EligibilityOut:
    """A verdict as answers carry it."""
    return EligibilityOut(
        verdict=found.verdict,
        on=on,
        reasons=[_reason(reason) for reason in found.reasons],
        subsidised=found.subsidised,
        subsidy_share=found.subsidy_share,
    )


def _reason(reason: Reason) -> ReasonOut:
    return ReasonOut(
        check=reason.check,
        state=reason.state,
        zh=reason.zh,
        en=reason.en,
        missing=reason.missing,
        basis=[_basis(value) for value in reason.policy],
    )


def _basis(value: PolicyValue) -> Basis:
    return Basis(**{name: getattr(value, name) for name in Basis.model_fields})
