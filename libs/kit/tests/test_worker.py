"""A worker runs its tasks until told to stop, and does not outlive one that dies."""

import asyncio
import os
import signal
import socket

import httpx2
import pytest
from structlog.testing import capture_logs

from kit.settings import ServiceSettings
from kit.worker import run_async, taking_turns


@pytest.fixture
def settings() -> ServiceSettings:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return ServiceSettings(service="kittest", health_port=free.getsockname()[1])


async def until_stopped(stop: asyncio.Event) -> None:
    await stop.wait()


async def answered(settings: ServiceSettings, path: str) -> httpx2.Response:
    """The first answer of the probes, which start with the worker."""
    async with asyncio.timeout(10), httpx2.AsyncClient(base_url=f"http://127.0.0.1:{settings.health_port}") as http:
        while True:
            try:
                return await http.get(path)
            except httpx2.ConnectError:
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signal_lets_the_tasks_finish(settings: ServiceSettings, number: int) -> None:
    finished: list[str] = []

    async def careful(stop: asyncio.Event) -> None:
        await stop.wait()
        await asyncio.sleep(0)
        finished.append("batch")

    working = asyncio.ensure_future(run_async(settings, {"careful": careful, "other": until_stopped}))
    ready = await answered(settings, "/readyz")
    assert (ready.status_code, ready.json()) == (200, {"careful": "running", "other": "running"})
    assert (await answered(settings, "/livez")).status_code == 200
    assert "python_info" in (await answered(settings, "/metrics")).text
    os.kill(os.getpid(), number)
    assert await asyncio.wait_for(working, 10) == 0
    assert finished == ["batch"]


async def test_task_that_fails_ends_the_process(settings: ServiceSettings) -> None:
    async def fails(stop: asyncio.Event) -> None:
        raise ValueError("a defect")

    assert await asyncio.wait_for(run_async(settings, {"fails": fails, "other": until_stopped}), 10) == 1


async def test_task_that_ends_unasked_ends_the_process(settings: ServiceSettings) -> None:
    async def gives_up(stop: asyncio.Event) -> None:
        return None

    assert await asyncio.wait_for(run_async(settings, {"gives up": gives_up, "other": until_stopped}), 10) == 1


async def test_task_that_does_not_stop_is_cut_off(settings: ServiceSettings) -> None:
    async def fails(stop: asyncio.Event) -> None:
        raise ValueError("a defect")

    async def deaf(stop: asyncio.Event) -> None:
        await asyncio.Event().wait()

    assert await asyncio.wait_for(run_async(settings, {"deaf": deaf, "fails": fails}, grace=0.1), 10) == 1


async def test_taken_port_ends_the_process() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = ServiceSettings(service="kittest", health_port=taken.getsockname()[1])
        assert await asyncio.wait_for(run_async(settings, {"other": until_stopped}), 10) == 1


async def test_turns_go_on_whatever_interrupts_one_and_what_is_unforeseen_is_an_error() -> None:
    stop, taken = asyncio.Event(), 0

    async def turn() -> bool:
        nonlocal taken
        taken += 1
        if taken == 1:
            raise ConnectionError
        if taken == 2:
            raise ZeroDivisionError
        if taken == 4:
            stop.set()
        return taken < 4

    with capture_logs() as said:
        await asyncio.wait_for(taking_turns("chain", turn, idle=0.001)(stop), 10)
    assert taken == 4
    assert [(line["log_level"], line["event"], line["task"]) for line in said] == [
        ("warning", "turn interrupted", "chain"),
        ("error", "turn failed", "chain"),
    ]
