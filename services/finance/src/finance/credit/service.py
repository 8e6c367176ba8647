"""Use cases of ratings and outreach; none of them commits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import matched
from directory.naming import PersonNamed, place
from directory.people import households_by_id, today
from directory.rows import event_of
from events.catalog.finance import CreditRated
from events.catalog.households import PersonJoined
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit.cipher import FieldCipher
from kit.clock import midnight
from kit.errors import Refusal
from kit.etag import require_version

from . import queries
from .queries import counts, page, unborrowed
from .rules import Contact, NotRated, Outreach, Rating, RatingKnown, RatingUnknown, Voided, check_day
from .tables import ratings

__all__ = [
    "RatingReport",
    "contact",
    "correct_rating",
    "counts",
    "get_rating",
    "match_ratings",
    "page",
    "rate",
    "unborrowed",
    "void_rating",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingReport:
    """评级授信登记"""

    person: PersonNamed
    grade: str
    credit_line: Decimal
    rated_on: date


async def rate(tx: AsyncConnection, report: RatingReport, *, cipher: FieldCipher, area: str, department: str) -> Rating:
    """Record a rating and publish it; the same again changes nothing.

    Raises:
        InTheFuture, RatingKnown: as they say.
        Refusal: the person cannot be accepted.
    """
    on = await today(tx)
    check_day(report.rated_on, on, "/rated_on")
    [where] = await place(tx, [report.person], cipher=cipher, area=area, on=on)
    if isinstance(where, Refusal):
        raise where
    new = Rating(
        id=uuid7(), revision=1, void=False, **where.values(), grade=report.grade, credit_line=report.credit_line,
        rated_on=report.rated_on, department=department,
    )  # fmt: skip
    await locked(tx, [new.key])
    known = await queries.of_day(tx, new)
    if known is not None:
        if (known.grade, known.credit_line) != (new.grade, new.credit_line):
            raise RatingKnown
        return known
    return await _written(tx, new)


async def get_rating(tx: AsyncConnection, rating_id: UUID) -> Rating:
    """One rating in scope.

    Raises:
        RatingUnknown: not there, or out of scope.
    """
    found = await queries.by_id(tx, rating_id)
    if found is None:
        raise RatingUnknown
    return found


async def correct_rating(
    tx: AsyncConnection, rating_id: UUID, *, grade: str, credit_line: Decimal, version: int
) -> Rating:
    """State grade and line anew.

    Raises:
        RatingUnknown, PreconditionFailed, Voided: as they say.
    """
    rating = await _to_change(tx, rating_id, version)
    changed = replace(rating, grade=grade, credit_line=credit_line)
    return rating if changed == rating else await _written(tx, replace(changed, revision=rating.revision + 1))


async def void_rating(tx: AsyncConnection, rating_id: UUID, *, version: int) -> Rating:
    """The household was not rated: the rating before it counts again.

    Raises:
        RatingUnknown, PreconditionFailed, Voided: as they say.
    """
    rating = await _to_change(tx, rating_id, version)
    return await _written(tx, replace(rating, void=True, revision=rating.revision + 1))


async def match_ratings(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Publish the ratings that waited for these persons."""
    found = await matched(tx, ratings, Rating, events)
    await append(tx, *(_event(rating, cause) for rating, cause in found))


async def contact(
    tx: AsyncConnection, household_id: UUID, *, status: Outreach, on: date, version: int, department: str
) -> Contact:
    """Record that a rated household without a loan was spoken to; `version` 0 is the first time.

    Raises:
        InTheFuture, NotRated, PreconditionFailed: as they say.
    """
    check_day(on, await today(tx), "/contacted_on")
    await locked(tx, [household_id])
    home = (await households_by_id(tx, [household_id])).get(household_id)
    if home is None or not await unborrowed(tx, household_id=household_id, limit=1):
        raise NotRated
    known = await queries.contact_of(tx, household_id)
    require_version(known.version if known else 0, version)
    said = Contact(
        household_id=household_id, region=home.region, path=home.path, status=status, contacted_on=on,
        version=version + 1, department=department,
    )  # fmt: skip
    await queries.put_contact(tx, said)
    return said


async def _to_change(tx: AsyncConnection, rating_id: UUID, version: int) -> Rating:
    await locked(tx, [(await get_rating(tx, rating_id)).key])
    rating = await queries.by_id(tx, rating_id, to_change=True)
    if rating is None:
        raise RatingUnknown
    # A registration may have given it its household between the two reads; then its key is another one.
    await locked(tx, [rating.key])
    require_version(rating.revision, version)
    if rating.void:
        raise Voided
    return rating


async def _written(tx: AsyncConnection, rating: Rating) -> Rating:
    await queries.put(tx, [rating])
    await append(tx, _event(rating))
    return rating


def _event(rating: Rating, cause: Received[Any] | None = None) -> NewEvent:
    event = CreditRated(
        person_id=rating.person_id, grade=rating.grade, credit_line=rating.credit_line, rated_on=rating.rated_on
    )
    return event_of(event, rating, midnight(rating.rated_on), cause=cause)
