"""Keeping merged households: an alias stands for another one until the merge is undone, in whatever order."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import HouseholdMerged, HouseholdUnmerged
from events.received import Received

from .bulk import columns_of, highest

_ALIASES = text("""
    INSERT INTO directory_aliases AS known (household_id, revision, into_id)
    SELECT * FROM unnest(CAST(:household_id AS uuid[]), CAST(:revision AS integer[]), CAST(:into_id AS uuid[]))
    ON CONFLICT (household_id) DO UPDATE SET revision = excluded.revision, into_id = excluded.into_id
    WHERE known.revision < excluded.revision
""")


async def on_merge(tx: AsyncConnection, events: Sequence[Received[HouseholdMerged | HouseholdUnmerged]]) -> None:
    """The household whose key the event came under is an alias of another one, or no longer one."""
    newest = highest(events, key=lambda e: e.key, revision=lambda e: e.data.aggregate_revision)
    rows = [
        {"household_id": e.key, "revision": e.data.aggregate_revision, "into_id": getattr(e.data, "into_id", None)}
        for e in newest
    ]
    await tx.execute(_ALIASES, columns_of(rows))
