"""Receipts and household codes: shown once, kept as a keyed digest, so that the table opens nothing by itself."""

import os
from datetime import date
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit import clock
from kit.cipher import FieldCipher
from kit.door import enter

from ...regions import service as regions
from ..queries import opened_by
from ..rules import KeyUnknown, Opens, heard, spoken
from ..tables import door_keys


async def issue(
    tx: AsyncConnection,
    target_id: UUID,
    path: str,
    *,
    opens: Opens,
    cipher: FieldCipher,
    valid_until: date | None = None,
) -> str:
    """A new receipt or code; it is not to be had again."""
    key = spoken(os.urandom(10))
    await tx.execute(
        insert(door_keys).values(
            digest=_digest(key, opens, cipher),
            opens=opens,
            target_id=target_id,
            path=path,
            issued_at=clock.now(),
            valid_until=valid_until,
        )
    )
    return key


async def revoke(tx: AsyncConnection, target_id: UUID, *, opens: Opens, on: date) -> None:
    """End every code of a target that is still valid: the day before is its last."""
    last = date.fromordinal(on.toordinal() - 1)
    standing = (door_keys.c.target_id == target_id) & (door_keys.c.opens == opens)
    await tx.execute(update(door_keys).where(standing, door_keys.c.valid_until >= on).values(valid_until=last))


async def follow(tx: AsyncConnection, target_id: UUID, path: str) -> None:
    """A receipt opens where its report has gone."""
    await tx.execute(update(door_keys).where(door_keys.c.target_id == target_id).values(path=path))


async def open_door(tx: AsyncConnection, key: str, *, opens: Opens, cipher: FieldCipher) -> UUID:
    """What a receipt or code opens; from here on the transaction sees its village.

    Raises:
        KeyUnknown: it opens nothing.
    """
    found = await opened_by(tx, _digest(heard(key), opens, cipher), opens, await regions.today(tx))
    if found is None:
        raise KeyUnknown
    target_id, path = found
    await enter(tx, path)
    return target_id


def _digest(key: str, opens: Opens, cipher: FieldCipher) -> bytes:
    return cipher.keys.signature(f"door-{opens}", key.encode())
