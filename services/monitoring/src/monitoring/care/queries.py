"""Reading and writing what officers did about alerts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, distinct, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import alert_acts

_APPLIED = text("UPDATE alert_acts SET applied = true WHERE number = ANY(CAST(:numbers AS bigint[]))")
_LATE = text("""
    UPDATE alerts SET
        acknowledged_on = coalesce(acknowledged_on, :on), verdict = coalesce(:verdict, verdict),
        helped_on = least(helped_on, CAST(:helped_on AS date)), version = version + 1, number = :number,
        changed_on = :on, changed_event = :event, changed_at = :at
    WHERE id = :id AND state <> 'open'
""")

_MOVE = text("""
    UPDATE alert_acts SET path = new.path
    FROM unnest(CAST(:households AS uuid[]), CAST(:paths AS text[])) AS new(household_id, path)
    WHERE alert_acts.household_id = new.household_id
""")


async def add(tx: AsyncConnection, rows: Sequence[dict[str, object]]) -> None:
    """Write acts down."""
    if not rows:
        return
    await tx.execute(insert(alert_acts), list(rows))


async def mark_applied(tx: AsyncConnection, numbers: Sequence[int]) -> None:
    """These acts have been taken up."""
    await tx.execute(_APPLIED, {"numbers": list(numbers)})


async def judge_ended(tx: AsyncConnection, **fields: object) -> None:
    """Write what was done about an alert that had ended."""
    await tx.execute(_LATE, fields)


async def of_alert(tx: AsyncConnection, alert_id: UUID) -> Sequence[Row[Any]]:
    """What was done about an alert, oldest first."""
    query = select(alert_acts).where(alert_acts.c.alert_id == alert_id).order_by(alert_acts.c.number)
    return (await tx.execute(query)).all()


async def acted_on(tx: AsyncConnection, officer: str, first: date, last: date) -> int:
    """How many alerts an officer did something about in a period."""
    query = select(func.count(distinct(alert_acts.c.alert_id)))
    query = query.where(alert_acts.c.officer == officer, alert_acts.c.acted_on.between(first, last))
    return int((await tx.execute(query)).scalar_one())


async def move(tx: AsyncConnection, moved: Mapping[UUID, str]) -> None:
    """Give acts the new path of their household."""
    await tx.execute(_MOVE, {"households": list(moved), "paths": list(moved.values())})


# `depth` codes of the path name the area one level below the one asked for.
_VERDICTS = text("""
    SELECT CASE :by WHEN 'rule' THEN rule WHEN 'source' THEN source
                ELSE array_to_string((string_to_array(path, '/'))[1:CAST(:depth AS integer)], '/') || '/' END AS part,
           verdict, count(*) AS alerts
    FROM alerts WHERE verdict IS NOT NULL AND path ^@ :path GROUP BY 1, 2 ORDER BY 1, 2
""")


async def verdicts(tx: AsyncConnection, *, by: str, path: str) -> dict[str, dict[str, int]]:
    """Rule, source or area → verdict → alerts, below a path."""
    found: dict[str, dict[str, int]] = {}
    for row in await tx.execute(_VERDICTS, {"by": by, "depth": path.count("/") + 1, "path": path}):
        found.setdefault(row.part, {})[row.verdict] = row.alerts
    return found
