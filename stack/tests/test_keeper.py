"""A kept process comes back after any death, and goes for good when it is stopped."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import httpx2

from stack.children import start_child
from stack.ports import HOST, free_port
from stack.supervisor.keeper import Keeper, prober
from stack.supervisor.program import Program, inherited


def _is_gone(pid: int) -> bool:
    """Ended, or ended and not yet fetched by whoever inherited it."""
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


async def _until_ready_again(eventually: Any, keeper: Keeper, deaths: int) -> None:
    await eventually(lambda: keeper.deaths >= deaths and keeper.state.state == "ready")


async def test_a_killed_process_comes_back(stub: Keeper, eventually: Any) -> None:
    first = stub.state.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await _until_ready_again(eventually, stub, 1)
    assert stub.state.pid not in (None, first)
    assert stub.state.restarts == 1


async def test_a_process_that_ends_by_itself_comes_back(
    stub: Keeper, http: httpx2.AsyncClient, eventually: Any
) -> None:
    with suppress(httpx2.RemoteProtocolError):
        await http.get(f"http://127.0.0.1:{stub.program.port}/v1/die")
    await _until_ready_again(eventually, stub, 1)


async def test_a_stopped_process_stays_away(stub: Keeper) -> None:
    pid = stub.state.pid
    await stub.stop()
    assert stub.state.state == "stopped"
    assert pid is not None
    assert _is_gone(pid)


async def test_a_program_that_never_starts_is_given_up(http: httpx2.AsyncClient, tmp_path: Path) -> None:
    broken = Program(name="broken", command=(sys.executable, "-c", "raise SystemExit(1)"), env={}, port=free_port())
    keeper = Keeper(broken, log=tmp_path / "log", http=http, on_change=lambda: None)
    keeper.start()
    async with asyncio.timeout(60):
        await keeper.hopeless.wait()
    await keeper.stop()
    assert not keeper.was_ready.is_set()


async def test_an_answered_probe_leaves_no_connection(tmp_path: Path, eventually: Any) -> None:
    """One that rests would be closed by whichever keeper probes next, and lost if just then that one is stopped."""
    came, left = 0, 0

    async def answer(asked: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        nonlocal came, left
        came += 1
        await asked.readuntil(b"\r\n\r\n")
        answers.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        await asked.read()
        left += 1
        answers.close()

    async with await asyncio.start_server(answer, HOST, 0) as server, prober() as http:
        port = server.sockets[0].getsockname()[1]
        sleeper = Program(name="sleeper", command=("/bin/sleep", "60"), env={}, port=port)
        keepers = [Keeper(sleeper, log=tmp_path / "log", http=http, on_change=lambda: None) for _ in range(3)]
        async with AsyncExitStack() as stopping:
            for keeper in keepers:
                keeper.start()
                stopping.push_async_callback(keeper.stop)
            await eventually(lambda: all(keeper.was_ready.is_set() for keeper in keepers))
            await eventually(lambda: came == left >= len(keepers))


async def test_children_die_with_a_killed_parent(tmp_path: Path, eventually: Any) -> None:
    told = tmp_path / "pid"
    parent_code = (
        "import pathlib, sys, time\n"
        "from stack.children import start_child\n"
        f"child = start_child(['/bin/sleep', '600'], log=pathlib.Path({str(tmp_path / 'log')!r}), env={{}})\n"
        f"pathlib.Path({str(told)!r}).write_text(str(child.pid))\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", parent_code])  # noqa: ASYNC220
    await eventually(lambda: told.exists() and told.read_text() != "")
    child = int(told.read_text())
    parent.kill()
    parent.wait()
    await eventually(lambda: _is_gone(child))


def test_logs_are_private(tmp_path: Path) -> None:
    child = start_child(["/bin/echo", "said"], log=tmp_path / "log", env=inherited())
    assert child.wait() == 0
    assert (tmp_path / "log").read_text() == "said\n"
    assert (tmp_path / "log").stat().st_mode & 0o077 == 0
