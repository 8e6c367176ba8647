"""Use cases of public-welfare posts; none commits. Taking one begins a job, under which the wage is paid."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.areas import region_by_code
from directory.naming import PersonNamed, place
from directory.people import today
from directory.rows import event_of
from events.catalog.employment import EndReason, PublicPostEnded, PublicPostTaken, WorkChannel
from events.catalog.households import RiskCause
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import policy
from kit.cipher import FieldCipher
from kit.clock import midnight
from kit.errors import Refusal
from kit.etag import require_version
from kit.scope import covers

from ..workers import service as workers
from . import queries
from .queries import Count, Mismatch, counts, holdings_page, mismatches, posts_page, taken
from .rules import (
    CONTRACT_MONTHS,
    AwayAtWork,
    DayOutOfTime,
    ElsewhereCounty,
    HolderAwaited,
    Holding,
    HoldingOver,
    HoldingUnknown,
    HoldsPost,
    PlacesTaken,
    Post,
    PostFull,
    PostUnknown,
    VillageUnknown,
    away,
    check_contract,
    county_of,
)

__all__ = [
    "Count",
    "Holding",
    "Mismatch",
    "Post",
    "PostTerms",
    "budget_post",
    "change_post",
    "counts",
    "end_holding",
    "get_holding",
    "get_post",
    "holdings_page",
    "mismatches",
    "posts_page",
    "take_post",
    "taken",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTerms:
    """岗位预算: places, pay and time, with the document that grants them."""

    name: str
    places: int
    monthly_pay: Decimal
    valid_from: date
    valid_to: date
    document: str


async def budget_post(
    tx: AsyncConnection, region: str, terms: PostTerms, *, paths: tuple[str, ...], department: str
) -> Post:
    """Budget places in a village.

    Raises:
        VillageUnknown, DayOutOfTime: as they say.
    """
    village = await region_by_code(tx, region)
    if village is None or not covers(paths, village.path):
        raise VillageUnknown
    if terms.valid_to < terms.valid_from:
        raise DayOutOfTime(pointer="/valid_to")
    post = Post(id=uuid7(), version=1, region=region, path=village.path, department=department, **_values(terms))
    await queries.put_post(tx, post)
    return post


async def change_post(tx: AsyncConnection, id_: UUID, terms: PostTerms, *, version: int) -> Post:
    """State places, pay or time anew; contracts that run stay as they were signed.

    Raises:
        PostUnknown, PreconditionFailed, DayOutOfTime, PlacesTaken: as they say.
    """
    before = await _held(tx, id_)
    require_version(before.version, version)
    if terms.valid_to < terms.valid_from:
        raise DayOutOfTime(pointer="/valid_to")
    if terms.places < (await taken(tx, [id_])).get(id_, 0):
        raise PlacesTaken
    after = replace(before, version=before.version + 1, **_values(terms))
    await queries.put_post(tx, after)
    return after


async def get_post(tx: AsyncConnection, id_: UUID) -> Post:
    """One post in scope.

    Raises:
        PostUnknown: not there, or out of scope.
    """
    found = await queries.post_by_id(tx, id_)
    if found is None:
        raise PostUnknown
    return found


async def take_post(
    tx: AsyncConnection,
    post_id: UUID,
    person: PersonNamed,
    *,
    contract: tuple[date, date],
    causes: tuple[RiskCause, ...],
    cipher: FieldCipher,
    area: str,
    department: str,
) -> Holding:
    """Give a person a place; begins the job under which the wage is paid.

    Publishes EmploymentStarted and PublicPostTaken.

    Raises:
        PostUnknown, HolderAwaited, RegisteredElsewhere, OtherHousehold, PersonUnknown, ElsewhereCounty: as they say.
        DayOutOfTime, OutsideBudget, TermUnknown, TooLong, HoldsPost, AwayAtWork, PostFull, SpellKnown: as they say.
    """
    on = await today(tx)
    first, last = contract
    [where] = await place(tx, [person], cipher=cipher, area=area, on=on)
    if isinstance(where, Refusal):
        raise where
    if where.person_id is None or where.household_id is None or where.region is None:
        raise HolderAwaited
    await locked(tx, [where.household_id])
    post = await _held(tx, post_id)
    if first > on:
        raise DayOutOfTime(pointer="/contract_from")
    if county_of(post.path) != county_of(where.path):
        raise ElsewhereCounty
    months = (await policy.load(tx)).at(CONTRACT_MONTHS, post.path, first)
    check_contract(post, first, last, None if months is None else int(months.value))
    if away(await queries.jobs(tx, where.person_id), county_of(where.path), first) is not None:
        raise AwayAtWork
    if (await taken(tx, [post_id])).get(post_id, 0) >= post.places:
        raise PostFull
    job = workers.SpellReport(
        person=PersonNamed(person_id=where.person_id), started_on=first, channel=WorkChannel.PUBLIC_POST.value,
        place_code=county_of(post.path), employer=None, monthly_wage=post.monthly_pay,
    )  # fmt: skip
    [outcome] = await workers.report_spells(tx, [job], cipher=cipher, area=area, department=department)
    holding = Holding(
        id=uuid7(), revision=1, void=False, person_id=where.person_id, household_id=where.household_id,
        region=where.region, path=where.path, post_id=post_id, spell_id=outcome.accepted().id, contract_from=first,
        contract_to=last, causes=tuple(cause.value for cause in causes), ended_on=None, end_reason=None,
        department=department,
    )  # fmt: skip
    if not await queries.add_holding(tx, holding):
        raise HoldsPost
    await append(tx, _event(holding, post))
    return holding


async def get_holding(tx: AsyncConnection, id_: UUID) -> Holding:
    """One holding in scope.

    Raises:
        HoldingUnknown: not there, or out of scope.
    """
    found = await queries.holding_by_id(tx, id_)
    if found is None:
        raise HoldingUnknown
    return found


async def end_holding(tx: AsyncConnection, id_: UUID, *, ended_on: date, reason: EndReason, version: int) -> Holding:
    """The person leaves the post, and with it the job (publishes EmploymentEnded, PublicPostEnded).

    Raises:
        HoldingUnknown, PreconditionFailed, HoldingOver, DayOutOfTime: as they say.
    """
    on = await today(tx)
    await locked(tx, [(await get_holding(tx, id_)).household_id])
    before = await get_holding(tx, id_)
    require_version(before.revision, version)
    if before.void or before.ended_on is not None:
        raise HoldingOver
    if not before.contract_from <= ended_on <= on:
        raise DayOutOfTime(pointer="/ended_on")
    spell = await workers.get_spell(tx, before.spell_id)
    if not spell.void and spell.ended_on is None:
        await workers.end_spell(tx, spell.id, ended_on=ended_on, reason=reason.value, version=spell.version)
    after = replace(before, revision=before.revision + 1, ended_on=ended_on, end_reason=reason.value)
    await queries.put_holding(tx, after)
    await append(tx, _event(after, await get_post(tx, before.post_id)))
    return after


async def _held(tx: AsyncConnection, id_: UUID) -> Post:
    """The post, its places given one after the other."""
    post = await queries.post_by_id(tx, id_, to_change=True)
    if post is None:
        raise PostUnknown
    return post


def _values(terms: PostTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in PostTerms.__slots__}


def _event(holding: Holding, post: Post) -> NewEvent:
    told: dict[str, Any] = {
        "person_id": holding.person_id,
        "post_id": holding.post_id,
        "spell_id": holding.spell_id,
        "contract_from": holding.contract_from,
        "contract_to": holding.contract_to,
        "monthly_pay": post.monthly_pay,
        "causes": tuple(map(RiskCause, holding.causes)),
    }
    if holding.ended_on is None:
        return event_of(PublicPostTaken(**told), holding, midnight(holding.contract_from))
    ended = PublicPostEnded(**told, ended_on=holding.ended_on, reason=EndReason(holding.end_reason or "other"))
    return event_of(ended, holding, midnight(holding.ended_on))
