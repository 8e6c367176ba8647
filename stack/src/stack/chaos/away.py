"""Single outages under load, measured: the broker away, the database away, a rolling restart."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import httpx2

from events.topology import SERVICES

from ..api import Api
from ..demo.settling import Settling
from ..exits import ExitCode, StackError
from .backend import Backend, settled_down
from .links import Link

_WITHIN: Final = 120.0


class Witness(Api):
    """出错统计: an API client that also counts what went wrong before it was tried again.

    Attributes:
        seen: `500`, `503` or `connection` → how often.
        unhelpful: answers 503 without Retry-After.
    """

    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.seen: Counter[str] = Counter()
        self.unhelpful = 0

    async def _try(
        self, who: str, method: str, path: str, headers: Mapping[str, str], options: Mapping[str, Any]
    ) -> httpx2.Response | None:
        answer = await super()._try(who, method, path, headers, options)
        if answer is None:
            self.seen["connection"] += 1
        elif answer.is_server_error:
            self.seen[str(answer.status_code)] += 1
            self.unhelpful += answer.status_code == 503 and "retry-after" not in answer.headers
        return answer


async def broker_away(backend: Backend, witness: Witness, settling: Settling, seconds: float) -> dict[str, float]:
    """The broker is killed and cannot be reached: writes go on; then the time until all of it is taken."""
    cut = [link for link in backend.links if link.name.endswith("-broker")]
    before = sum(witness.seen.values())
    _cut(cut)
    backend.kill("broker", signal.SIGKILL)
    await asyncio.sleep(seconds)
    back = time.monotonic()
    for link in cut:
        link.cut = False
    return {"errors": sum(witness.seen.values()) - before, "back": back}


async def postgres_away(backend: Backend, witness: Witness, settling: Settling, seconds: float) -> dict[str, float]:
    """The database is stopped and cannot be reached: 503 with Retry-After, and nothing acknowledged is lost."""
    cut = [link for link in backend.links if link.name.endswith("-database")]
    before = witness.seen["503"]
    _cut(cut)
    backend.kill("postgres", signal.SIGINT)
    await asyncio.sleep(seconds)
    back = time.monotonic()
    for link in cut:
        link.cut = False
    others = sum(times for name, times in witness.seen.items() if name != "503")
    return {"refused_503": witness.seen["503"] - before, "errors": others + witness.unhelpful, "back": back}


async def rolling_restart(backend: Backend, witness: Witness, settling: Settling, seconds: float) -> dict[str, float]:
    """Every API and worker is asked to end, one after the other, and is started again: nobody notices."""
    before = sum(witness.seen.values())
    for kind in ("api", "worker"):
        for service in SERVICES:
            backend.kill(f"{service}.{kind}", signal.SIGTERM)
            await asyncio.sleep(0.5)
            if not await settled_down(backend, _WITHIN):
                raise StackError(ExitCode.NOT_READY, zh=f"{service} 没有恢复。", en=f"{service} did not come back.")
    return {"errors": sum(witness.seen.values()) - before, "back": time.monotonic()}


OUTAGES: Final = {"broker-away": broker_away, "postgres-away": postgres_away, "rolling-restart": rolling_restart}


def _cut(links: Iterable[Link]) -> None:
    for link in links:
        link.cut = True
        link.tear()
