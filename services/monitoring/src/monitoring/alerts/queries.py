"""Reading and writing alerts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, false, func, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ..help.tables import help_requests
from .rules import Duties, Duty
from .tables import alerts

# What ended is written first: an alert may open where another of the same rule closes in the same batch, and the
# unique index on open ones is checked row by row.
_WRITE = text("""
    INSERT INTO alerts (id, household_id, rule, level, state, version, path, region, opened_on, opening_event,
                        raised_at, changed_on, changed_event, changed_at, number, reason_zh, reason_en, policy_version,
                        source, holder, held_since, acknowledged_on, verdict, helped_on, snoozed_until, snooze_reason,
                        merged_into)
    SELECT * FROM unnest(
        CAST(:id AS uuid[]), CAST(:household_id AS uuid[]), CAST(:rule AS text[]), CAST(:level AS text[]),
        CAST(:state AS text[]), CAST(:version AS integer[]), CAST(:path AS text[]), CAST(:region AS text[]),
        CAST(:opened_on AS date[]), CAST(:opening_event AS uuid[]), CAST(:raised_at AS timestamptz[]),
        CAST(:changed_on AS date[]), CAST(:changed_event AS uuid[]), CAST(:changed_at AS timestamptz[]),
        CAST(:number AS bigint[]), CAST(:reason_zh AS text[]), CAST(:reason_en AS text[]),
        CAST(:policy_version AS text[]), CAST(:source AS text[]), CAST(:holder AS text[]), CAST(:held_since AS date[]),
        CAST(:acknowledged_on AS date[]), CAST(:verdict AS text[]), CAST(:helped_on AS date[]),
        CAST(:snoozed_until AS date[]), CAST(:snooze_reason AS text[]), CAST(:merged_into AS text[]))
    ON CONFLICT (id) DO UPDATE SET
        level = excluded.level, state = excluded.state, version = excluded.version, path = excluded.path,
        region = excluded.region, changed_on = excluded.changed_on, changed_event = excluded.changed_event,
        changed_at = excluded.changed_at, number = excluded.number, reason_zh = excluded.reason_zh,
        reason_en = excluded.reason_en, policy_version = coalesce(excluded.policy_version, alerts.policy_version),
        holder = excluded.holder, held_since = excluded.held_since, acknowledged_on = excluded.acknowledged_on,
        verdict = excluded.verdict, helped_on = excluded.helped_on, snoozed_until = excluded.snoozed_until,
        snooze_reason = excluded.snooze_reason, merged_into = excluded.merged_into
    WHERE alerts.version < excluded.version
""")

_TEND = text("""
    UPDATE alerts AS a SET
        version = new.version, changed_on = new.changed_on, changed_event = new.changed_event,
        changed_at = new.changed_at, number = new.number, holder = new.holder, held_since = new.held_since,
        acknowledged_on = new.acknowledged_on, verdict = new.verdict, helped_on = new.helped_on,
        snoozed_until = new.snoozed_until, snooze_reason = new.snooze_reason, merged_into = new.merged_into
    FROM unnest(
        CAST(:id AS uuid[]), CAST(:version AS integer[]), CAST(:changed_on AS date[]), CAST(:changed_event AS uuid[]),
        CAST(:changed_at AS timestamptz[]), CAST(:number AS bigint[]), CAST(:holder AS text[]),
        CAST(:held_since AS date[]), CAST(:acknowledged_on AS date[]), CAST(:verdict AS text[]),
        CAST(:helped_on AS date[]), CAST(:snoozed_until AS date[]), CAST(:snooze_reason AS text[]),
        CAST(:merged_into AS text[]))
        AS new(id, version, changed_on, changed_event, changed_at, number, holder, held_since, acknowledged_on, verdict,
               helped_on, snoozed_until, snooze_reason, merged_into)
    WHERE a.id = new.id AND a.version < new.version
""")

_MOVE = text("""
    UPDATE alerts SET path = new.path
    FROM unnest(CAST(:households AS uuid[]), CAST(:paths AS text[])) AS new(household_id, path)
    WHERE alerts.household_id = new.household_id
""")


async def write(tx: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write alert rows over older versions of themselves."""
    for part in ([row for row in rows if row["state"] != "open"], [row for row in rows if row["state"] == "open"]):
        await _in_bulk(tx, _WRITE, part)


async def tend(tx: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write what only the care of alerts changed, over older versions."""
    await _in_bulk(tx, _TEND, rows)


async def _in_bulk(tx: AsyncConnection, statement: Any, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        await tx.execute(statement, {name: [row[name] for row in rows] for name in rows[0]})


async def move(tx: AsyncConnection, moved: Mapping[UUID, str]) -> None:
    """Let the alerts of households follow them to their new path."""
    await tx.execute(_MOVE, {"households": list(moved), "paths": list(moved.values())})


async def one(tx: AsyncConnection, alert_id: UUID) -> Row[Any] | None:
    """One alert; None outside one's scope."""
    return (await tx.execute(_shown().where(alerts.c.id == alert_id))).one_or_none()


def _shown() -> Select[*tuple[Any, ...]]:
    """Alerts whose first effective help may also be what a department provided because it was asked for one."""
    came = func.greatest(help_requests.c.provided_on, help_requests.c.asked_on)
    provided = select(func.min(came)).where(
        help_requests.c.alert_id == alerts.c.id, help_requests.c.state == "provided"
    )
    helped_on = func.least(alerts.c.helped_on, provided.scalar_subquery()).label("helped_on")
    return select(*(column for column in alerts.c if column.name != "helped_on"), helped_on)


async def newest(
    tx: AsyncConnection, filters: Mapping[str, object], *, path: str, before: tuple[int, UUID] | None, limit: int
) -> Sequence[Row[Any]]:
    """Alerts by their last change, newest first."""
    query = _shown().where(alerts.c.path.startswith(path, autoescape=True))
    for name, value in filters.items():
        if value is not None:
            query = query.where(alerts.c[name] == value)
    if before is not None:
        query = query.where(tuple_(alerts.c.number, alerts.c.id) < before)
    return (await tx.execute(query.order_by(alerts.c.number.desc(), alerts.c.id.desc()).limit(limit))).all()


_DUTIES = text("""
    SELECT officer, path FROM directory_staff
    WHERE since <= coalesce((SELECT max(business_date) FROM gates), since)
      AND (until IS NULL OR until > coalesce((SELECT max(business_date) FROM gates), since))
""")


async def duties(tx: AsyncConnection) -> Duties:
    """Who is on duty on the business date."""
    return Duties(Duty(row.officer, row.path) for row in await tx.execute(_DUTIES))


async def open_below(tx: AsyncConnection, paths: Sequence[str], on: date) -> Sequence[Row[Any]]:
    """Open alerts of areas that are neither put off nor settled; a duplicate comes back when its original has ended."""
    original = alerts.alias("original")
    followed = exists().where(
        original.c.household_id == alerts.c.household_id,
        original.c.rule == alerts.c.merged_into,
        original.c.state == "open",
        original.c.merged_into.is_(None),
    )
    settled = func.coalesce(alerts.c.verdict.in_(("unfounded", "helped")), false())
    put_off = func.coalesce(alerts.c.snoozed_until >= on, false())
    query = _shown().where(alerts.c.state == "open", or_(false(), *map(alerts.c.path.startswith, paths)))
    return (await tx.execute(query.where(~settled, ~put_off, ~followed))).all()
