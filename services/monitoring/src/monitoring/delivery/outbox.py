"""Which targets are told of a change: one row per change and target, in the transaction of the change.

A replay writes into a schema whose targets are empty, so it makes no row and nothing is sent twice.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.monitoring import (
    AlertClosed,
    AlertEscalated,
    AlertHandedUp,
    AlertRaised,
    AlertRetracted,
    RiskLevel,
)
from events.log import NewEvent

from ..alerts.rules import Holder, places_of
from .rules import Change

_CHANGES: Final[dict[type[Any], Change]] = {
    AlertRaised: Change.RAISED,
    AlertEscalated: Change.ESCALATED,
    AlertHandedUp: Change.HANDED_UP,
    AlertRetracted: Change.RETRACTED,
    AlertClosed: Change.CLOSED,
}
_HOLDERS: Final = list(Holder)
_LEVELS: Final = [level.value for level in RiskLevel]

# Officers: as alerts are routed (`alerts.rules.duty`): the holder's level, or where nobody is there the next one above;
# those on leave are passed over, and deputies stand in where no lead is there. An ending goes to whom the beginning
# went. `places` are the paths an alert lies under, so that duties are found by equality.
_RECORD: Final = text("""
    WITH changed AS (
        SELECT * FROM unnest(
            CAST(:alert_id AS uuid[]), CAST(:version AS integer[]), CAST(:change AS text[]),
            CAST(:household_id AS uuid[]), CAST(:rule AS text[]), CAST(:level AS text[]), CAST(:weight AS integer[]),
            CAST(:path AS text[]), CAST(:places AS text[]), CAST(:rank AS integer[]), CAST(:on_day AS date[]))
            AS c(alert_id, version, change, household_id, rule, level, weight, path, places, rank, on_day)
    ), begun AS (
        SELECT c.* FROM changed AS c JOIN alerts AS a ON a.id = c.alert_id
        WHERE c.change NOT IN ('closed', 'retracted') AND NOT coalesce(a.snoozed_until >= c.on_day, false)
    ), duty AS (
        SELECT c.alert_id, c.version, s.officer, rank() OVER (
            PARTITION BY c.alert_id, c.version ORDER BY s.rank, coalesce(s.role, 'lead') <> 'lead') AS place
        FROM begun AS c CROSS JOIN LATERAL unnest(string_to_array(c.places, ',')) AS place(path)
        JOIN (SELECT *, CASE length(split_part(rtrim(path, '/'), '/', -1)) WHEN 4 THEN 3 WHEN 6 THEN 2 WHEN 9 THEN 1
                        ELSE 0 END AS rank FROM directory_staff) AS s ON s.path = place.path
        WHERE EXISTS (SELECT FROM delivery_targets WHERE enabled AND owner = 'officer')
          AND s.rank >= c.rank AND s.since <= c.on_day AND (s.until IS NULL OR s.until > c.on_day)
          AND NOT EXISTS (SELECT FROM directory_leaves AS away WHERE away.officer = s.officer
                          AND away.since <= c.on_day AND away.until > c.on_day)
    ), helper AS (
        SELECT DISTINCT c.alert_id, c.version, r.data ->> 'organisation' AS organisation
        FROM begun AS c
        JOIN facts AS f ON f.household_id = c.household_id AND f.kind = 'HelperAssigned' AND NOT f.void
        JOIN received_log AS r ON r.id = f.event_id
        WHERE EXISTS (SELECT FROM delivery_targets WHERE enabled AND owner = 'helper')
          AND f.occurred_on <= c.on_day AND NOT EXISTS (
              SELECT FROM facts AS gone WHERE gone.household_id = f.household_id AND gone.kind = 'HelperReleased'
              AND NOT gone.void AND gone.occurred_on <= c.on_day
              AND gone.data ->> 'assignment_id' = f.data ->> 'assignment_id' AND gone.revision > f.revision)
    )
    INSERT INTO deliveries (alert_id, target_id, version, change, household_id, rule, level, path)
    SELECT c.alert_id, t.id, c.version, c.change, c.household_id, c.rule, c.level, c.path
    FROM begun AS c CROSS JOIN LATERAL unnest(string_to_array(c.places, ',')) AS place(path)
    JOIN delivery_targets AS t ON t.path = place.path AND t.enabled AND t.owner = 'department'
        AND c.weight >= array_position(CAST(:levels AS text[]), t.least_level)
    UNION
    SELECT c.alert_id, t.id, c.version, c.change, c.household_id, c.rule, c.level, c.path
    FROM begun AS c JOIN duty AS d ON d.alert_id = c.alert_id AND d.version = c.version AND d.place = 1
    JOIN delivery_targets AS t ON t.account = d.officer AND t.enabled AND t.owner = 'officer' AND c.path ^@ t.path
        AND c.weight >= array_position(CAST(:levels AS text[]), t.least_level)
    UNION
    SELECT c.alert_id, t.id, c.version, c.change, c.household_id, c.rule, c.level, c.path
    FROM begun AS c JOIN helper AS h ON h.alert_id = c.alert_id AND h.version = c.version
    JOIN delivery_targets AS t ON t.organisation = h.organisation AND t.enabled AND t.owner = 'helper'
        AND c.path ^@ t.path AND c.weight >= array_position(CAST(:levels AS text[]), t.least_level)
    UNION
    SELECT c.alert_id, d.target_id, c.version, c.change, c.household_id, c.rule, c.level, c.path
    FROM changed AS c JOIN deliveries AS d ON d.alert_id = c.alert_id
    JOIN delivery_targets AS t ON t.id = d.target_id AND t.enabled
    JOIN alerts AS a ON a.id = c.alert_id
    WHERE c.change IN ('closed', 'retracted') AND NOT coalesce(a.snoozed_until >= c.on_day, false)
    ON CONFLICT (alert_id, target_id, version) DO NOTHING
""")


async def record(tx: AsyncConnection, news: Iterable[NewEvent]) -> None:
    """Write down who is to be told of the changes of alerts among what is told; one statement."""
    rows = [_row(item) for item in news if type(item.event) in _CHANGES]
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        await tx.execute(_RECORD, {**columns, "levels": _LEVELS})


def _row(item: NewEvent) -> dict[str, Any]:
    event: Any = item.event
    return {
        "alert_id": event.alert_id,
        "version": event.version,
        "change": _CHANGES[type(event)].value,
        "household_id": item.household_id,
        "rule": event.rule,
        "level": event.level.value,
        "weight": _LEVELS.index(event.level.value) + 1,
        "path": event.path,
        "places": ",".join(places_of(event.path)),
        "rank": _HOLDERS.index(Holder(event.holder)),
        "on_day": event.business_date,
    }
