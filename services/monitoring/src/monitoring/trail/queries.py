"""One query over all that concerns a household, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

# Facts come from the received log as they arrived, corrections too; their payload stays where it is. What monitoring
# concluded and what officers did comes from its own log; a decision besides tells its place in the chain.
_TRAIL: Final = text("""
    SELECT * FROM (
        SELECT r.received_at AS at, CASE WHEN r.type LIKE '%.help.%' THEN 'help' ELSE 'fact' END AS what, r.id,
               split_part(r.type, '.', 5) AS kind, NULL AS level,
               CASE WHEN r.type LIKE '%.help.%' THEN r.data ->> 'offer' END AS state,
               r.source AS who, r.fact_id AS subject_id, r.revision, r.void,
               r.causation_id AS cause_id, r.traceparent
        FROM received_log AS r WHERE r.household_id = :id AND r.source <> 'monitoring'
        UNION ALL
        SELECT l.recorded_at,
               CASE WHEN l.type LIKE '%.RiskChanged.%' THEN 'level' WHEN l.type LIKE '%.Case%' THEN 'case'
                    WHEN l.type LIKE '%.monitoring.Help%' THEN 'help'
                    WHEN l.type LIKE '%.Dispatch%' THEN 'dispatch' ELSE 'alert' END,
               l.id, split_part(l.type, '.', 5), l.data ->> 'level',
               coalesce(l.data ->> 'state', l.data ->> 'verdict', l.data ->> 'resolution', l.data ->> 'offer',
                        l.data ->> 'holder'),
               coalesce(l.data ->> 'officer', 'monitoring'), l.fact_id, l.revision, l.void, l.causation_id,
               l.traceparent
        FROM event_log AS l WHERE l.household_id = :id
        UNION ALL
        SELECT d.written_at, 'delivery', d.id, d.change, d.level, d.state, 'monitoring', d.alert_id, d.version, false,
               d.target_id, NULL
        FROM deliveries AS d WHERE d.household_id = :id
        UNION ALL
        SELECT d.recorded_at, 'decision', d.event_id, d.kind, NULL, d.number::text, d.officer, d.subject_id, 1, false,
               CAST(d.evidence ->> 'told' AS uuid), NULL
        FROM decisions AS d WHERE d.household_id = :id
        UNION ALL
        SELECT m.made_at, 'dispatch', n.id, 'DispatchListed', n.level, m.level, 'monitoring', n.subject_id, n.place,
               false, m.id, NULL
        FROM dispatch_lines AS n JOIN dispatch_lists AS m ON m.id = n.list_id WHERE n.household_id = :id
    ) AS trail
    WHERE CAST(:at AS timestamptz) IS NULL
       OR (at, what, id) < (CAST(:at AS timestamptz), CAST(:what AS text), CAST(:last AS uuid))
    ORDER BY at DESC, what DESC, id DESC LIMIT :limit
""")
Place = tuple[datetime, str, UUID]


async def page(tx: AsyncConnection, household_id: UUID, *, before: Place | None, limit: int) -> Sequence[Row[Any]]:
    """What concerns a household, the newest first."""
    at, what, last = before or (None, None, None)
    given = {"id": household_id, "at": at, "what": what, "last": last, "limit": limit}
    return (await tx.execute(_TRAIL, given)).all()
