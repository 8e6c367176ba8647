"""Sends the receipts a consumer wrote and empties their outbox as they are acknowledged."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from aiokafka import AIOKafkaProducer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .catalog.base import Service
from .catalog.platform import Consumed
from .gaps import ranges
from .ids import derived_id, uuid7
from .partitioner import key_bytes, partition_of
from .topology import RECEIPTS_TOPIC
from .wire import LoggedEvent, to_headers

_WAITING = text("""
    SELECT id, source, outcome, lower(r) AS lo, upper(r) - 1 AS hi
    FROM (SELECT * FROM receipt_outbox ORDER BY id LIMIT :most) AS waiting, unnest(seqs) AS r
""")
_SENT = text("DELETE FROM receipt_outbox WHERE id = ANY(CAST(:ids AS bigint[]))")

MOST: Final = 1_000
MOST_RANGES: Final = 4_000
"""In one receipt: scattered numbers do not join, and a message has a largest size."""


async def send_receipts(service: Service, connection: AsyncConnection, producer: AIOKafkaProducer) -> bool:
    """Send what waits, joined per source and outcome; True when something was sent."""
    rows = (await connection.execute(_WAITING, {"most": MOST})).all()
    if not rows:
        return False
    joined: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows:
        joined[row.source, row.outcome].update(range(row.lo, row.hi + 1))
    receipts = [
        Consumed(consumer=service, source=source, outcome=outcome, seqs=part)
        for (source, outcome), seqs in joined.items()
        for part in _parts(ranges(seqs))
    ]
    await asyncio.gather(*(_send(service, producer, receipt) for receipt in receipts))
    await connection.execute(_SENT, {"ids": sorted({row.id for row in rows})})
    return True


def _parts(closed: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], ...]]:
    for start in range(0, len(closed), MOST_RANGES):
        yield tuple(closed[start : start + MOST_RANGES])


async def _send(service: Service, producer: AIOKafkaProducer, receipt: Consumed) -> None:
    now, id_ = datetime.now(UTC), uuid7()
    key = derived_id("receipts", receipt.consumer, receipt.source)
    envelope = LoggedEvent.model_construct(
        seq=0,
        id=id_,
        type=Consumed.wire_type(),
        key=key,
        household_id=None,
        region=None,
        fact_id=None,
        revision=1,
        void=False,
        occurred_at=now,
        recorded_at=now,
        correlation_id=id_,
        causation_id=None,
        traceparent=None,
        data="",
    )
    await producer.send_and_wait(
        RECEIPTS_TOPIC,
        key=key_bytes(key),
        value=receipt.model_dump_json().encode(),
        headers=to_headers(service, envelope, None),
        partition=partition_of(key),
    )
