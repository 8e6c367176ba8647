"""Claims: filed, denied, paid, corrected, taken back, matched with persons who register later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import matched
from directory.people import today
from directory.rows import event_of
from events.catalog.finance import ClaimFiled, ClaimPaid
from events.catalog.households import PersonJoined
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit.clock import midnight
from kit.etag import require_version

from ...requests import service as requests
from .. import queries
from ..rules import (
    Cause,
    Claim,
    ClaimKnown,
    ClaimOutOfTime,
    ClaimState,
    ClaimUnknown,
    Denial,
    InsurancePolicy,
    WrongClaimState,
    check_claim,
    check_sum,
)
from ..tables import insurance_claims
from .insuring import policy_to_change


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry:
    """理赔报案: what is claimed on a policy."""

    policy_id: UUID
    claim_number: str
    cause: Cause
    happened_on: date
    filed_on: date


async def file_claim(tx: AsyncConnection, entry: ClaimEntry, *, department: str) -> Claim:
    """Take a claim in and publish it; the same again changes nothing.

    Raises:
        PolicyUnknown, PolicyVoided, CauseMisfits, ClaimOutOfTime, ClaimKnown: as they say.
    """
    on = await today(tx)
    policy = await policy_to_change(tx, entry.policy_id)
    check_claim(policy, entry.cause, entry.happened_on, entry.filed_on, on)
    known = await queries.claim_of_number(tx, department=department, claim_number=entry.claim_number)
    if known is not None:
        if any(getattr(known, name) != getattr(entry, name) for name in ClaimEntry.__slots__):
            raise ClaimKnown
        return known
    new = Claim(
        id=uuid7(), revision=1, void=False, person_id=policy.person_id, household_id=policy.household_id,
        region=policy.region, path=policy.path, blind_index=policy.blind_index, kind=policy.kind,
        state=ClaimState.FILED, department=department,
        **{name: getattr(entry, name) for name in ClaimEntry.__slots__},
    )  # fmt: skip
    await locked(tx, [new.key])
    return await _written(tx, new, _filed(new))


async def get_claim(tx: AsyncConnection, claim_id: UUID) -> Claim:
    """One claim in scope.

    Raises:
        ClaimUnknown: not there, or out of scope.
    """
    found = await queries.claim(tx, claim_id)
    if found is None:
        raise ClaimUnknown
    return found


async def deny(tx: AsyncConnection, claim_id: UUID, *, denial: Denial, denied_on: date, version: int) -> Claim:
    """The insurer does not pay, and why.

    Raises:
        ClaimUnknown, PreconditionFailed, WrongClaimState, ClaimOutOfTime: as they say.
    """
    _, claim, on = await _to_change(tx, claim_id, version)
    denied = claim.denied(denial, denied_on)
    _check_day(denied_on, claim, on, "/denied_on")
    return await _written(tx, denied, _filed(denied))


async def pay(tx: AsyncConnection, claim_id: UUID, *, amount: Decimal, paid_on: date, version: int) -> Claim:
    """The money reached the household: it counts in the comparison figure, an open request is answered.

    Raises:
        ClaimUnknown, PreconditionFailed, WrongClaimState, ClaimOutOfTime, OverSumInsured: as they say.
    """
    policy, claim, on = await _to_change(tx, claim_id, version)
    paid = claim.paid(amount, paid_on)
    _check_day(paid_on, claim, on, "/paid_on")
    await _check_sum(tx, policy, paid)
    return await _settled(tx, paid, _paid(paid, amount, paid_on))


async def correct(tx: AsyncConnection, claim_id: UUID, *, amount: Decimal, version: int) -> Claim:
    """Another amount was paid.

    Raises:
        ClaimUnknown, PreconditionFailed, WrongClaimState, OverSumInsured: as they say.
    """
    policy, claim, _ = await _to_change(tx, claim_id, version)
    corrected = claim.corrected(amount)
    if amount == claim.amount or corrected.paid_on is None:
        return claim
    await _check_sum(tx, policy, corrected)
    return await _written(tx, corrected, _paid(corrected, amount, corrected.paid_on))


async def take_payment_back(tx: AsyncConnection, claim_id: UUID, *, version: int) -> Claim:
    """Nothing was paid after all: it counts nowhere, an answered request is open again.

    Raises:
        ClaimUnknown, PreconditionFailed, WrongClaimState: as they say.
    """
    _, claim, _ = await _to_change(tx, claim_id, version)
    back = claim.returned()
    return await _settled(tx, back, *_gone(claim, back))


async def void_claim(tx: AsyncConnection, claim_id: UUID, *, version: int) -> Claim:
    """It was never filed: takes back the claim and its payment.

    Raises:
        ClaimUnknown, PreconditionFailed, WrongClaimState: as they say.
    """
    _, claim, _ = await _to_change(tx, claim_id, version)
    back = claim.returned() if claim.state is ClaimState.PAID else claim
    gone = replace(back, void=True, revision=claim.revision + 1)
    return await _settled(tx, gone, _filed(gone), *_gone(claim, gone))


async def match_claims(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Publish the claims that waited for these persons, with what they were paid."""
    found = [(queries.stated(claim), cause) for claim, cause in await matched(tx, insurance_claims, Claim, events)]
    new: list[NewEvent] = []
    stand: list[Claim] = []
    for claim, cause in found:
        new.append(_filed(claim, cause))
        if claim.amount is not None and claim.paid_on is not None:
            again = replace(claim, pay_revision=claim.pay_revision + 1)
            stand.append(again)
            new.append(_paid(again, claim.amount, claim.paid_on, cause=cause))
    await queries.put(tx, insurance_claims, stand)
    await append(tx, *new)
    if stand:
        await requests.settle(tx, [claim.household_id for claim in stand])


async def _to_change(tx: AsyncConnection, claim_id: UUID, version: int) -> tuple[InsurancePolicy, Claim, date]:
    on = await today(tx)
    policy = await policy_to_change(tx, (await get_claim(tx, claim_id)).policy_id)
    claim = await queries.claim(tx, claim_id, to_change=True)
    if claim is None:
        raise ClaimUnknown
    await locked(tx, [claim.key])
    require_version(claim.version, version)
    if claim.void:
        raise WrongClaimState
    return policy, claim, on


async def _check_sum(tx: AsyncConnection, policy: InsurancePolicy, claim: Claim) -> None:
    others = [other.amount for other in await queries.claims_on(tx, policy.id) if other.id != claim.id and other.amount]
    check_sum(policy, others, claim.amount or Decimal(0))


def _check_day(day: date, claim: Claim, today: date, pointer: str) -> None:
    if not claim.filed_on <= day <= today:
        raise ClaimOutOfTime(pointer=pointer)


async def _written(tx: AsyncConnection, claim: Claim, *events: NewEvent) -> Claim:
    await queries.put(tx, insurance_claims, [claim])
    await append(tx, *events)
    return claim


async def _settled(tx: AsyncConnection, claim: Claim, *events: NewEvent) -> Claim:
    await _written(tx, claim, *events)
    await requests.settle(tx, [claim.household_id])
    return claim


def _gone(before: Claim, after: Claim) -> list[NewEvent]:
    if before.amount is None or before.paid_on is None:
        return []
    return [_paid(after, before.amount, before.paid_on, void=True)]


def _filed(claim: Claim, cause: Received[Any] | None = None) -> NewEvent:
    event = ClaimFiled(
        person_id=claim.person_id, claim_id=claim.id, policy_id=claim.policy_id, kind=claim.kind, cause=claim.cause,
        happened_on=claim.happened_on, filed_on=claim.filed_on, denied_on=claim.denied_on, denial=claim.denial,
    )  # fmt: skip
    return event_of(event, claim, midnight(claim.filed_on), cause=cause)


def _paid(
    claim: Claim, amount: Decimal, on: date, *, void: bool = False, cause: Received[Any] | None = None
) -> NewEvent:
    event = ClaimPaid(person_id=claim.person_id, claim_id=claim.id, kind=claim.kind, amount=amount, paid_on=on)
    return replace(
        event_of(event, claim, midnight(on), cause=cause),
        fact_id=derived_id("claim-paid", claim.id),
        revision=claim.pay_revision,
        void=void,
    )
