"""An officer's live alert stream: held open through the whole year, resumed where it broke, nothing twice."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Collection
from contextlib import suppress
from typing import Any, Final

import httpx2

from ..api import Api
from .clients import CITY

_AGAIN: Final = 0.2

Change = tuple[str, str, int]
"""(event name, alert id, version)"""


class AlertStream:
    """Follows `/monitoring/v1/alerts/stream` with Last-Event-ID.

    Attributes:
        seen: change → how often it came.
        newest: the last few alerts, newest first.
    """

    def __init__(self, api: Api, *, after: str | None = "0"):
        """Args: `after` is the event behind which the stream begins, the first one of all if not given, None for now.

        From the very beginning it can be compared with the log at the end.
        """
        self._api = api
        self._last = after
        self.seen: Counter[Change] = Counter()
        self.newest: deque[dict[str, Any]] = deque(maxlen=8)
        self.opened = asyncio.Event()
        self._came = asyncio.Event()

    async def follow(self) -> None:
        """Read for ever; a broken line is opened again behind the last event."""
        while True:
            try:
                await self._read()
            except httpx2.HTTPError:
                await asyncio.sleep(_AGAIN)

    async def differences(self, logged: Collection[Change], within: float = 10.0) -> tuple[list[Change], list[Change]]:
        """What of the logged alert changes never came, and what came more than once; waits for the last to come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while set(logged) - self.seen.keys():
                    self._came.clear()
                    await self._came.wait()
        return sorted(set(logged) - self.seen.keys()), sorted(c for c, times in self.seen.items() if times > 1)

    async def _read(self) -> None:
        headers = {"authorization": f"Bearer {await self._api.token(CITY)}"}
        if self._last is not None:
            headers["last-event-id"] = self._last
        async with self._api.http.stream(
            "GET", "/monitoring/v1/alerts/stream", headers=headers, timeout=httpx2.Timeout(30, read=60)
        ) as answer:
            answer.raise_for_status()
            self.opened.set()
            fields: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line:
                    name, _, value = line.partition(":")
                    fields[name] = value.removeprefix(" ")
                    continue
                self._take(fields)
                fields = {}

    def _take(self, fields: dict[str, str]) -> None:
        if "id" in fields:
            self._last = fields["id"]
        if "data" in fields:
            data = json.loads(fields["data"])
            self.seen[fields.get("event", "message"), data["alert_id"], data["version"]] += 1
            self._came.set()
            self.newest.appendleft({**data, "event": fields.get("event", "")})
