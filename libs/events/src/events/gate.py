"""The gate between single facts and what concerns everybody: ticks of the business date and policy changes.

Batches and API writes that evaluate rules hold it shared; a tick or a policy change takes it exclusively, so that in
the received log every fact stands clearly before or after it, and a replay sees the same.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .catalog.base import Event
from .catalog.households import BusinessDateAdvanced
from .catalog.monitoring import LineChanged

GATED: Final[tuple[type[Event], ...]] = (BusinessDateAdvanced, LineChanged)
"""Events that enter the received log alone, under the exclusive gate."""

# The two-integer key space of advisory locks is apart from the one of the key locks.
_SHARED = text("SELECT pg_advisory_xact_lock_shared(20220823, 1)")
_EXCLUSIVE = text("SELECT pg_advisory_xact_lock(20220823, 1)")


async def gate_shared(tx: AsyncConnection) -> None:
    """Keep ticks and policy changes out until this transaction ends."""
    await tx.execute(_SHARED)


async def gate_exclusive(tx: AsyncConnection) -> None:
    """Wait until no batch is under way and keep all others out until this transaction ends."""
    await tx.execute(_EXCLUSIVE)
