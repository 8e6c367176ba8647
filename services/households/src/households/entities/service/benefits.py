"""What an entity pays its linked households: rent and dividends, for the months they name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import IncomeKind
from events.catalog.households import BenefitKind, BenefitPaid
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.bulk import write_rows
from kit.clock import midnight
from kit.errors import Refusal
from kit.etag import require_version

from ...income import service as income
from ...registry import service as registry
from ..queries import Benefit, Link, benefits_by_id, links_by_id
from ..rules import (
    BenefitMonths,
    BenefitOutsideLink,
    BenefitStands,
    BenefitUnknown,
    BenefitVoid,
    LinkElsewhere,
    NamedTwice,
    check_months,
)
from ..tables import benefits
from .links import get_link
from .registry import get_entity


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitLine:
    """收益发放: of one link, yuan for all the months together."""

    link_id: UUID
    benefit: BenefitKind
    amount: Decimal
    first_month: str
    last_month: str


async def pay_benefits(
    tx: AsyncConnection, entity_id: UUID, lines: Sequence[BenefitLine], *, reference: str, paid_on: date
) -> list[Benefit]:
    """Record what an entity paid under at most 200 links, all of it or nothing; the same voucher again changes nothing.

    Money of a household that was merged into another one is the money of the household that stands.

    Raises:
        EntityUnknown, HouseholdMergedAway: as they say.
        LinkElsewhere, BenefitMonths, BenefitOutsideLink, BenefitStands, NamedTwice: one of the lines, by its place.
    """
    await get_entity(tx, entity_id)
    seen = await links_by_id(tx, {line.link_id for line in lines})
    ids = [derived_id("benefit", line.link_id, reference, line.benefit, line.first_month) for line in lines]
    homes = await _held(tx, {link.household_id for link in seen.values()})
    links, standing = await links_by_id(tx, {line.link_id for line in lines}), await benefits_by_id(tx, ids)
    now = clock.now()
    drafts = [
        _draft(id_, line, links.get(line.link_id), reference=reference, paid_on=paid_on, now=now, homes=homes)
        for id_, line in zip(ids, lines, strict=True)
    ]
    if problems := list(_problems(entity_id, drafts, links, standing)):
        raise registry.one_refusal(problems)
    told = [draft for draft in drafts if draft is not None]
    await _save(tx, [benefit for benefit in told if benefit.id not in standing], homes)
    return [standing.get(benefit.id, benefit) for benefit in told]


async def _held(tx: AsyncConnection, household_ids: set[UUID]) -> dict[UUID, registry.Household]:
    """By household of a link, the household that stands, each under its lock."""
    before = await registry.standing(tx, household_ids, merged_too=True)
    await locked(tx, household_ids | {home.merged_into for home in before.values() if home.merged_into})
    homes = await registry.standing(tx, household_ids, merged_too=True)
    if any(home.merged_into != before[id_].merged_into for id_, home in homes.items()):
        raise registry.HouseholdMergedAway
    targets = await registry.standing(tx, {home.merged_into or id_ for id_, home in homes.items()})
    return {id_: targets[home.merged_into or id_] for id_, home in homes.items()}


def _draft(
    id_: UUID, line: BenefitLine, link: Link | None, *, reference: str, paid_on: date, now: Any,
    homes: Mapping[UUID, registry.Household],
) -> Benefit | None:  # fmt: skip
    if link is None or link.household_id not in homes:
        return None
    return Benefit(
        id=id_,
        revision=1,
        void=False,
        entity_id=link.entity_id,
        household_id=homes[link.household_id].id,
        reference=reference,
        paid_on=paid_on,
        recorded_at=now,
        **{name: getattr(line, name) for name in BenefitLine.__slots__},
    )


def _problems(
    entity_id: UUID, drafts: Sequence[Benefit | None], links: Mapping[UUID, Link], standing: Mapping[UUID, Benefit]
) -> Iterator[Refusal]:
    seen = set[UUID]()
    for place, draft in enumerate(drafts):
        at = f"/lines/{place}"
        if draft is None or draft.entity_id != entity_id or links[draft.link_id].void:
            yield LinkElsewhere(pointer=f"{at}/link_id")
            continue
        if draft.id in seen:
            yield NamedTwice(pointer=f"{at}/link_id")
        seen.add(draft.id)
        before = standing.get(draft.id)
        if before is not None and _told(before) != _told(draft):
            yield BenefitStands(pointer=f"{at}/link_id")
        elif before is None and (refusal := _months_refused(draft, links[draft.link_id], at)):
            yield refusal


def _told(benefit: Benefit) -> tuple[object, ...]:
    return (benefit.void, benefit.paid_on, benefit.last_month, benefit.amount)


def _months_refused(benefit: Benefit, link: Link, at: str) -> Refusal | None:
    try:
        check_months(benefit.first_month, benefit.last_month, starts_on=link.starts_on, ended_on=link.ended_on)
    except (BenefitMonths, BenefitOutsideLink) as refusal:
        refusal.pointer = f"{at}{refusal.pointer}"
        return refusal
    return None


async def get_benefit(tx: AsyncConnection, benefit_id: UUID) -> Benefit:
    """One benefit of a household in scope.

    Raises:
        BenefitUnknown: not there or not in scope.
    """
    found = (await benefits_by_id(tx, [benefit_id])).get(benefit_id)
    if found is None:
        raise BenefitUnknown
    return found


async def correct_benefit(
    tx: AsyncConnection, benefit_id: UUID, *, amount: Decimal, first_month: str, last_month: str, version: int
) -> Benefit:
    """The next revision of a benefit: another amount, other months.

    Raises:
        BenefitUnknown, BenefitVoid, BenefitMonths, BenefitOutsideLink, PreconditionFailed: as they say.
    """
    before = await _to_change(tx, benefit_id, version)
    link = await get_link(tx, before.link_id)
    check_months(first_month, last_month, starts_on=link.starts_on, ended_on=link.ended_on)
    after = replace(before, amount=amount, first_month=first_month, last_month=last_month)
    return before if after == before else await _revised(tx, after)


async def void_benefit(tx: AsyncConnection, benefit_id: UUID, *, version: int) -> Benefit:
    """It was never paid.

    Raises:
        BenefitUnknown, BenefitVoid, PreconditionFailed: as they say.
    """
    return await _revised(tx, replace(await _to_change(tx, benefit_id, version), void=True))


async def _to_change(tx: AsyncConnection, benefit_id: UUID, version: int) -> Benefit:
    await locked(tx, [(await get_benefit(tx, benefit_id)).household_id])
    benefit = await get_benefit(tx, benefit_id)
    require_version(benefit.revision, version)
    if benefit.void:
        raise BenefitVoid
    return benefit


async def _revised(tx: AsyncConnection, benefit: Benefit) -> Benefit:
    after = replace(benefit, revision=benefit.revision + 1, recorded_at=clock.now())
    await _save(tx, [after], await registry.standing(tx, [after.household_id], merged_too=True))
    return after


async def _save(tx: AsyncConnection, paid: Sequence[Benefit], homes: Mapping[UUID, registry.Household]) -> None:
    """The benefit, the household's ledger and the event, in one transaction."""
    if not paid:
        return
    values = [{name: getattr(benefit, name) for name in Benefit.__slots__} for benefit in paid]
    await write_rows(tx, benefits, values, conflict="replace")
    await income.take_payments(tx, [_entry(benefit) for benefit in paid])
    by_id = {home.id: home for home in homes.values()}
    await append(tx, *(_event(benefit, by_id[benefit.household_id]) for benefit in paid))


def _entry(benefit: Benefit) -> income.Paid:
    return income.Paid(
        source="households",
        fact_id=benefit.id,
        revision=benefit.revision,
        void=benefit.void,
        type=BenefitPaid.event_name(),
        household_id=benefit.household_id,
        month=benefit.first_month,
        last_month=benefit.last_month,
        kind=IncomeKind.PROPERTY,
        amount=benefit.amount,
        recorded_at=benefit.recorded_at,
    )


def _event(benefit: Benefit, home: registry.Household) -> NewEvent:
    return registry.about(
        home,
        BenefitPaid(
            link_id=benefit.link_id,
            entity_id=benefit.entity_id,
            benefit=BenefitKind(benefit.benefit),
            paid_on=benefit.paid_on,
            first_month=benefit.first_month,
            last_month=benefit.last_month,
            amount=benefit.amount,
        ),
        fact_id=benefit.id,
        revision=benefit.revision,
        void=benefit.void,
        at=midnight(benefit.paid_on),
    )
