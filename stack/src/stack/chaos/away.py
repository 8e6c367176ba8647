"""Single outages under load, measured: all brokers away, one of three, the database; a rolling restart."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import httpx2

from events.topology import SERVICES

from ..api import Api
from ..demo.settling import Settling
from ..exits import ExitCode, StackError
from .backend import Backend, settled_down

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
    """All brokers are killed and cannot be reached: writes go on; then the time until all of it is taken."""
    before = sum(witness.seen.values())
    returns = [backend.away(broker) for broker in backend.targets["restart broker"]]
    await asyncio.sleep(seconds)
    back = time.monotonic()
    for come_back in returns:
        await come_back()
    return {"errors": sum(witness.seen.values()) - before, "back": back}


async def broker_lost(backend: Backend, witness: Witness, settling: Settling, seconds: float) -> dict[str, float]:
    """One of several brokers is killed and stays away: writes go on, and so does delivery."""
    before, logged = sum(witness.seen.values()), await settling.events()
    come_back = backend.away(backend.targets["restart broker"][0])
    await asyncio.sleep(seconds)
    behind, logged = await settling.behind(), await settling.events() - logged
    back = time.monotonic()
    await come_back()
    return {"errors": sum(witness.seen.values()) - before, "logged": logged, "behind": behind, "back": back}


async def postgres_away(backend: Backend, witness: Witness, settling: Settling, seconds: float) -> dict[str, float]:
    """The database is stopped and cannot be reached: 503 with Retry-After, and nothing acknowledged is lost."""
    before = witness.seen["503"]
    come_back = backend.away("postgres")
    await asyncio.sleep(seconds)
    back = time.monotonic()
    await come_back()
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


OUTAGES: Final = {
    "broker-away": broker_away,
    "broker-lost": broker_lost,
    "postgres-away": postgres_away,
    "rolling-restart": rolling_restart,
}
