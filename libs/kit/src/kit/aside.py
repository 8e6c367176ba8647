"""Heavy pure work beside the loop: in processes of its own and of low priority.

A thread would hold the interpreter against every request of this process; another process of the same priority would
still take a core from the rest of the machine. Whoever waits for an answer goes first.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from types import ModuleType
from typing import Final, TypeVar

_NICENESS: Final = 10
_TRIES: Final = 2

T = TypeVar("T")


class Aside:
    """旁路: started with the first call and kept; a process that dies under it is started once more."""

    def __init__(self, most: int = 1) -> None:
        """Args: `most` processes; another one is started only for a call that finds the others at work."""
        self._most = most
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """What a function of module level gives for arguments that can be pickled; it raises what the function raises.

        Raises:
            BrokenProcessPool: the process died twice under this call.
        """
        for left in reversed(range(_TRIES)):
            pool = self._started()
            try:
                with _main_unseen():
                    asked = asyncio.get_running_loop().run_in_executor(pool, function, *arguments)
                return await asked
            except BrokenProcessPool:
                if self._pool is pool:
                    self._pool = None
                if not left:
                    raise
        raise AssertionError

    def close(self) -> None:
        """End the processes; the next call starts another."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._most, mp_context=get_context("spawn"), initializer=_begin)
        return self._pool


def give_way() -> None:
    """Let whoever waits for this core have it now.

    A low priority alone gives a process little of a busy core, but that little in slices of some milliseconds: a call
    that wakes up twenty times meets it more than once.
    """
    os.sched_yield()


@contextmanager
def _main_unseen() -> Iterator[None]:
    """What is started here reads what it is called for: to read the whole service takes longer than most calls."""
    main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin() -> None:
    """Low priority; and no longer alive than the process that asked, however that one ends."""
    os.nice(_NICENESS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(0)
