"""Reading and writing alerts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import alerts

# What ended is written first: an alert may open where another of the same rule closes in the same batch, and the
# unique index on open ones is checked row by row.
_WRITE = text("""
    INSERT INTO alerts (id, household_id, rule, level, state, version, path, region, opened_on, opening_event,
                        raised_at, changed_on, changed_event, changed_at, number, reason_zh, reason_en, policy_version)
    SELECT * FROM unnest(
        CAST(:id AS uuid[]), CAST(:household_id AS uuid[]), CAST(:rule AS text[]), CAST(:level AS text[]),
        CAST(:state AS text[]), CAST(:version AS integer[]), CAST(:path AS text[]), CAST(:region AS text[]),
        CAST(:opened_on AS date[]), CAST(:opening_event AS uuid[]), CAST(:raised_at AS timestamptz[]),
        CAST(:changed_on AS date[]), CAST(:changed_event AS uuid[]), CAST(:changed_at AS timestamptz[]),
        CAST(:number AS bigint[]), CAST(:reason_zh AS text[]), CAST(:reason_en AS text[]),
        CAST(:policy_version AS text[]))
    ON CONFLICT (id) DO UPDATE SET
        level = excluded.level, state = excluded.state, version = excluded.version, path = excluded.path,
        region = excluded.region, changed_on = excluded.changed_on, changed_event = excluded.changed_event,
        changed_at = excluded.changed_at, number = excluded.number, reason_zh = excluded.reason_zh,
        reason_en = excluded.reason_en, policy_version = coalesce(excluded.policy_version, alerts.policy_version)
    WHERE alerts.version < excluded.version
""")

_MOVE = text("""
    UPDATE alerts SET path = new.path
    FROM unnest(CAST(:households AS uuid[]), CAST(:paths AS text[])) AS new(household_id, path)
    WHERE alerts.household_id = new.household_id
""")


async def write(tx: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write alert rows over older versions of themselves."""
    for part in ([row for row in rows if row["state"] != "open"], [row for row in rows if row["state"] == "open"]):
        if part:
            await tx.execute(_WRITE, {name: [row[name] for row in part] for name in part[0]})


async def move(tx: AsyncConnection, moved: Mapping[UUID, str]) -> None:
    """Let the alerts of households follow them to their new path."""
    await tx.execute(_MOVE, {"households": list(moved), "paths": list(moved.values())})


async def one(tx: AsyncConnection, alert_id: UUID) -> Row[Any] | None:
    """One alert; None outside one's scope."""
    return (await tx.execute(select(alerts).where(alerts.c.id == alert_id))).one_or_none()


async def newest(
    tx: AsyncConnection, filters: Mapping[str, object], *, path: str, before: tuple[int, UUID] | None, limit: int
) -> Sequence[Row[Any]]:
    """Alerts by their last change, newest first."""
    query = select(alerts).where(alerts.c.path.startswith(path, autoescape=True))
    for name, value in filters.items():
        if value is not None:
            query = query.where(alerts.c[name] == value)
    if before is not None:
        query = query.where(tuple_(alerts.c.number, alerts.c.id) < before)
    return (await tx.execute(query.order_by(alerts.c.number.desc(), alerts.c.id.desc()).limit(limit))).all()
