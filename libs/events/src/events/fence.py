"""Who owns a partition, and where it goes on: both kept in the consumer's own database.

At assignment an owner number is raised for each partition number; every transaction checks it first, so a member that
was declared dead but still runs cannot write. Topics are co-partitioned and co-assigned: one number fences them all.
"""

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .incoming import Place

Owners = Mapping[int, int]
"""partition number → owner number"""


class Fenced(Exception):
    """Another member owns a partition now; what this one holds of it must be dropped."""


_RAISE = text("""
    INSERT INTO consumer_fences (partition, owner)
    SELECT p, 1 FROM unnest(CAST(:partitions AS integer[])) AS p ORDER BY p
    ON CONFLICT (partition) DO UPDATE SET owner = consumer_fences.owner + 1
    RETURNING partition, owner
""")
_CHECK = text("""
    SELECT partition, owner FROM consumer_fences
    WHERE partition = ANY(CAST(:partitions AS integer[])) ORDER BY partition FOR NO KEY UPDATE
""")
_OFFSETS = text("SELECT topic, partition, next_offset FROM consumer_offsets WHERE epoch = :epoch")
_STORE = text("""
    INSERT INTO consumer_offsets (epoch, topic, partition, next_offset)
    SELECT :epoch, * FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS integer[]), CAST(:nexts AS bigint[]))
    ON CONFLICT (epoch, topic, partition) DO UPDATE SET next_offset = EXCLUDED.next_offset
""")


async def take_over(tx: AsyncConnection, partitions: set[int]) -> dict[int, int]:
    """Become the owner; waits for the transaction in which a former owner still writes."""
    rows = await tx.execute(_RAISE, {"partitions": sorted(partitions)})
    return {row.partition: row.owner for row in rows}


async def check(tx: AsyncConnection, owners: Owners) -> None:
    """Refuse to go on where another member has taken over.

    Raises:
        Fenced: it has.
    """
    rows = await tx.execute(_CHECK, {"partitions": sorted(owners)})
    if {row.partition: row.owner for row in rows} != dict(owners):
        raise Fenced


async def stored_offsets(tx: AsyncConnection, epoch: str) -> dict[Place, int]:
    """Where each partition goes on in this life of the broker's log; not stored means the beginning."""
    return {(row.topic, row.partition): row.next_offset for row in await tx.execute(_OFFSETS, {"epoch": epoch})}


async def store_offsets(tx: AsyncConnection, epoch: str, offsets: Mapping[Place, int]) -> None:
    """Keep where to go on, in the transaction that applied the records."""
    places = sorted(offsets)
    await tx.execute(
        _STORE,
        {
            "epoch": epoch,
            "topics": [topic for topic, _ in places],
            "partitions": [partition for _, partition in places],
            "nexts": [offsets[place] for place in places],
        },
    )
