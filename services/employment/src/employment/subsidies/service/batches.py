"""Batches: prepared by one person out of what waits, approved by another, who publishes SubsidyApproved for each."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import HouseholdRef, business_date, persons_by_id, today
from events.catalog.employment import SubsidyApproved, SubsidyKind
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.errors import Refusal
from kit.etag import require_version

from .. import queries
from ..rules import (
    Batch,
    BatchDecided,
    BatchEmpty,
    BatchState,
    BatchUnknown,
    Eligibility,
    MembersElsewhere,
    NoLongerEligible,
    State,
    Subsidy,
    SubsidyState,
    Verdict,
    check_second_hand,
)
from .judging import judge_again, kept

AT_ONCE: Final = 500
"""Persons of a batch: each has a key of its own, and a transaction may lock 500."""


async def prepare(tx: AsyncConnection, kind: str, year: int, *, area: str, by: str) -> tuple[Batch, int]:
    """Put what waits and meets all conditions into a batch, 500 at most; gives how many were left waiting.

    Raises:
        BatchEmpty: nobody is ready.
    """
    on = await today(tx)
    found = await queries.waiting(tx, kind, year, AT_ONCE)
    judged = await judge_again(tx, found, await _homes(tx, found))
    batch_id = uuid7()
    looked = [_looked_at(one, judged.get(one.id), batch_id) for one in found]
    taken = [one for one in looked if one.batch_id == batch_id]
    if not taken:
        raise BatchEmpty
    await queries.put(tx, looked)
    amount = sum((one.amount or Decimal(0) for one in taken), Decimal("0.00"))
    batch = Batch(
        id=batch_id, version=1, path=area, kind=kind, year=year, state=BatchState.PREPARED.value,
        persons=len(taken), amount=amount, prepared_on=on, prepared_by=by,
    )  # fmt: skip
    await queries.put_batch(tx, batch)
    return batch, len(looked) - len(taken)


def _looked_at(subsidy: Subsidy, found: Eligibility | None, batch_id: UUID) -> Subsidy:
    if found is None:
        return subsidy
    known = replace(subsidy, amount=found.amount, explained=kept(found), version=subsidy.version + 1)
    return replace(known, batch_id=batch_id) if found.verdict is Verdict.ELIGIBLE else known


async def get_batch(tx: AsyncConnection, id_: UUID) -> Batch:
    """A batch in scope.

    Raises:
        BatchUnknown: not there, or out of scope.
    """
    found = await queries.batch_by_id(tx, id_)
    if found is None:
        raise BatchUnknown
    return found


async def approve(tx: AsyncConnection, id_: UUID, *, version: int, by: str) -> Batch:
    """A second person approves; publishes SubsidyApproved for each person, under the household of today.

    Raises:
        BatchUnknown, PreconditionFailed, BatchDecided, SameHands, MembersElsewhere, NoLongerEligible: as they
            say.
    """
    on = await today(tx)
    await get_batch(tx, id_)
    seen = await queries.of_batch(tx, id_)
    homes = await _homes(tx, seen)
    await locked(tx, {home.household_id for home in homes.values()})
    batch = await _to_decide(tx, id_, version)
    check_second_hand(batch.prepared_by, by)
    members = await _members(tx, batch)
    judged = await judge_again(tx, members, homes)
    refused = list(_refused(members, judged))
    if refused:
        raise refused[0] if len(refused) == 1 else NoLongerEligible(several=refused)
    approved = [
        replace(
            one, version=one.version + 1, state=SubsidyState.APPROVED.value, approved_on=on,
            household_id=homes[one.person_id].household_id, region=homes[one.person_id].region,
            path=homes[one.person_id].path, explained=kept(judged[one.id]),
        )
        for one in members
    ]  # fmt: skip
    await queries.put(tx, approved)
    await append(tx, *map(_event, approved))
    return await _decided(tx, replace(batch, state=BatchState.APPROVED.value, decided_on=on, decided_by=by))


def _refused(members: list[Subsidy], judged: dict[UUID, Eligibility]) -> Iterable[Refusal]:
    """What speaks against approving: a condition of somebody, another amount, somebody whose household is not known."""
    for one in members:
        found = judged.get(one.id)
        if found is None:
            zh, en = "该人员现在的农户不在您的管理范围内", "the person's household is out of your area by now"
            yield NoLongerEligible(zh=zh, en=en, pointer=f"/{one.id}")
        elif found.amount != one.amount:
            yield NoLongerEligible(zh="补贴标准已变更", en="the amount has changed", pointer=f"/{one.id}/amount")
        elif found.verdict is not Verdict.ELIGIBLE:
            reason = next(reason for reason in found.reasons if reason.state is not State.MET)
            yield NoLongerEligible(zh=reason.zh, en=reason.en, pointer=f"/{one.id}/{reason.check}")


async def dissolve(tx: AsyncConnection, id_: UUID, *, version: int, by: str) -> Batch:
    """The batch is not approved; its applications wait again.

    Raises:
        BatchUnknown, PreconditionFailed, BatchDecided, MembersElsewhere: as they say.
    """
    on = await today(tx)
    batch = await _to_decide(tx, id_, version)
    members = await _members(tx, batch)
    await queries.put(tx, [replace(one, version=one.version + 1, batch_id=None) for one in members])
    return await _decided(tx, replace(batch, state=BatchState.DISSOLVED.value, decided_on=on, decided_by=by))


async def _to_decide(tx: AsyncConnection, id_: UUID, version: int) -> Batch:
    batch = await queries.batch_by_id(tx, id_, to_change=True)
    if batch is None:
        raise BatchUnknown
    require_version(batch.version, version)
    if batch.state != BatchState.PREPARED:
        raise BatchDecided
    return batch


async def _members(tx: AsyncConnection, batch: Batch) -> list[Subsidy]:
    """All of a batch, held; whoever sees only some of them decides nothing."""
    members = await queries.of_batch(tx, batch.id, to_change=True)
    if len(members) != batch.persons:
        raise MembersElsewhere
    return members


async def _decided(tx: AsyncConnection, batch: Batch) -> Batch:
    after = replace(batch, version=batch.version + 1)
    await queries.put_batch(tx, after)
    return after


async def _homes(tx: AsyncConnection, found: Iterable[Subsidy]) -> dict[UUID, HouseholdRef]:
    """The households of those who applied, on the business date, those within the scope."""
    known = await persons_by_id(tx, {one.person_id for one in found}, await business_date(tx))
    return {id_: person.home for id_, person in known.items() if person.home is not None}


def _event(subsidy: Subsidy) -> NewEvent:
    assert subsidy.amount is not None  # noqa: S101 - whoever is entitled knows how much
    assert subsidy.approved_on is not None  # noqa: S101 - just approved
    return NewEvent(
        event=SubsidyApproved(
            person_id=subsidy.person_id,
            purpose=SubsidyKind(subsidy.kind),
            year=subsidy.year,
            amount=subsidy.amount,
            approved_on=subsidy.approved_on,
        ),
        key=subsidy.household_id,
        household_id=subsidy.household_id,
        region=subsidy.region,
        fact_id=subsidy.id,
        revision=1,
        occurred_at=clock.midnight(subsidy.approved_on),
    )
