"""A container's way to the engines.

It is cut by taking the container off their network: connections stand, and nothing answers. It is slow where the
container is held for moments: what it asks and what it is told waits, as it does on a bad line.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from .containers import Project

_NETWORK: Final = "engines"

Spawn = Callable[[Coroutine[Any, Any, None]], None]


class Plug:
    """网线: of one container.

    Args:
        container: its service in docker-compose.yml.
        spawn: runs what the engine is asked for; one thing after the other.
    """

    def __init__(self, container: str, project: Project, spawn: Spawn):
        self.name = f"{container}-{_NETWORK}"
        self._container = container
        self._project = project
        self._spawn = spawn
        self._cut = False
        self._delay = 0.0
        self._one_at_a_time = asyncio.Lock()

    @property
    def cut(self) -> bool:
        """Whether nothing passes."""
        return self._cut

    @cut.setter
    def cut(self, cut: bool) -> None:
        self._cut = cut
        self._spawn(self._put(cut))

    @property
    def delay(self) -> float:
        """Seconds for which the container is held, again and again; an engine that is busy holds it longer."""
        return self._delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        begins = not self._delay and seconds > 0
        self._delay = seconds
        if begins:
            self._spawn(self._hold())

    def tear(self) -> None:
        """Nothing to do: what stands on a network that is gone breaks by itself."""

    async def _hold(self) -> None:
        while self._delay:
            async with self._one_at_a_time:
                await self._project.pause(self._container)
                try:
                    await asyncio.sleep(self._delay)
                finally:
                    await self._project.resume(self._container)
            await asyncio.sleep(self._delay)

    async def _put(self, cut: bool) -> None:
        async with self._one_at_a_time:
            await (self._project.unplug if cut else self._project.plug)(self._container, _NETWORK)
