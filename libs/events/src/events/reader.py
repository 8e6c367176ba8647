"""Reading an event log in sequence order without stepping over a late commit."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .gaps import Cursor
from .wire import LoggedEvent

_COLUMNS: Final = (
    "seq, id, type, key, household_id, region, fact_id, revision, void, occurred_at, recorded_at, "
    "correlation_id, causation_id, traceparent, data::text AS data"
)

# One statement, so one snapshot: read apart, a late row could be missed in the gaps while its successor shows above hi.
_READ = text(f"""
    SELECT * FROM (
        SELECT late.* FROM unnest(CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) AS gap(lo, hi)
        CROSS JOIN LATERAL (
            SELECT {_COLUMNS} FROM event_log WHERE seq BETWEEN gap.lo AND gap.hi ORDER BY seq LIMIT :most
        ) AS late
        UNION ALL
        (SELECT {_COLUMNS} FROM event_log WHERE seq > :hi ORDER BY seq LIMIT :most)
    ) AS rows ORDER BY seq LIMIT :most
""")  # noqa: S608 - constant column list

# The end of the log by its index: for EXISTS the planner reads the whole log.
_WAITING = text("""
    SELECT coalesce((SELECT max(seq) FROM event_log) > :hi, false) AS events,
           EXISTS (SELECT FROM receipt_outbox) AS receipts, EXISTS (SELECT FROM relay_rewinds) AS rewinds
""")

# Whoever draws a number holds this lock until the end of its transaction, prepared or not.
_WRITERS = text("""
    SELECT DISTINCT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND relation = 'event_log'::regclass
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")


async def waiting(connection: AsyncConnection, hi: int) -> tuple[bool, bool, bool]:
    """Whether there are events above `hi`, receipts to send, rewinds: mostly none, so it is one question."""
    events, receipts, rewinds = (await connection.execute(_WAITING, {"hi": hi})).one()
    return events, receipts, rewinds


async def read(connection: AsyncConnection, cursor: Cursor, most: int) -> Sequence[LoggedEvent]:
    """The rows above `hi` and in the gaps, in sequence order, at most `most`."""
    result = await connection.execute(
        _READ,
        {
            "lows": [gap.lo for gap in cursor.gaps],
            "highs": [gap.hi for gap in cursor.gaps],
            "hi": cursor.hi,
            "most": most,
        },
    )
    return [LoggedEvent.model_construct(**row._mapping) for row in result]


async def writers(connection: AsyncConnection) -> frozenset[str]:
    """The transactions that write to the event log at this moment."""
    return frozenset((await connection.execute(_WRITERS)).scalars())
