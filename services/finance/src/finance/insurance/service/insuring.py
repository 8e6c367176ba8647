"""Policies: issued, taken back, matched with persons who register later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.circumstances import circumstances
from directory.facts import matched
from directory.household_naming import HouseholdNamed, place_households
from directory.people import today
from directory.rows import event_of
from events.catalog.finance import PolicyIssued
from events.catalog.households import PersonJoined
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit import policy as policies
from kit.cipher import FieldCipher
from kit.clock import midnight
from kit.etag import require_version

from .. import queries
from ..rules import (
    DONATED_FOR,
    ZERO,
    InsurancePolicy,
    Kind,
    NobodyPays,
    NotForDonated,
    PersonInsured,
    PolicyClaimed,
    PolicyKnown,
    PolicyPeriod,
    PolicyUnknown,
    PolicyVoided,
)
from ..tables import insurance_policies


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEntry:
    """承保登记: what an insurer says of a policy; premiums in yuan for its whole period."""

    insured: HouseholdNamed
    kind: Kind
    policy_number: str
    starts_on: date
    ends_on: date
    sum_insured: Decimal
    paid_by_household: Decimal
    paid_by_subsidy: Decimal
    paid_by_donation: Decimal


async def issue(
    tx: AsyncConnection, entry: PolicyEntry, *, cipher: FieldCipher, area: str, department: str
) -> InsurancePolicy:
    """Record a policy and publish it; the same again changes nothing.

    Raises:
        PolicyPeriod, PersonInsured, NobodyPays, NotForDonated, PolicyKnown: as they say.
        Refusal: the person or household cannot be accepted.
    """
    on = await today(tx)
    _check(entry)
    [where] = await place_households(tx, [entry.insured], cipher=cipher, area=area, on=on, pointers=["/insured"])
    told = {name: getattr(entry, name) for name in PolicyEntry.__slots__ if name != "insured"}
    new = InsurancePolicy(id=uuid7(), revision=1, void=False, **where.values(), department=department, **told)
    await locked(tx, [new.key])
    known = await queries.of_number(tx, department=department, policy_number=entry.policy_number)
    if known is not None:
        if _said(known) != _said(new):
            raise PolicyKnown
        return known
    if entry.kind is Kind.MEDICAL and entry.paid_by_donation > ZERO:
        await _check_donated(tx, new.household_id, on)
    return await _written(tx, new)


def _check(entry: PolicyEntry) -> None:
    if entry.ends_on < entry.starts_on:
        raise PolicyPeriod
    if entry.kind is Kind.MEDICAL and entry.insured.person is None:
        raise PersonInsured
    if entry.paid_by_household + entry.paid_by_subsidy + entry.paid_by_donation <= ZERO:
        raise NobodyPays


def _said(policy: InsurancePolicy) -> InsurancePolicy:
    """What the insurer said of it; where an insured person lives may have changed since."""
    household_id = policy.household_id if policy.person_id is None else None
    return replace(policy, id=UUID(int=0), revision=1, region=None, path="", household_id=household_id)


async def _check_donated(tx: AsyncConnection, household_id: UUID | None, on: date) -> None:
    home = None if household_id is None else await circumstances(tx, household_id)
    if home is None:
        raise NotForDonated
    book = await policies.load(tx)
    said = [book.at(f"{DONATED_FOR}{group}", home.path, on) for group in sorted(home.groups)]
    if not any(value is not None and value.value == 1 for value in said):
        raise NotForDonated


async def get_policy(tx: AsyncConnection, policy_id: UUID) -> InsurancePolicy:
    """One policy in scope.

    Raises:
        PolicyUnknown: not there, or out of scope.
    """
    found = await queries.policy(tx, policy_id)
    if found is None:
        raise PolicyUnknown
    return found


async def policy_to_change(tx: AsyncConnection, policy_id: UUID) -> InsurancePolicy:
    """A standing policy with its key and its row locked.

    Raises:
        PolicyUnknown, PolicyVoided: as they say.
    """
    await locked(tx, [(await get_policy(tx, policy_id)).key])
    found = await queries.policy(tx, policy_id, to_change=True)
    if found is None:
        raise PolicyUnknown
    # A registration may have given it its household between the two reads; then its key is another one.
    await locked(tx, [found.key])
    if found.void:
        raise PolicyVoided
    return found


async def void_policy(tx: AsyncConnection, policy_id: UUID, *, version: int) -> InsurancePolicy:
    """Nobody was insured.

    Raises:
        PolicyUnknown, PreconditionFailed, PolicyVoided, PolicyClaimed: as they say.
    """
    found = await policy_to_change(tx, policy_id)
    require_version(found.revision, version)
    if await queries.claims_on(tx, policy_id):
        raise PolicyClaimed
    return await _written(tx, replace(found, void=True, revision=found.revision + 1))


async def match_policies(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Publish the policies that waited for these persons."""
    found = await matched(tx, insurance_policies, InsurancePolicy, events)
    await append(tx, *(_event(policy, cause) for policy, cause in found))


async def _written(tx: AsyncConnection, policy: InsurancePolicy) -> InsurancePolicy:
    await queries.put(tx, insurance_policies, [policy])
    await append(tx, _event(policy))
    return policy


def _event(policy: InsurancePolicy, cause: Received[Any] | None = None) -> NewEvent:
    event = PolicyIssued(
        person_id=policy.person_id,
        policy_id=policy.id,
        kind=policy.kind,
        starts_on=policy.starts_on,
        ends_on=policy.ends_on,
        payers=policy.payers,
    )
    return event_of(event, policy, midnight(policy.starts_on), cause=cause)
