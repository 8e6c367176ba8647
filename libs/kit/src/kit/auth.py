"""Who is asking: bearer tokens, checked against the issuer's published keys."""

import asyncio
import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import httpx2
from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from .errors import Forbidden, Refusal, Unauthenticated, Unavailable
from .scope import validate_paths

ALGORITHMS: Final = ("RS256", "ES256")
LEEWAY_SECONDS: Final = 30
LONGEST_TOKEN: Final = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """主体: who asks, for which department, with which rights, for which areas."""

    subject: str
    department: str
    rights: frozenset[str]
    paths: tuple[str, ...]

    def require(self, right: str) -> None:
        """Pass, or refuse.

        Raises:
            MissingRight: the token does not carry it.
        """
        if right not in self.rights:
            raise MissingRight(right)


class MissingRight(Forbidden):
    """缺少权限: the token does not carry the right this needs."""

    code = "missing-right"

    def __init__(self, right: str):
        super().__init__(zh=f"需要权限 {right}", en=f"this needs the right {right}")


class BadToken(Unauthenticated):
    """令牌无效: malformed, expired, for somebody else, or not signed by our issuer."""

    code = "bad-token"
    zh, en = "访问令牌无效或已过期", "the access token is invalid or expired"


class KeysAway(Unavailable):
    """身份服务不可用: the issuer's keys cannot be read and none are known yet."""

    code = "issuer-away"
    zh, en = "身份认证服务暂时不可用", "the token issuer is away"


@dataclass(slots=True)
class KeyCache:
    """The issuer's public keys by key id.

    A key id that is not known is asked for at most every `pause` seconds, so made-up ids cannot flood the issuer;
    known keys keep working while it is away, but not longer than `lifetime` without a look.
    """

    url: str
    lifetime: float = 600.0
    pause: float = 10.0
    _keys: dict[str, Any] = field(default_factory=dict)
    _looked_at: float = float("-inf")
    _tried_at: float = float("-inf")
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, kid: str) -> Any:
        """The key of this id.

        Raises:
            BadToken: the issuer does not publish it.
            KeysAway: the issuer has never been reached.
        """
        if kid not in self._keys or self._age(self._looked_at) > self.lifetime:
            async with self._one_at_a_time:
                await self._look(kid)
        if kid in self._keys:
            return self._keys[kid]
        raise BadToken if self._keys else KeysAway

    async def _look(self, kid: str) -> None:
        fresh = kid in self._keys and self._age(self._looked_at) <= self.lifetime
        if fresh or self._age(self._tried_at) < self.pause:
            return
        self._tried_at = time.monotonic()
        try:
            async with httpx2.AsyncClient(timeout=5, follow_redirects=False) as client:
                answer = await client.get(self.url)
                keys = KeySet.import_key_set(answer.raise_for_status().json())
        except (httpx2.HTTPError, ValueError, KeyError, JoseError):
            return
        self._keys = {key.kid: key for key in keys if key.kid}
        self._looked_at = time.monotonic()

    @staticmethod
    def _age(moment: float) -> float:
        return time.monotonic() - moment


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """Turns a token into a principal."""

    keys: KeyCache
    issuer: str
    audience: str

    async def principal(self, token: str) -> Principal:
        """Whom the token names.

        Raises:
            BadToken: signature, issuer, audience, time or claims do not hold; which one is not told.
        """
        if len(token) > LONGEST_TOKEN:
            raise BadToken
        try:
            key = await self.keys.get(_kid(token))
            claims = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
            self._registry().validate(claims)
            return _principal(claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise BadToken from None

    def _registry(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
            sub={"essential": True},
        )


def _kid(token: str) -> str:
    head = token.split(".", 1)[0]
    return str(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])


def _principal(claims: dict[str, Any]) -> Principal:
    paths, scope = claims.get("paths", []), claims.get("scope", "")
    if not isinstance(scope, str) or not isinstance(paths, list):
        raise TypeError
    try:
        return Principal(
            subject=str(claims["sub"]),
            department=str(claims["dept"]),
            rights=frozenset(scope.split()),
            paths=validate_paths(map(str, paths)),
        )
    except Refusal:
        raise BadToken from None


_bearer = HTTPBearer(auto_error=False, description="`Authorization: Bearer <token>`")


async def authenticate(request: Request) -> Principal:
    """The principal of this request; checked once, then kept with the request.

    Raises:
        Unauthenticated: there is no token, or it does not hold.
    """
    known: Principal | None = getattr(request.state, "principal", None)
    if known is None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        check: TokenCheck = request.app.state.running.tokens
        known = request.state.principal = await check.principal(token.strip())
    return known


class Needs:
    """The dependency of a route on a right; gives the principal."""

    def __init__(self, right: str):
        self.right = right

    async def __call__(self, request: Request, _shown: Annotated[object, Depends(_bearer)]) -> Principal:
        """Authenticate and require the right."""
        principal = await authenticate(request)
        principal.require(self.right)
        return principal


def needs(right: str) -> Callable[..., Any]:
    """What a route declares: `who: Annotated[Principal, Depends(needs("income:write"))]`."""
    return Needs(right)
