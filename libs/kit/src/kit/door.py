"""A door without login: routes that anybody may call, limited by caller and in all.

What stands behind it sees no row of any area until the handler names the area that its caller has a proof for.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .auth import Principal
from .errors import TooMany
from .route import Handler, TransactionRoute
from .running import running
from .scope import validate_path

CITIZEN: Final = Principal(subject="citizen", department="door", rights=frozenset(), paths=())
"""群众: whoever calls without login; audit rows name nobody."""


class TooOften(TooMany):
    """请求过于频繁: this caller, or all callers together, have asked too often."""

    code = "too-often"
    zh, en = "提交过于频繁，请稍后再试", "too many requests; try again later"
    fix_zh, fix_en = "稍后再试，或拨打 12317 热线", "try again later, or call 12317"


@dataclass(slots=True)
class Limiter:
    """限流: counts the requests of this process in moving windows; callers are kept as digests only."""

    per_caller: tuple[RateLimitItem, ...]
    in_all: tuple[RateLimitItem, ...]
    _windows: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))

    @classmethod
    def of(cls, per_caller: str, in_all: str) -> "Limiter":
        """From texts such as `5/minute;50/day`."""
        return cls(tuple(parse_many(per_caller)), tuple(parse_many(in_all)))

    async def admit(self, caller: str, door: str) -> None:
        """Let a request through and count it.

        Raises:
            TooOften: a window is full.
        """
        who = hashlib.sha256(caller.encode()).hexdigest()
        await self._hit(self.per_caller, door, who)
        await self._hit(self.in_all, door)

    async def _hit(self, items: Iterable[RateLimitItem], *keys: str) -> None:
        for item in items:
            if not await self._windows.hit(item, *keys):
                raise TooOften(retry_after=item.get_expiry())


class DoorRoute(TransactionRoute):
    """A `TransactionRoute` for anybody: no token, no rights, no rows until `enter` names an area."""

    def get_route_handler(self) -> Handler:
        """The handler behind the limiter, in a transaction without scope."""
        if lax := self._lax_models():
            raise TypeError(f"{self.path} takes unknown fields: {', '.join(lax)} should be a RequestModel")
        handle = APIRoute.get_route_handler(self)

        async def answer(request: Request) -> Response:
            await _limiter(request).admit(_caller(request), self.name)
            return await self._in_transaction(request, CITIZEN, handle)

        return answer


def _limiter(request: Request) -> Limiter:
    state: Any = request.app.state
    if not hasattr(state, "door_limiter"):
        settings = running(request).settings
        state.door_limiter = Limiter.of(settings.door_per_caller, settings.door_in_all)
    limiter: Limiter = state.door_limiter
    return limiter


def _caller(request: Request) -> str:
    """The address that the gateway saw; it replaces whatever the caller claims."""
    forwarded = request.headers.get("x-forwarded-for", "")
    return forwarded.rpartition(",")[2].strip() or (request.client.host if request.client else "")


async def enter(tx: AsyncConnection, path: str) -> None:
    """Give the transaction the area that its caller has a proof for: a village named in a report, a receipt, a code."""
    await tx.execute(text("SELECT set_config('app.scope', :scope, true)"), {"scope": validate_path(path)})
