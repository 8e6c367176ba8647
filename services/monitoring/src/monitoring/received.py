"""Own events in the own received log: verdicts, snoozes, cases and policy changes are part of what is replayed."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.received import Received
from events.registry import class_of

_RECEIVE_OWN = text("""
    INSERT INTO received_log (source, seq, id, type, key, household_id, region, fact_id, revision, void, occurred_at,
                              recorded_at, correlation_id, causation_id, traceparent, data)
    SELECT 'monitoring', seq, id, type, key, household_id, region, fact_id, revision, void, occurred_at,
           recorded_at, correlation_id, causation_id, traceparent, data
    FROM event_log WHERE seq = :seq
    RETURNING number, source, seq, id, type, key, household_id, region, fact_id, revision, void, occurred_at,
              recorded_at, correlation_id, causation_id, traceparent, data::text AS data
""")


async def receive_own(tx: AsyncConnection, seq: int) -> Received[Any]:
    """Take an event of this service's own log into its received log; the caller holds the gate and the key."""
    return event_of((await tx.execute(_RECEIVE_OWN, {"seq": seq})).one())


def event_of(row: Row[Any], others: Collection[str] = ()) -> Received[Any]:
    """The event of a row of the received log that has further columns.

    Raises:
        LookupError: its type is not in the catalog.
    """
    fields = {name: value for name, value in row._mapping.items() if name not in others}
    cls = class_of(fields["type"])
    if cls is None:
        raise LookupError(fields["type"])
    return Received(**{**fields, "data": cls.model_validate_json(fields["data"])})
