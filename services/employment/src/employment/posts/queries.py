"""Reading and writing posts and who holds them; what the caller may see, row security decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from ..workers.tables import spells
from .rules import Holding, Post, Work
from .tables import holdings, posts

_STANDING: Final = text("ended_on IS NULL AND NOT void")
"""As the index of one post per person says it."""

_COUNTS: Final = text("""
    SELECT substring(p.path FROM '^[0-9]{4}/([0-9]{6})/') AS county, count(*) AS posts, sum(p.places) AS places,
           coalesce(sum(h.taken), 0) AS taken, coalesce(sum(h.taken * p.monthly_pay), 0) AS monthly_pay
    FROM public_posts AS p
    LEFT JOIN LATERAL (SELECT count(*) AS taken FROM post_holdings AS h
                       WHERE h.post_id = p.id AND h.ended_on IS NULL AND NOT h.void) AS h ON true
    WHERE p.valid_from <= :on AND p.valid_to >= :on
    GROUP BY county ORDER BY county
""")
_CONFLICTS: Final = text("""
    SELECT h.id AS holding_id, h.person_id, h.household_id, h.post_id,
           CASE WHEN own.void OR own.ended_on <= :on THEN 'job_over'
                WHEN h.contract_to < :on THEN 'contract_over' ELSE 'away' END AS why,
           CASE WHEN own.void OR own.ended_on <= :on OR h.contract_to < :on THEN NULL ELSE other.id END AS spell_id
    FROM post_holdings AS h
    JOIN spells AS own ON own.id = h.spell_id
    LEFT JOIN LATERAL (
        SELECT s.id FROM spells AS s
        WHERE s.person_id = h.person_id AND s.id <> h.spell_id AND NOT s.void
          AND s.started_on <= :on AND (s.ended_on IS NULL OR s.ended_on > :on)
          AND CASE WHEN s.place_code IS NULL THEN s.channel = 'migrant'
                   ELSE left(s.place_code, 6) <> left(split_part(h.path, '/', 2), 6) END
        ORDER BY s.started_on, s.id LIMIT 1
    ) AS other ON true
    WHERE h.ended_on IS NULL AND NOT h.void AND (CAST(:after AS uuid) IS NULL OR h.id > :after)
      AND (own.void OR own.ended_on <= :on OR h.contract_to < :on OR other.id IS NOT NULL)
    ORDER BY h.id LIMIT :most
""")


async def post_by_id(tx: AsyncConnection, id_: UUID, *, to_change: bool = False) -> Post | None:
    """One post, if it is in scope; held, so that its places are given one after the other."""
    return (await rows.by_id(tx, posts, Post, [id_], to_change=to_change)).get(id_)


async def put_post(tx: AsyncConnection, post: Post) -> None:
    """Insert or replace a post."""
    await rows.put(tx, posts, [post])


async def holding_by_id(tx: AsyncConnection, id_: UUID) -> Holding | None:
    """One holding, if it is in scope."""
    return (await rows.by_id(tx, holdings, Holding, [id_])).get(id_)


async def add_holding(tx: AsyncConnection, holding: Holding) -> bool:
    """Insert a holding; False where the person holds a post already, of whatever area."""
    values = {name: getattr(holding, name) for name in Holding.__slots__}
    once = insert(holdings).values(values)
    once = once.on_conflict_do_nothing(index_elements=[holdings.c.person_id], index_where=_STANDING)
    return (await tx.execute(once.returning(holdings.c.id))).first() is not None


async def put_holding(tx: AsyncConnection, holding: Holding) -> None:
    """Write how a holding stands now."""
    await rows.put(tx, holdings, [holding])


async def taken(tx: AsyncConnection, ids: list[UUID]) -> Mapping[UUID, int]:
    """How many places of posts are taken."""
    here = select(holdings.c.post_id, func.count().label("taken")).where(_STANDING, holdings.c.post_id.in_(ids))
    return {row.post_id: row.taken for row in await tx.execute(here.group_by(holdings.c.post_id))}


async def jobs(tx: AsyncConnection, person_id: UUID) -> list[Work]:
    """The job spells of a person."""
    names: tuple[Any, ...] = (
        spells.c.id,
        spells.c.channel,
        spells.c.place_code,
        spells.c.started_on,
        spells.c.ended_on,
    )
    here = select(*names).where(spells.c.person_id == person_id, ~spells.c.void).order_by(spells.c.id)
    return [rows.of(Work, row) for row in await tx.execute(here)]


async def posts_page(tx: AsyncConnection, *, region: str | None, after: UUID | None, limit: int) -> list[Post]:
    """Posts in scope, in the order of ids."""
    wanted = select(posts).order_by(posts.c.id).limit(limit)
    if region is not None:
        wanted = wanted.where(posts.c.region == region)
    if after is not None:
        wanted = wanted.where(posts.c.id > after)
    return [rows.of(Post, row) for row in await tx.execute(wanted)]


async def holdings_page(
    tx: AsyncConnection, filters: Mapping[str, object], *, standing: bool, after: UUID | None, limit: int
) -> list[Holding]:
    """Holdings in scope, in the order of ids; a filter that is None is none."""
    wanted = select(holdings).order_by(holdings.c.id).limit(limit)
    wanted = wanted.filter_by(**{name: value for name, value in filters.items() if value is not None})
    if standing:
        wanted = wanted.where(_STANDING)
    if after is not None:
        wanted = wanted.where(holdings.c.id > after)
    return [rows.of(Holding, row) for row in await tx.execute(wanted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """待核实在岗: `job_over` the job has ended, `contract_over` the contract, `away` another job runs elsewhere."""

    holding_id: UUID
    person_id: UUID
    household_id: UUID
    post_id: UUID
    why: str
    spell_id: UUID | None


async def mismatches(tx: AsyncConnection, on: date, *, after: UUID | None, limit: int) -> list[Mismatch]:
    """Holdings in scope that other facts contradict, in the order of ids."""
    found = await tx.execute(_CONFLICTS, {"on": on, "after": after, "most": limit})
    return [rows.of(Mismatch, row) for row in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """岗位使用情况 of a county on a day: posts, places, those taken, and what these pay a month, yuan."""

    county: str | None
    posts: int
    places: int
    taken: int
    monthly_pay: Decimal


async def counts(tx: AsyncConnection, on: date) -> list[Count]:
    """Places and how many are taken, by county."""
    return [rows.of(Count, row) for row in await tx.execute(_COUNTS, {"on": on})]
