"""Identifiers: UUIDv7 for rows and events, UUIDv5 where an id must follow from its cause.

They are of the database driver's own class, a UUID like any other that is sent, compared and written several times
faster: an import handles twenty for each person.
"""

import hashlib
import os
import time
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as DriverUUID

_NAMESPACE = UUID("6f1b1f0a-93f5-5c1e-9a55-5a3c8e1d0d53").bytes


def uuid7() -> UUID:
    """A time-ordered random id (RFC 9562 version 7, millisecond clock)."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    return _of(value, version=7)


def uuid7s(count: int) -> list[UUID]:
    """As many, drawn at once."""
    now, drawn = (time.time_ns() // 1_000_000) << 80, os.urandom(10 * count)
    return [_of(now | int.from_bytes(drawn[at : at + 10]), version=7) for at in range(0, 10 * count, 10)]


def derived_id(*parts: object) -> UUID:
    """The same id for the same parts, for ever: alerts, cases and facts that follow from other facts."""
    told = "\x1f".join(map(str, parts)).encode()
    digest = hashlib.sha1(_NAMESPACE + told, usedforsecurity=False).digest()
    return _of(int.from_bytes(digest[:16]), version=5)


def _of(value: int, *, version: int) -> UUID:
    value = value & ~(0xF << 76) | version << 76
    made: UUID = DriverUUID((value & ~(0x3 << 62) | 0x2 << 62).to_bytes(16))
    return made
