"""Reading and writing shadows and their days; row security decides what is there."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import shadows

_LACKING: Final = text("""
    SELECT s.id, s.title, s.path, s."values", s.candidates, s.started_by FROM shadows AS s
    WHERE s.stopped_at IS NULL
      AND NOT EXISTS (SELECT FROM what_ifs AS w WHERE w.shadow_id = s.id AND w.last_on = :on)
    ORDER BY s.id FOR UPDATE OF s SKIP LOCKED
""")
# Who came and went: against the day before of the same shadow, whatever days lie between.
_DAYS: Final = text("""
    SELECT w.id, w.last_on AS day, w.state, w.households, w.shortfall_before, w.shortfall_after,
           coalesce(a.before, 0) AS alerts_before, coalesce(a.after, 0) AS alerts_after,
           (SELECT count(*) FROM what_if_flips AS f WHERE f.what_if_id = w.id) AS flips,
           (SELECT count(*) FROM what_if_flips AS f WHERE f.what_if_id = w.id AND NOT EXISTS (
               SELECT FROM what_if_flips AS o WHERE o.what_if_id = p.id AND o.household_id = f.household_id)) AS came,
           (SELECT count(*) FROM what_if_flips AS o WHERE o.what_if_id = p.id AND NOT EXISTS (
               SELECT FROM what_if_flips AS f WHERE f.what_if_id = w.id AND o.household_id = f.household_id)) AS went
    FROM what_ifs AS w
    LEFT JOIN LATERAL (
        SELECT id FROM what_ifs AS q WHERE q.shadow_id = w.shadow_id AND q.last_on < w.last_on
        ORDER BY q.last_on DESC LIMIT 1
    ) AS p ON true
    LEFT JOIN LATERAL (
        SELECT sum(k.before) AS before, sum(k.after) AS after FROM what_if_weeks AS k WHERE k.what_if_id = w.id
    ) AS a ON true
    WHERE w.shadow_id = :shadow AND w.last_on < coalesce(CAST(:before AS date), 'infinity')
    ORDER BY w.last_on DESC LIMIT :most
""")
# By township: what of the day is other than in force, and than the day before of the same shadow.
_TOWNSHIPS: Final = text("""
    WITH today AS (SELECT w.id, (
            SELECT q.id FROM what_ifs AS q WHERE q.shadow_id = w.shadow_id AND q.last_on < w.last_on
            ORDER BY q.last_on DESC LIMIT 1
        ) AS before FROM what_ifs AS w WHERE w.shadow_id = :shadow AND w.last_on = :day),
    lines AS (
        SELECT coalesce(now.path, was.path) AS path, now.household_id IS NOT NULL AS now,
               was.household_id IS NOT NULL AS was, coalesce(now.more, '{}') AS more, coalesce(now.fewer, '{}') AS fewer
        FROM (SELECT f.* FROM what_if_flips AS f JOIN today ON f.what_if_id = today.id) AS now
        FULL JOIN (SELECT f.* FROM what_if_flips AS f JOIN today ON f.what_if_id = today.before) AS was
            USING (household_id)
    ),
    placed AS (SELECT coalesce(substring(path FROM '^(?:[0-9]{1,8}/)*[0-9]{9}/'), path) AS township, * FROM lines),
    rules AS (
        SELECT township, jsonb_object_agg(rule, more) FILTER (WHERE more > 0) AS more,
               jsonb_object_agg(rule, fewer) FILTER (WHERE fewer > 0) AS fewer
        FROM (
            SELECT township, rule, count(*) FILTER (WHERE sign) AS more, count(*) FILTER (WHERE NOT sign) AS fewer
            FROM (SELECT township, unnest(more) AS rule, true AS sign FROM placed
                  UNION ALL SELECT township, unnest(fewer), false FROM placed) AS said
            GROUP BY township, rule
        ) AS counted GROUP BY township
    )
    SELECT p.township AS path, count(*) FILTER (WHERE p.now) AS flips,
           count(*) FILTER (WHERE p.now AND NOT p.was) AS came, count(*) FILTER (WHERE p.was AND NOT p.now) AS went,
           coalesce(r.more, '{}') AS more, coalesce(r.fewer, '{}') AS fewer
    FROM placed AS p LEFT JOIN rules AS r USING (township)
    GROUP BY p.township, r.more, r.fewer ORDER BY p.township
""")


async def add(tx: AsyncConnection, **fields: object) -> Row[Any]:
    """Write a shadow down."""
    row: Row[Any] = (await tx.execute(insert(shadows).values(**fields).returning(shadows))).one()
    return row


async def running(tx: AsyncConnection) -> int:
    """How many run."""
    query = select(func.count()).select_from(shadows).where(shadows.c.stopped_at.is_(None))
    return int((await tx.execute(query)).scalar_one())


async def one(tx: AsyncConnection, shadow_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    """One shadow; None outside one's scope."""
    query = select(shadows).where(shadows.c.id == shadow_id)
    return (await tx.execute(query.with_for_update() if lock else query)).one_or_none()


async def page(tx: AsyncConnection, *, before: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Shadows of one's area, the newest first."""
    query = select(shadows).order_by(shadows.c.id.desc()).limit(limit)
    return (await tx.execute(query if before is None else query.where(shadows.c.id < before))).all()


async def stop(tx: AsyncConnection, shadow_id: UUID) -> Row[Any]:
    """End it; its days stay."""
    ended = update(shadows).where(shadows.c.id == shadow_id).values(stopped_at=func.clock_timestamp())
    row: Row[Any] = (await tx.execute(ended.returning(shadows))).one()
    return row


async def lacking(tx: AsyncConnection, on: date) -> Sequence[Row[Any]]:
    """Running shadows without this day, held until the transaction ends."""
    return (await tx.execute(_LACKING, {"on": on})).all()


async def days(tx: AsyncConnection, shadow_id: UUID, *, before: date | None, limit: int) -> Sequence[Row[Any]]:
    """The days of a shadow, the newest first."""
    return (await tx.execute(_DAYS, {"shadow": shadow_id, "before": before, "most": limit})).all()


async def townships(tx: AsyncConnection, shadow_id: UUID, day: date) -> Sequence[Row[Any]]:
    """One day of a shadow by township, in the order of their paths."""
    return (await tx.execute(_TOWNSHIPS, {"shadow": shadow_id, "day": day})).all()
