"""Use cases of the preference list; none of them commits."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.base import Event
from events.catalog.households import PreferenceDelisted, PreferenceEnd, PreferenceListed
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock, policy
from kit.policy_book import PolicyBook

from ..entities import service as entities
from ..regions import service as regions
from .queries import Listing, last_review, listed_below, standing, stays_of
from .rules import HOUSEHOLDS_LEAST, PAID_LEAST, Pulls, Threshold, judge
from .tables import preference_listings, preference_reviews

__all__ = ["AT_ONCE", "Listing", "listed_below", "review_next", "stays_of", "threshold"]

AT_ONCE: Final = 400
LIST: Final = derived_id("preference list")


def threshold(book: PolicyBook, path: str, on: date) -> Threshold:
    """The rule of a place on a day."""
    return Threshold(households=book.at(HOUSEHOLDS_LEAST, path, on), paid=book.at(PAID_LEAST, path, on))


async def review_next(tx: AsyncConnection, *, limit: int = AT_ONCE) -> bool:
    """Make the list of the next business date that has none: who enters, who leaves; False if all have one.

    1. One worker at a time: the list is a key of its own, locked first.
    2. The first list is that of the present business date; from then on no day is left out.
    3. At most `limit` entities in one transaction; the day counts as done once nobody is left.
    """
    await locked(tx, [LIST])
    today, last = await regions.business_date(tx), await last_review(tx)
    if today is None or (last is not None and last >= today):
        return False
    day = today if last is None else last + timedelta(days=1)
    changes = await _changes(tx, day)
    now = changes[:limit]
    await locked(tx, {row.entity_id for row in now})
    await rows.put(tx, preference_listings, now)
    await append(tx, *(_told(row) for row in now))
    if len(now) == len(changes):
        await tx.execute(insert(preference_reviews).values(reviewed_on=day))
    return True


async def _changes(tx: AsyncConnection, day: date) -> list[Listing]:
    book, listed = await policy.load(tx), await standing(tx)
    if not listed and not book.recorded("preference."):
        return []
    pulling = {pull.entity_id: pull for pull in await entities.pulling(tx, day, limit=None)}
    known = await entities.entities_by_id(tx, {*pulling, *listed})
    places = await regions.current_regions(tx, {entity.region_code for entity in known.values()})
    paths = {code: region.path for code, region in places.items()}
    return [*_entering(book, day, known, pulling, paths, listed), *_leaving(book, day, known, pulling, paths, listed)]


def _judged(
    book: PolicyBook, day: date, entity: entities.Entity, pull: entities.Pull | None, paths: Mapping[str, str]
) -> tuple[Pulls, Threshold]:
    rule = threshold(book, paths.get(entity.region_code, ""), day)
    households, paid = (pull.households, pull.paid) if pull else (0, Decimal(0))
    return judge(rule, households=households, paid=paid), rule


def _entering(
    book: PolicyBook,
    day: date,
    known: Mapping[UUID, entities.Entity],
    pulling: Mapping[UUID, entities.Pull],
    paths: Mapping[str, str],
    listed: Mapping[UUID, Listing],
) -> Iterator[Listing]:
    for id_, pull in pulling.items():
        state, rule = _judged(book, day, known[id_], pull, paths)
        if state is Pulls.ENOUGH and id_ not in listed:
            yield Listing(
                id=derived_id("preference", id_, day),
                revision=1,
                entity_id=id_,
                region_code=known[id_].region_code,
                listed_on=day,
                delisted_on=None,
                reason=None,
                households=pull.households,
                paid=pull.paid,
                policy_ids=list(rule.policy_ids),
            )


def _leaving(
    book: PolicyBook,
    day: date,
    known: Mapping[UUID, entities.Entity],
    pulling: Mapping[UUID, entities.Pull],
    paths: Mapping[str, str],
    listed: Mapping[UUID, Listing],
) -> Iterator[Listing]:
    for id_, row in listed.items():
        state, _ = _judged(book, day, known[id_], pulling.get(id_), paths)
        if known[id_].closed:
            yield replace(row, revision=2, delisted_on=day, reason=PreferenceEnd.CLOSED)
        elif state is not Pulls.ENOUGH:
            yield replace(row, revision=2, delisted_on=day, reason=PreferenceEnd(state.value))


def _told(row: Listing) -> NewEvent:
    return NewEvent(
        event=_event(row),
        key=row.entity_id,
        region=row.region_code,
        occurred_at=clock.now(),
        fact_id=row.id,
        revision=row.revision,
    )


def _event(row: Listing) -> Event:
    said: dict[str, Any] = {"listing_id": row.id, "entity_id": row.entity_id, "region_code": row.region_code}
    if row.delisted_on is not None and row.reason is not None:
        return PreferenceDelisted(**said, delisted_on=row.delisted_on, reason=PreferenceEnd(row.reason))
    told = {name: getattr(row, name) for name in ("listed_on", "households", "paid", "policy_ids")}
    return PreferenceListed(**said, **told)
