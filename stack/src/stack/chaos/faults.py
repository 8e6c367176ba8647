"""Faults on processes and links: each strikes once, lasts for a moment, and leaves nothing to be mended."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from events.topology import SERVICES

from ..api import Api
from ..demo.clients import CITY
from ..exits import StackError
from .backend import Backend, Way

KILLS: Final = ("kill api", "kill worker", "kill gateway", "restart broker", "restart postgres")
"""The faults that `--kills` counts."""

_POSTGRES_SIGNALS: Final = (signal.SIGKILL, signal.SIGQUIT, signal.SIGINT)


@dataclass(slots=True)
class Struck:
    """故障一次: what was done, to what, when (seconds after the start of the run)."""

    fault: str
    target: str
    at: float


@dataclass(slots=True)
class Faults:
    """Strikes at random; `struck` is the list of what really happened."""

    backend: Backend
    api: Api
    random: Random
    clock: Callable[[], float]
    log_end: Callable[[str], Awaitable[int]]
    struck: list[Struck] = field(default_factory=list)

    def note(self, fault: str, target: str) -> None:
        """Write down what happened."""
        self.struck.append(Struck(fault, target, round(self.clock(), 2)))

    def kill(self, fault: str) -> bool:
        """Kill one process of the kind; false if none of the kind lives at this moment."""
        alive = [name for name in self.backend.targets[fault] if self.backend.alive(name)]
        if not alive:
            return False
        target = self.random.choice(alive)
        by = self.random.choice(_POSTGRES_SIGNALS) if target == "postgres" else signal.SIGKILL
        self.backend.kill(target, by)
        self.note(fault, f"{target} {by.name}")
        return True

    async def cut(self) -> None:
        """断网: a link is torn and stays away for a while."""
        link = self._link()
        self.note(f"cut {_engine(link)}", link.name)
        link.cut = True
        link.tear()
        await asyncio.sleep(self.random.uniform(0.2, 4))
        link.cut = False

    async def slow(self) -> None:
        """慢网: everything on a link waits."""
        link = self._link()
        self.note(f"slow {_engine(link)}", link.name)
        link.delay = self.random.uniform(0.005, 0.08)
        await asyncio.sleep(self.random.uniform(1, 6))
        link.delay = 0.0

    async def lose(self) -> None:
        """缺一个节点: one of several brokers is killed and stays away for a while."""
        alive = [name for name in self.backend.targets["restart broker"] if self.backend.alive(name)]
        if not alive:
            return
        broker, seconds = self.random.choice(alive), self.random.uniform(5, 20)
        self.note("broker lost", f"{broker} {seconds:.0f} s")
        back = self.backend.away(broker)
        await asyncio.sleep(seconds)
        await back()

    async def rebalance(self) -> None:
        """再均衡: a second worker joins a consumer group and leaves it again."""
        service = self.random.choice(SERVICES)
        self.note("rebalance", service)
        leave = await self.backend.join(service)
        await asyncio.sleep(self.random.uniform(2, 8))
        await leave()

    async def repeat(self) -> None:
        """重发: a stretch of a log is sent again, up to five times, from any distance."""
        service = self.random.choice(SERVICES)
        far = await self.log_end(service)
        first = self.random.randint(1, max(1, far))
        last = max(first, min(far, first + self.random.choice((0, 10, 100, 1_000))))
        times = self.random.randint(1, 5)
        try:
            for _ in range(times):
                await self.api.post(CITY, f"/{service}/v1/events:replay", {"first": first, "last": last})
        except StackError:
            return  # nobody answered between two kills for minutes: the next repetition will be heard
        self.note("duplicates", f"{service} {first}-{last} x{times}")

    def _link(self) -> Way:
        return self.random.choice(self.backend.links)


def _engine(link: Way) -> str:
    return f"service-{link.name.rpartition('-')[2]}"
