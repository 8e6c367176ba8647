"""The received log: each event once, whole, in the order in which it was handled per key.

Its unique (source, seq) is the duplicate check; a row is written in the transaction that handles the event, so an
effect exists exactly when its row does.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .incoming import Incoming
from .received import Received

Identity = tuple[str, int]
"""(source, seq)"""

_RECORD = """
    INSERT INTO received_log (source, seq, id, type, key, household_id, region, fact_id, revision, void, occurred_at,
                              recorded_at, correlation_id, causation_id, traceparent, data)
    SELECT source, seq, id, type, key, household_id, region, fact_id, revision, void, occurred_at,
           recorded_at, correlation_id, causation_id, traceparent, CAST(data AS jsonb)
    FROM unnest(CAST(:source AS text[]), CAST(:seq AS bigint[]), CAST(:id AS uuid[]), CAST(:type AS text[]),
                CAST(:key AS uuid[]), CAST(:household_id AS uuid[]), CAST(:region AS text[]),
                CAST(:fact_id AS uuid[]), CAST(:revision AS integer[]), CAST(:void AS boolean[]),
                CAST(:occurred_at AS timestamptz[]), CAST(:recorded_at AS timestamptz[]),
                CAST(:correlation_id AS uuid[]), CAST(:causation_id AS uuid[]), CAST(:traceparent AS text[]),
                CAST(:data AS text[]))
         WITH ORDINALITY AS new(source, seq, id, type, key, household_id, region, fact_id, revision, void,
                                occurred_at, recorded_at, correlation_id, causation_id, traceparent, data, place)
    {where}
    ORDER BY place
    ON CONFLICT (source, seq) DO NOTHING
    RETURNING number, source, seq
"""
_COLUMNS = (
    "source", "seq", "id", "type", "key", "household_id", "region", "fact_id", "revision", "void", "occurred_at",
    "recorded_at", "correlation_id", "causation_id", "traceparent",
)  # fmt: skip

_HELD_BACK = """
    SELECT 'letter' AS kind, d.source, d.seq, d.key FROM dead_letters AS d
    JOIN unnest(CAST(:source AS text[]), CAST(:seq AS bigint[])) AS new(source, seq) USING (source, seq)
    UNION ALL
    SELECT 'block', b.source, 0, b.key FROM blocks AS b
    JOIN (SELECT DISTINCT source, key FROM unnest(CAST(:source AS text[]), CAST(:key AS uuid[])) AS k(source, key))
         AS touched USING (source, key)
"""
_RECORD_ALL = text(_RECORD.format(where=""))
_RECORD_FREE = text(_RECORD.format(where=f"WHERE NOT EXISTS ({_HELD_BACK})"))
_LETTERS_AND_BLOCKS = text(_HELD_BACK)
_KNOWN = text("""
    SELECT r.source, r.seq FROM received_log AS r
    JOIN unnest(CAST(:sources AS text[]), CAST(:seqs AS bigint[])) AS new(source, seq) USING (source, seq)
""")


async def record(
    tx: AsyncConnection, records: Sequence[Incoming], *, unless_held_back: bool = False
) -> list[Received[Any]]:
    """Write what is new, in order, and return just that, numbered; duplicates drop out here.

    With `unless_held_back` nothing is written where one of them is, see `held_back`: most batches need not ask first.
    """
    if not records:
        return []
    events = {(r.source, r.seq): r.event for r in records if r.event is not None}
    columns: dict[str, list[Any]] = {name: [getattr(r.event, name) for r in records] for name in _COLUMNS}
    columns["data"] = [r.value.decode() for r in records]
    result = await tx.execute(_RECORD_FREE if unless_held_back else _RECORD_ALL, columns)
    return [replace(events[source, seq], number=number) for number, source, seq in result]


async def held_back(tx: AsyncConnection, records: Sequence[Incoming]) -> tuple[set[Identity], set[tuple[str, UUID]]]:
    """What is already among the dead letters, and which (source, key) are blocked."""
    result = await tx.execute(
        _LETTERS_AND_BLOCKS,
        {
            "source": [r.source for r in records],
            "seq": [r.seq for r in records],
            "key": [r.key for r in records],
        },
    )
    letters: set[Identity] = set()
    blocked: set[tuple[str, UUID]] = set()
    for kind, source, seq, key in result:
        letters.add((source, seq)) if kind == "letter" else blocked.add((source, key))
    return letters, blocked


async def known(tx: AsyncConnection, records: Sequence[Incoming]) -> set[Identity]:
    """Which of these stand in the received log already."""
    result = await tx.execute(_KNOWN, {"sources": [r.source for r in records], "seqs": [r.seq for r in records]})
    return {(source, seq) for source, seq in result}
