"""Use cases of delivery; none commits. The API sends nothing itself: it writes down, the worker sends."""

import base64
import os
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from kit.cipher import FieldCipher
from kit.clock import now
from kit.scope import covers, validate_path

from . import queries
from .addresses import Sealed, check_address, check_secret, read_address
from .rules import Allowed, Change
from .rules.refusals import (
    DeliveryUnknown,
    NoSecret,
    OwnerIncomplete,
    TargetDisabled,
    TargetOutOfArea,
    TargetUnknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """推送目标, as it is asked for; `path` is the area whose alerts it gets."""

    channel: str
    owner: str
    account: str | None
    organisation: str | None
    path: str
    least_level: str
    url: str
    secret: str | None


async def add_target(
    tx: AsyncConnection, wanted: Wanted, *, cipher: FieldCipher, allowed: Allowed, paths: tuple[str, ...], by: str
) -> tuple[Row[Any], str | None]:
    """Make a target; gives it and, once, the secret its messages are signed with.

    Raises:
        OwnerIncomplete, TargetOutOfArea, AddressMalformed, HostNotAllowed, AddressPlain, SecretMalformed, NoSecret.
    """
    _check_owner(wanted)
    if not covers(paths, validate_path(wanted.path)):
        raise TargetOutOfArea
    address = read_address(wanted.channel, wanted.url)
    check_address(address, allowed)
    if wanted.secret is not None and wanted.channel != "webhook":
        raise NoSecret(pointer="/secret")
    target_id = uuid7()
    secret = (check_secret(wanted.secret) if wanted.secret else new_secret()) if wanted.channel == "webhook" else None
    sealed = Sealed(wanted.url, (secret,) if secret else ()).seal(cipher, target_id)
    kept = {name: getattr(wanted, name) for name in Wanted.__slots__ if name not in ("url", "secret")}
    row = await queries.add_target(
        tx, id=target_id, **kept, host=address.host, shown=address.shown, sealed=sealed, enabled=True, made_by=by
    )
    return row, secret


def _check_owner(wanted: Wanted) -> None:
    officer, helper = wanted.owner == "officer", wanted.owner == "helper"
    if (wanted.account is not None) != officer or (wanted.organisation is not None) != helper:
        raise OwnerIncomplete


def new_secret() -> str:
    """A random signing secret, as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(os.urandom(32)).decode()}"


async def switch(tx: AsyncConnection, target_id: UUID, *, enabled: bool) -> Row[Any]:
    """Switch a target on or off; what waits for one that is off is given up.

    Raises:
        TargetUnknown: as it says.
    """
    await _target(tx, target_id)
    return await queries.change_target(tx, target_id, enabled=enabled)


async def rotate(tx: AsyncConnection, target_id: UUID, *, cipher: FieldCipher) -> tuple[Row[Any], str]:
    """A new secret; the one before signs beside it until the next rotation, so that receivers can change over.

    Raises:
        TargetUnknown, NoSecret: as they say.
    """
    row = await _target(tx, target_id)
    if row.channel != "webhook":
        raise NoSecret
    known, secret = Sealed.open(cipher, target_id, row.sealed), new_secret()
    sealed = Sealed(known.url, (secret, *known.secrets[:1])).seal(cipher, target_id)
    return await queries.change_target(tx, target_id, sealed=sealed), secret


async def test(tx: AsyncConnection, target_id: UUID, *, by: str) -> Row[Any]:
    """Let a test message be sent.

    Raises:
        TargetUnknown, TargetDisabled: as they say.
    """
    row = await _target(tx, target_id)
    if not row.enabled:
        raise TargetDisabled
    return await queries.add(tx, target_id=target_id, change=Change.TEST.value, path=row.path, asked_by=by)


async def send_again(tx: AsyncConnection, delivery_id: UUID, *, by: str) -> Row[Any]:
    """Let a delivery be sent once more, under the same id.

    Raises:
        DeliveryUnknown, TargetDisabled: as they say.
    """
    known = await queries.one(tx, delivery_id)
    if known is None:
        raise DeliveryUnknown
    if not (await _target(tx, known.target_id)).enabled:
        raise TargetDisabled
    row = await queries.ask_again(tx, delivery_id, by=by, at=now())
    if row is None:
        raise DeliveryUnknown
    return row


async def _target(tx: AsyncConnection, target_id: UUID) -> Row[Any]:
    row = await queries.target(tx, target_id, lock=True)
    if row is None:
        raise TargetUnknown
    return row
