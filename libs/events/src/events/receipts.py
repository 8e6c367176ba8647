"""Receipts: consumers tell publishers what they have safe; publishers fold them by set union.

They tell where an event is, what a rewind must send again after a broker forgot everything, and when the business
date may move. A receipt gets no receipt: it leaves through an outbox of its own that is emptied as it is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .catalog.platform import Consumed
from .gaps import Gap, ranges
from .received import Received
from .topology import SERVICES, listeners_of

_WRITE = text("""
    INSERT INTO receipt_outbox (source, outcome, seqs)
    VALUES (:source, :outcome, CAST(CAST(:seqs AS text) AS int8multirange))
""")

_KEEP = text("""
    INSERT INTO receipts (consumer, outcome, seqs, lowest, highest)
    VALUES (:consumer, :outcome, CAST(CAST(:seqs AS text) AS int8multirange), :lowest, :highest)
""")

_FOLD = text("""
    INSERT INTO consumption (consumer, seqs) VALUES (:consumer, CAST(CAST(:seqs AS text) AS int8multirange))
    ON CONFLICT (consumer) DO UPDATE SET seqs = consumption.seqs + EXCLUDED.seqs
""")

_LACKING = text("""
    SELECT lower(r) AS lo, upper(r) - 1 AS hi
    FROM (SELECT int8multirange(int8range(1, CAST(:hi AS bigint) + 1)) AS all_seqs) AS sent,
         unnest(all_seqs - coalesce((
             SELECT range_intersect_agg(coalesce(c.seqs, CAST('{}' AS int8multirange)))
             FROM unnest(CAST(:listeners AS text[])) AS l(consumer) LEFT JOIN consumption AS c USING (consumer)
         ), all_seqs)) AS r
    ORDER BY 1
""")


def multirange(closed: Iterable[tuple[int, int]]) -> str:
    """Closed ranges as PostgreSQL multirange text."""
    return "{" + ",".join(f"[{lo},{hi}]" for lo, hi in closed) + "}"


async def write(tx: AsyncConnection, outcomes: Mapping[tuple[str, str], Sequence[int]]) -> None:
    """Write the receipts of a batch: (source, outcome) → sequence numbers; a stray record has nobody to tell."""
    rows = [
        {"source": source, "outcome": outcome, "seqs": multirange(ranges(seqs))}
        for (source, outcome), seqs in sorted(outcomes.items())
        if seqs and source in SERVICES
    ]
    if rows:
        await tx.execute(_WRITE, rows)


async def fold(tx: AsyncConnection, service: str, received: Sequence[Received[Any]]) -> None:
    """Take in the receipts meant for this publisher."""
    mine = [r.data for r in received if isinstance(r.data, Consumed) and r.data.source == service and r.data.seqs]
    if not mine:
        return
    await tx.execute(
        _KEEP,
        [
            {
                "consumer": receipt.consumer,
                "outcome": receipt.outcome,
                "seqs": multirange(receipt.seqs),
                "lowest": min(lo for lo, _ in receipt.seqs),
                "highest": max(hi for _, hi in receipt.seqs),
            }
            for receipt in mine
        ],
    )
    by_consumer: dict[str, list[tuple[int, int]]] = {}
    for receipt in mine:
        by_consumer.setdefault(receipt.consumer, []).extend(receipt.seqs)
    await tx.execute(_FOLD, [{"consumer": c, "seqs": multirange(s)} for c, s in sorted(by_consumer.items())])


async def nothing_to_consume(tx: AsyncConnection, service: str, closed: Iterable[tuple[int, int]]) -> None:
    """Count numbers as taken by every listener: rolled back, or never meant for one (copies of dead letters)."""
    seqs = multirange(closed)
    if seqs != "{}":
        await tx.execute(_FOLD, [{"consumer": c, "seqs": seqs} for c in sorted(listeners_of(service))])


async def not_consumed(tx: AsyncConnection, service: str, hi: int) -> tuple[Gap, ...]:
    """The numbers up to `hi` that some listener has not confirmed."""
    rows = await tx.execute(_LACKING, {"hi": hi, "listeners": list(listeners_of(service))})
    return tuple(Gap(row.lo, row.hi) for row in rows)
