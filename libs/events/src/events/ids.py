"""Identifiers: UUIDv7 for rows and events, UUIDv5 where an id must follow from its cause."""

import os
import time
from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1b1f0a-93f5-5c1e-9a55-5a3c8e1d0d53")


def uuid7() -> UUID:
    """A time-ordered random id (RFC 9562 version 7, millisecond clock)."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def derived_id(*parts: object) -> UUID:
    """The same id for the same parts, for ever: alerts, cases and facts that follow from other facts."""
    return uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts))
