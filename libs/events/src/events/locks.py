"""The key lock that makes seq order the commit order per key.

`locked` comes first in a use case, in a statement of its own: a statement that locks and reads would see the state
from before its wait. A service uses one kind of lock only, chosen by its engine's execution option `key_locks`.
"""

from collections.abc import Iterable
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Transaction, text
from sqlalchemy.ext.asyncio import AsyncConnection

MOST_ADVISORY_KEYS = 500
"""Advisory locks live in a shared table of fixed size; a transaction takes no more than this."""

_ADVISORY = text("SELECT pg_advisory_xact_lock(h) FROM unnest(CAST(:hashes AS bigint[])) AS h")
_MAKE_ROWS = text("INSERT INTO event_keys (key) SELECT unnest(CAST(:keys AS uuid[])) ON CONFLICT DO NOTHING")
_LOCK_ROWS = text("""
    SELECT count(*) FROM (
        SELECT FROM event_keys WHERE key = ANY(CAST(:keys AS uuid[])) ORDER BY key FOR UPDATE
    ) AS there
""")

_held: WeakKeyDictionary[Transaction, set[UUID]] = WeakKeyDictionary()


class TooManyKeys(ValueError):
    """More keys than one transaction may lock; cut the work into several transactions."""

    def __init__(self, count: int):
        super().__init__(f"{count} keys in one transaction, at most {MOST_ADVISORY_KEYS}")


async def locked(tx: AsyncConnection, keys: Iterable[UUID]) -> None:
    """Lock the keys until the transaction ends; what it already holds is not taken again.

    Raises:
        TooManyKeys: more than 500 keys under advisory locks.
    """
    held = held_keys(tx)
    wanted = sorted(set(keys) - held)
    if not wanted:
        return
    if tx.sync_connection is not None and tx.sync_connection.get_execution_options().get("key_locks") == "rows":
        # Nearly every key was locked before.
        if (await tx.execute(_LOCK_ROWS, {"keys": wanted})).scalar_one() < len(wanted):
            await tx.execute(_MAKE_ROWS, {"keys": wanted})
            await tx.execute(_LOCK_ROWS, {"keys": wanted})
    else:
        if len(held) + len(wanted) > MOST_ADVISORY_KEYS:
            raise TooManyKeys(len(held) + len(wanted))
        hashes = sorted({int.from_bytes(key.bytes[8:], signed=True) for key in wanted})
        await tx.execute(_ADVISORY, {"hashes": hashes})
    _held.setdefault(_open(tx)[-1], set()).update(wanted)


def held_keys(tx: AsyncConnection) -> set[UUID]:
    """The keys this transaction holds.

    Raises:
        RuntimeError: no transaction is open.
    """
    return {key for transaction in _open(tx) for key in _held.get(transaction, ())}


def _open(tx: AsyncConnection) -> list[Transaction]:
    """The transaction, and the innermost savepoint: a rollback to it gives back the locks that were taken in it."""
    connection = tx.sync_connection
    transaction = connection.get_transaction() if connection is not None else None
    if connection is None or transaction is None:
        raise RuntimeError("key locks need an open transaction")
    savepoint = connection.get_nested_transaction()
    return [transaction] if savepoint is None else [transaction, savepoint]
