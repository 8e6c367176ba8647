"""Who answers for a household on a day: the nearest region with somebody present, leads before deputies.

Alerts are routed by it: grid → village → township → county → city.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import StaffOnLeave
from events.received import Received

from .bulk import columns_of, highest

LEAD: Final = "lead"
"""责任人"""
DEPUTY: Final = "deputy"
"""副手"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """责任: an officer who answers for a region, and whether the officer is there."""

    officer: str
    path: str
    role: str
    present: bool


def answering(duties: Sequence[Duty]) -> list[Duty]:
    """Those who answer, of the duties for a place: the nearest region where somebody is present.

    While any lead of that region is present deputies do not answer; nobody present anywhere gives an empty list.
    """
    present = [duty for duty in duties if duty.present]
    if not present:
        return []
    nearest = max(len(duty.path) for duty in present)
    there = [duty for duty in present if len(duty.path) == nearest]
    leads = [duty for duty in there if duty.role == LEAD]
    return sorted(leads or there, key=lambda duty: duty.officer)


# The household in a query of its own: a bare coalesce would keep row security from the index (see `people`).
_DUTIES = text("""
    SELECT staff.officer, staff.path, coalesce(staff.role, 'lead') AS role,
           NOT EXISTS (SELECT FROM directory_leaves AS away
                       WHERE away.officer = staff.officer AND away.since <= :on AND away.until > :on) AS present
    FROM directory_households AS home
    JOIN directory_staff AS staff ON coalesce(home.grid, home.path) ^@ staff.path
    WHERE home.id = (SELECT coalesce((SELECT into_id FROM directory_aliases WHERE household_id = :household),
                                     :household))
      AND staff.since <= :on AND (staff.until IS NULL OR staff.until > :on)
    ORDER BY length(staff.path) DESC, role DESC, staff.officer
""")


async def duties_for(tx: AsyncConnection, household_id: UUID, on: date) -> list[Duty]:
    """All duties for a household's place on a day, the nearest region first; `answering` tells who acts."""
    rows = await tx.execute(_DUTIES, {"household": household_id, "on": on})
    return [Duty(officer=row.officer, path=row.path, role=row.role, present=row.present) for row in rows]


_LEAVES = text("""
    INSERT INTO directory_leaves AS known (leave_id, revision, officer, since, until)
    SELECT * FROM unnest(CAST(:leave_id AS uuid[]), CAST(:revision AS integer[]), CAST(:officer AS text[]),
                         CAST(:since AS date[]), CAST(:until AS date[]))
    ON CONFLICT (leave_id) DO UPDATE SET
        revision = excluded.revision, officer = excluded.officer, since = excluded.since, until = excluded.until
    WHERE known.revision < excluded.revision
""")


async def on_leave(tx: AsyncConnection, events: Sequence[Received[StaffOnLeave]]) -> None:
    """An officer is away; the highest revision of a leave counts."""
    newest = highest(events, key=lambda e: e.data.leave_id, revision=lambda e: e.revision)
    rows = [
        e.data.model_dump(include={"leave_id", "officer", "since", "until"}) | {"revision": e.revision} for e in newest
    ]
    await tx.execute(_LEAVES, columns_of(rows))
