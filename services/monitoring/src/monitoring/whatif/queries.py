"""Reading and writing what-ifs; row security decides what is there."""

from collections.abc import Mapping, Sequence
from datetime import date
from json import dumps
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Text, and_, case, cast, func, insert, literal, null, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncConnection

from ..profile.tables import kept_profiles, profiles
from ..profile.written import FORM
from .rules import Chunk
from .tables import what_if_flips, what_if_weeks, what_ifs

# Levels are counted as {"green>orange": n}; adding them up is the database's, so that a lost answer cannot count twice.
_PROGRESS: Final = text("""
    UPDATE what_ifs SET
        state = CASE WHEN :over THEN 'done' ELSE 'running' END, ended_at = CASE WHEN :over THEN clock_timestamp() END,
        behind = coalesce(:behind, behind), heartbeat_at = clock_timestamp(), households = households + :households,
        shortfall_before = shortfall_before + :before, shortfall_after = shortfall_after + :after,
        levels = (
            SELECT coalesce(jsonb_object_agg(key, total), '{}') FROM (
                SELECT key, sum(CAST(value AS bigint)) AS total FROM (
                    SELECT * FROM jsonb_each_text(levels)
                    UNION ALL SELECT * FROM jsonb_each_text(CAST(:levels AS jsonb))
                ) AS counted GROUP BY key
            ) AS totals
        )
    WHERE id = :id
""")
# Lists of rules as text: arrays of arrays would all have to be as long as each other.
_FLIPS: Final = text("""
    INSERT INTO what_if_flips (what_if_id, household_id, path, since, level_before, level_after, more, fewer)
    SELECT :id, household_id, path, since, level_before, level_after, string_to_array(more, ','),
           string_to_array(fewer, ',')
    FROM unnest(CAST(:households AS uuid[]), CAST(:paths AS text[]), CAST(:since AS date[]), CAST(:before AS text[]),
                CAST(:after AS text[]), CAST(:more AS text[]), CAST(:fewer AS text[]))
         AS new(household_id, path, since, level_before, level_after, more, fewer)
""")
_WEEKS: Final = text("""
    INSERT INTO what_if_weeks AS w (what_if_id, path, week, rule, before, after)
    SELECT :id, path, week, rule, before, after
    FROM unnest(CAST(:paths AS text[]), CAST(:weeks AS date[]), CAST(:rules AS text[]), CAST(:before AS integer[]),
                CAST(:after AS integer[])) AS new(path, week, rule, before, after)
    ON CONFLICT (what_if_id, path, week, rule)
    DO UPDATE SET before = w.before + excluded.before, after = w.after + excluded.after
""")

_NOT_CLEAR: Final = literal('$[*] ? (@.state != "clear")', JSONPATH)


async def add(tx: AsyncConnection, **fields: object) -> Row[Any]:
    """Write a question down."""
    row: Row[Any] = (await tx.execute(insert(what_ifs).values(**fields).returning(what_ifs))).one()
    return row


async def one(tx: AsyncConnection, what_if_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    """One what-if; None outside one's scope."""
    query = select(what_ifs).where(what_ifs.c.id == what_if_id)
    return (await tx.execute(query.with_for_update() if lock else query)).one_or_none()


async def page(tx: AsyncConnection, *, before: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """What-ifs of one's area, the newest first; the days of shadows stand with them."""
    query = select(what_ifs).where(what_ifs.c.shadow_id.is_(None)).order_by(what_ifs.c.id.desc()).limit(limit)
    return (await tx.execute(query if before is None else query.where(what_ifs.c.id < before))).all()


async def cancel(tx: AsyncConnection, what_if_id: UUID) -> Row[Any]:
    """End it as it is."""
    ended = update(what_ifs).where(what_ifs.c.id == what_if_id)
    row: Row[Any] = (
        await tx.execute(ended.values(state="cancelled", ended_at=func.clock_timestamp()).returning(what_ifs))
    ).one()
    return row


async def flips(
    tx: AsyncConnection, what_if_id: UUID, *, after: UUID | None, limit: int, wanted: Mapping[str, str | None]
) -> Sequence[Row[Any]]:
    """The households that flip, by id; `wanted`: column → value."""
    query = select(what_if_flips).where(what_if_flips.c.what_if_id == what_if_id)
    for name, value in wanted.items():
        if value is not None:
            query = query.where(what_if_flips.c[name] == value)
    if after is not None:
        query = query.where(what_if_flips.c.household_id > after)
    return (await tx.execute(query.order_by(what_if_flips.c.household_id).limit(limit))).all()


async def weeks(
    tx: AsyncConnection, what_if_id: UUID, *, after: tuple[date, str, str] | None, limit: int
) -> Sequence[Row[Any]]:
    """Alerts by week, township and rule, in this order."""
    place = (what_if_weeks.c.week, what_if_weeks.c.path, what_if_weeks.c.rule)
    query = select(what_if_weeks).where(what_if_weeks.c.what_if_id == what_if_id)
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return (await tx.execute(query.order_by(*place).limit(limit))).all()


async def alerts(tx: AsyncConnection, what_if_id: UUID) -> tuple[int, int]:
    """How many alerts there are under the policy in force, and under the values asked about."""
    sums = select(
        func.coalesce(func.sum(what_if_weeks.c.before), 0), func.coalesce(func.sum(what_if_weeks.c.after), 0)
    ).where(what_if_weeks.c.what_if_id == what_if_id)
    before, after = (await tx.execute(sums)).one()
    return int(before), int(after)


async def next_waiting(tx: AsyncConnection) -> Row[Any] | None:
    """The oldest that is not over and that nobody holds; held until the transaction ends."""
    query = select(what_ifs).where(what_ifs.c.ended_at.is_(None)).order_by(what_ifs.c.id).limit(1)
    return (await tx.execute(query.with_for_update(skip_locked=True))).one_or_none()


async def households(
    tx: AsyncConnection, path: str, *, behind: UUID | None, limit: int, on: date, gate: int | None
) -> list[tuple[UUID, str | None, str | None]]:
    """The next households of an area, ids ascending, each with the profile that is kept of it and good on a day.

    With it comes what its row says of rules that are not clear, where it has come as far as the `gate` of that day.
    """
    kept = kept_profiles.c
    good = and_(
        kept.household_id == profiles.c.household_id,
        kept.received == profiles.c.received,
        kept.first_on <= on,
        kept.until_on > on,
        kept.form == FORM,
    )
    said = cast(func.jsonb_path_query_array(profiles.c.outcomes, _NOT_CLEAR), Text)
    standing = case((profiles.c.gate == gate, said)) if gate is not None else null()
    query = select(profiles.c.household_id, kept.profile, standing).outerjoin(kept_profiles, good)
    query = query.where(profiles.c.path.startswith(path, autoescape=True))
    if behind is not None:
        query = query.where(profiles.c.household_id > behind)
    return [(row[0], row[1], row[2]) for row in await tx.execute(query.order_by(profiles.c.household_id).limit(limit))]


async def write(tx: AsyncConnection, what_if_id: UUID, chunk: Chunk, *, behind: UUID | None, over: bool) -> None:
    """Add what became of some households."""
    if chunk.flips:
        columns = {"households": [flip.household_id for flip in chunk.flips],
                   "paths": [flip.path for flip in chunk.flips], "since": [flip.since for flip in chunk.flips],
                   "before": [flip.before.wire for flip in chunk.flips],
                   "after": [flip.after.wire for flip in chunk.flips],
                   "more": [",".join(flip.more) for flip in chunk.flips],
                   "fewer": [",".join(flip.fewer) for flip in chunk.flips]}  # fmt: skip
        await tx.execute(_FLIPS, {"id": what_if_id, **columns})
    keys = sorted(chunk.before.keys() | chunk.after.keys())
    if keys:
        columns = {"paths": [key[0] for key in keys], "weeks": [key[1] for key in keys],
                   "rules": [key[2] for key in keys], "before": [chunk.before[key] for key in keys],
                   "after": [chunk.after[key] for key in keys]}  # fmt: skip
        await tx.execute(_WEEKS, {"id": what_if_id, **columns})
    levels = {f"{was}>{now}": count for (was, now), count in chunk.levels.items()}
    told = {"over": over, "behind": behind, "households": chunk.households, "levels": dumps(levels),
            "before": chunk.shortfall_before, "after": chunk.shortfall_after}  # fmt: skip
    await tx.execute(_PROGRESS, {"id": what_if_id, **told})
