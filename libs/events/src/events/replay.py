"""Replay: the received log through the same handlers into tables of another schema, delivering nothing.

The side schema stands first on the search path, so handlers write there and what they append goes to a log that no
relay reads. Live and replayed rows are then compared by hash, row by row.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .dispatch import Dispatch
from .gate import GATED, gate_shared
from .locks import MOST_ADVISORY_KEYS, locked
from .received import Handlers, Received
from .registry import class_of

BATCH: Final = 2_000
"""Events read at a time; a household that comes again among them is written once."""
OWN: Final = ("event_log", "event_keys")
"""Tables of the message path that handlers write while they replay."""

_COLUMNS: Final = (
    "number", "source", "seq", "id", "type", "key", "household_id", "region", "fact_id", "revision", "void",
    "occurred_at", "recorded_at", "correlation_id", "causation_id",
)  # fmt: skip
_READ: Final = f"""
    SELECT {", ".join(_COLUMNS)}, data::text AS data FROM public.received_log
    WHERE number > :after AND number <= :until AND {{only}} ORDER BY number LIMIT :most
"""  # noqa: S608 - constant columns


async def make_side_schema(owner: AsyncConnection, schema: str, tables: Sequence[str], worker: str) -> None:
    """Make empty copies of the tables, with their defaults and indexes but without row security."""
    await drop_side_schema(owner, schema)
    await owner.execute(text(f"CREATE SCHEMA {schema}"))
    await owner.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {worker}"))
    for table in (*OWN, *tables):
        # Unlogged: what a crash of the database would empty is made anew by the next replay.
        await owner.execute(text(f"CREATE UNLOGGED TABLE {schema}.{table} (LIKE public.{table} INCLUDING ALL)"))
    await owner.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {worker}"))


async def drop_side_schema(owner: AsyncConnection, schema: str) -> None:
    """Remove the copies."""
    await owner.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))


async def replay(
    engine: AsyncEngine, handlers: Handlers, schema: str, *, until: int, after: int = 0, only: str = "true"
) -> int:
    """Handle the received log up to a number, in its order, into the side schema; returns how many events.

    A second call goes on behind `after`, so that a replay can catch up with live flow. `only` is a condition on rows
    of the log, in SQL; it may name `:after`, and `:most` rows are read at a time.
    """
    dispatch = Dispatch(handlers)
    read = text(_READ.format(only=only))
    count = 0
    waiting: list[Received[Any]] = []
    while True:
        async with engine.begin() as tx:
            await tx.execute(text(f"SET LOCAL search_path = {schema}, public"))
            if not waiting:
                waiting = [_received(row) for row in await tx.execute(read, _page(after, until))]
            part = _first_part(waiting)
            if not part:
                return count
            await gate_shared(tx)
            await locked(tx, {event.key for event in part})
            await dispatch.hand_out(tx, part)
        waiting = waiting[len(part) :]
        after, count = part[-1].number, count + len(part)


def _page(after: int, until: int) -> dict[str, int]:
    return {"after": after, "until": until, "most": BATCH}


def _first_part(events: Sequence[Received[Any]]) -> list[Received[Any]]:
    keys: set[UUID] = set()
    part: list[Received[Any]] = []
    for event in events:
        keys.add(event.key)
        gated = isinstance(event.data, GATED)
        if part and (gated or len(keys) > MOST_ADVISORY_KEYS):
            break
        part.append(event)
        if gated:
            break
    return part


def _received(row: Any) -> Received[Any]:
    cls = class_of(row.type)
    if cls is None:
        raise LookupError(row.type)
    envelope = dict(zip(_COLUMNS, row, strict=False))
    return Received(**envelope, data=cls.model_validate_json(row.data), traceparent=None)
