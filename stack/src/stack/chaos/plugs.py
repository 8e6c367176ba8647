"""A container's way to the engines, cut by taking it off their network: connections stand, and nothing answers."""

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

    delay = 0.0

    def __init__(self, container: str, project: Project, spawn: Spawn):
        self.name = f"{container}-{_NETWORK}"
        self._container = container
        self._project = project
        self._spawn = spawn
        self._cut = False
        self._one_at_a_time = asyncio.Lock()

    @property
    def cut(self) -> bool:
        """Whether nothing passes."""
        return self._cut

    @cut.setter
    def cut(self, cut: bool) -> None:
        self._cut = cut
        self._spawn(self._put(cut))

    def tear(self) -> None:
        """Nothing to do: what stands on a network that is gone breaks by itself."""

    async def _put(self, cut: bool) -> None:
        async with self._one_at_a_time:
            await (self._project.unplug if cut else self._project.plug)(self._container, _NETWORK)
