"""A hint that something was appended, so that a relay that rests looks at once.

It only saves time: one may be held back or get lost, and the relay looks by itself. NOTIFY takes a lock of the whole
database at commit and collapsed at 2,000 a second, so a process gives some tens at most. PostgreSQL does not let a
transaction that gave one be prepared for a commit in two phases.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection

CHANNEL: Final = "event_log"
EVERY: Final = 0.02
"""Seconds between two hints of a process and log: who was just woken is still looking often."""

_GIVEN: Final[WeakKeyDictionary[Engine, float]] = WeakKeyDictionary()


def due(tx: AsyncConnection) -> bool:
    """Whether what is appended now should come with a hint; true counts as one given."""
    log, now = tx.sync_engine, monotonic()
    if now - _GIVEN.get(log, -EVERY) < EVERY:
        return False
    _GIVEN[log] = now
    return True


async def listen(connection: AsyncConnection, heard: Callable[[], None]) -> None:
    """Call for every hint, as long as the session lives."""

    def hint(*_: Any) -> None:
        heard()

    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.add_listener(CHANNEL, hint)
