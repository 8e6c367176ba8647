"""Idempotency-Key: a request sent twice takes effect once and is answered the same.

1. The key is claimed by a row in the transaction of the request; a second request waits at that row.
2. The answer is stored in the row before the commit, so effect, answer and key exist together or not at all.
3. Whoever comes later gets the stored answer; with another payload under the same key, a refusal.

Neither the key nor the payload is kept in clear: the row's id and request are keyed digests, the answer is sealed.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from .cipher import FieldCipher
from .errors import Conflict, Invalid
from .tables import idempotency_keys

LIFETIME: Final = timedelta(days=7)
_KEY: Final = re.compile(r'"?[A-Za-z0-9._:-]{8,128}"?')
_KEPT_HEADERS: Final = ("content-type", "etag", "location")
_LOCK_TIMEOUT: Final = "55P03"


class BadKey(Invalid):
    """幂等键格式有误."""

    code = "bad-idempotency-key"
    zh, en = "Idempotency-Key 的格式不正确", "not an acceptable Idempotency-Key"
    fix_zh, fix_en = (
        "请使用 8 至 128 位字母、数字或 . _ : -，例如 UUID",
        "use 8 to 128 letters, digits or . _ : - such as a UUID",
    )
    pointer = "header:Idempotency-Key"


class KeyReused(Invalid):
    """幂等键被用于不同的请求."""

    code = "idempotency-key-reused"
    zh, en = "同一 Idempotency-Key 已用于内容不同的请求", "this Idempotency-Key was used for a different request"
    fix_zh, fix_en = "新的请求请使用新的 Idempotency-Key", "use a new Idempotency-Key for a new request"
    pointer = "header:Idempotency-Key"


class StillRunning(Conflict):
    """同一请求仍在处理."""

    code = "request-in-progress"
    zh, en = "同一 Idempotency-Key 的请求仍在处理", "a request with this Idempotency-Key is still under way"
    fix_zh, fix_en = "请稍后用同一 Idempotency-Key 重试", "try again shortly with the same Idempotency-Key"
    pointer = "header:Idempotency-Key"
    retry_after = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """The claimed row of a key, to be completed with the answer."""

    id: UUID
    cipher: FieldCipher

    async def store(self, tx: AsyncConnection, answer: Response) -> None:
        """Keep the answer for repetitions."""
        headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        body = self.cipher.seal(
            "idempotency", "idempotency_keys", "body", self.id, bytes(answer.body).decode("latin-1")
        )
        row = update(idempotency_keys).where(idempotency_keys.c.id == self.id)
        await tx.execute(row.values(status=answer.status_code, headers=headers, body=body))


async def claim(tx: AsyncConnection, request: Request, client: str, cipher: FieldCipher) -> Claim | Response | None:
    """Claim the request's key, or give the answer of an earlier request; None if the request has no key.

    Raises:
        BadKey, KeyReused, StillRunning: as they say.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise BadKey
    id_ = _digest_id(cipher, client, key.strip('"'))
    digest = await _request_digest(cipher, request)
    if await _claimed(tx, id_, digest):
        return Claim(id_, cipher)
    return await _earlier_answer(tx, id_, digest, cipher)


async def purge(tx: AsyncConnection) -> int:
    """Forget keys past their lifetime; gives how many."""
    return (await tx.execute(delete(idempotency_keys).where(idempotency_keys.c.expires_at < func.now()))).rowcount


def _digest_id(cipher: FieldCipher, client: str, key: str) -> UUID:
    digest = cipher.keys.signature("idempotency-key", f"{client}\x1f{key}".encode())
    return UUID(bytes=digest[:16])


async def _request_digest(cipher: FieldCipher, request: Request) -> bytes:
    body = await request.body()
    _, _, boundary = request.headers.get("content-type", "").partition("boundary=")
    if boundary:
        # A client draws a new boundary for every attempt; the parts are what counts.
        body = body.replace(boundary.strip('"').encode("latin-1"), b"")
    place = f"{request.method} {request.url.path}?{request.url.query} {request.headers.get('if-match', '')}"
    return cipher.keys.signature("idempotency-request", place.encode() + b"\x00" + body)


_new = insert(idempotency_keys).values(
    id=bindparam("id"), request=bindparam("request"), expires_at=func.now() + LIFETIME
)
_CLAIM = _new.on_conflict_do_update(
    index_elements=["id"],
    set_={"request": _new.excluded.request, "expires_at": _new.excluded.expires_at, "status": None, "body": None},
    where=idempotency_keys.c.expires_at < func.now(),
).returning(idempotency_keys.c.id)


async def _claimed(tx: AsyncConnection, id_: UUID, digest: bytes) -> bool:
    try:
        return (await tx.execute(_CLAIM, {"id": id_, "request": digest})).first() is not None
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_TIMEOUT:
            raise StillRunning from None
        raise


async def _earlier_answer(tx: AsyncConnection, id_: UUID, digest: bytes, cipher: FieldCipher) -> Response:
    stored = (await tx.execute(select(idempotency_keys).where(idempotency_keys.c.id == id_))).one()
    if stored.request != digest:
        raise KeyReused
    body = cipher.open("idempotency", "idempotency_keys", "body", id_, stored.body)
    return Response(body.encode("latin-1"), status_code=stored.status, headers=stored.headers)
