"""The platform's HTTP APIs as the departments use them: a token per department, retries that cannot double anything."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import httpx2

from .exits import ExitCode, StackError
from .state import Running, StateDirectory

_PATIENCE: Final = 60.0
_AWAY: Final = frozenset({502, 503, 504})


class Api:
    """Calls through the gateway. A write carries an Idempotency-Key, so trying again after a lost answer is safe."""

    def __init__(self, state: StateDirectory, running: Running, *, patience: float = _PATIENCE):
        """Args: `patience`, for so many seconds a call is tried again while the platform is away."""
        self._patience = patience
        self._gateway = running.gateway
        self._secrets: dict[str, str] = json.loads(state.clients.read_text())
        self._tokens: dict[str, tuple[str, float]] = {}
        self.http = httpx2.AsyncClient(base_url=running.gateway, timeout=60, trust_env=False)

    async def close(self) -> None:
        """Let the connections go."""
        await self.http.aclose()

    async def get(self, who: str, path: str, /, **params: Any) -> Any:
        """Read.

        Raises:
            StackError: refused, or away for longer than its patience.
        """
        return (await self.call(who, "GET", path, params=params)).json()

    async def find(self, who: str, path: str) -> Any | None:
        """Read what may not be there (yet)."""
        answer = await self.call(who, "GET", path, accept=frozenset({404}))
        return None if answer.status_code == 404 else answer.json()

    async def post(self, who: str, path: str, body: Any = None, **options: Any) -> Any:
        """Write, and return the acknowledged answer.

        Raises:
            StackError: refused, or away for longer than its patience.
        """
        answer = await self.call(who, "POST", path, json=body, **options)
        return answer.json() if answer.content else None

    async def call(
        self, who: str, method: str, path: str, *, accept: frozenset[int] = frozenset(), **options: Any
    ) -> httpx2.Response:
        """One call, tried again while the platform is away."""
        headers = dict(options.pop("headers", {}))
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid4())
        until, wait = time.monotonic() + self._patience, 0.05
        while True:
            answer = await self._try(who, method, path, headers, options)
            if answer is not None and not _later(answer):
                break
            if time.monotonic() > until:
                raise StackError(
                    ExitCode.DEGRADED, zh=f"{path} 长时间没有应答。", en=f"{path} has not answered for long."
                )
            await asyncio.sleep(wait)
            wait = min(wait * 2, 1.0)
        if answer.is_error and answer.status_code not in accept:
            raise refused(answer)
        return answer

    async def _try(
        self, who: str, method: str, path: str, headers: Mapping[str, str], options: Mapping[str, Any]
    ) -> httpx2.Response | None:
        try:
            bearer = {"authorization": f"Bearer {await self.token(who)}"}
            return await self.http.request(method, path, headers={**headers, **bearer}, **options)
        except httpx2.TransportError:
            return None

    async def token(self, who: str) -> str:
        """An access token of a department, renewed before it ends."""
        kept = self._tokens.get(who)
        if kept is None or kept[1] < time.monotonic():
            form = {"grant_type": "client_credentials"}
            answer = await self.http.post("/oauth/token", data=form, auth=(who, self._secrets[who]))
            if answer.is_server_error:
                raise httpx2.TransportError("issuer away")
            if answer.is_error:
                raise refused(answer)
            told = answer.json()
            kept = self._tokens[who] = (told["access_token"], time.monotonic() + told["expires_in"] - 60)
        return kept[0]


def _later(answer: httpx2.Response) -> bool:
    """Whether the same call may succeed in a moment; a first attempt may still be under way (409 with Retry-After)."""
    return answer.status_code in _AWAY or (answer.status_code == 409 and "retry-after" in answer.headers)


def refused(answer: httpx2.Response) -> StackError:
    """A problem as the terminal shows it."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    where = f"{answer.request.method} {answer.request.url.path}"
    told = problem.get("detail") or problem.get("title") or answer.reason_phrase
    english = problem.get("detail_en") or problem.get("title_en") or told
    return StackError(
        ExitCode.REFUSED, zh=f"{where}：{answer.status_code} {told}", en=f"{where}: {answer.status_code} {english}"
    )
