"""Work beside the loop: what it gives, what it raises, what becomes of its process."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

import pytest

from kit.aside import Aside
from kit.errors import Invalid, Refusal
from kit.identity import normalise_certificate


class Narrow(Invalid):
    """A refusal that takes its arguments in a way of its own."""

    code = "narrow"

    def __init__(self, position: int):
        super().__init__(zh="太窄", pointer=f"/members/{position}")


@pytest.fixture
def aside() -> Iterator[Aside]:
    beside = Aside()
    yield beside
    beside.close()


async def test_it_runs_in_one_other_process_of_lower_priority(aside: Aside) -> None:
    first, niceness, second = await aside.run(os.getpid), await aside.run(os.nice, 0), await aside.run(os.getpid)
    assert first == second != os.getpid()
    assert niceness == min(19, os.nice(0) + 10)


async def test_calls_at_the_same_time_run_side_by_side_in_as_many_processes_as_there_may_be() -> None:
    beside = Aside(most=2)
    try:
        with get_context("spawn").Manager() as manager:
            barrier = manager.Barrier(2)
            await asyncio.wait_for(asyncio.gather(*(beside.run(barrier.wait, 60) for _ in range(2))), 90)
    finally:
        beside.close()


async def test_a_refusal_comes_back_as_it_was_raised(aside: Aside) -> None:
    read = partial(normalise_certificate, "53012819900101000", on=date(2023, 1, 1))
    with pytest.raises(Refusal) as here:
        read()
    with pytest.raises(type(here.value)) as caught:
        await aside.run(read)
    assert vars(caught.value) == vars(here.value)


def test_every_refusal_crosses_whole() -> None:
    crossed = pickle.loads(pickle.dumps(Narrow(3)))
    assert (type(crossed), crossed.code, crossed.zh, crossed.pointer) == (Narrow, "narrow", "太窄", "/members/3")


async def test_a_process_that_died_is_started_again(aside: Aside) -> None:
    first = await aside.run(os.getpid)
    os.kill(first, signal.SIGKILL)
    assert await aside.run(os.getpid) != first


SERVING = """
import asyncio, os, time
from kit.aside import Aside

async def main():
    print(await Aside().run(os.getpid), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


async def test_it_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    script = tmp_path / "serving.py"
    script.write_text(SERVING)
    serving = await asyncio.create_subprocess_exec(sys.executable, script, stdout=subprocess.PIPE)
    assert serving.stdout is not None
    child = int(await asyncio.wait_for(serving.stdout.readline(), 60))
    serving.kill()
    await serving.wait()
    until = time.monotonic() + 20
    while alive(child):
        assert time.monotonic() < until, "the process beside lives on"
        await asyncio.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def _main_has(name: str) -> bool:
    return hasattr(sys.modules["__main__"], name)


async def test_it_reads_what_it_is_called_for_and_not_the_program_that_calls(
    aside: Aside, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = ModuleType("__main__")
    program.__spec__ = find_spec("tabnanny")
    monkeypatch.setitem(sys.modules, "__main__", program)
    assert not await aside.run(_main_has, "NannyNag")
    assert sys.modules["__main__"] is program
