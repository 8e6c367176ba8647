"""The root of a service's worker process: its tasks, its probes, its end.

1. All tasks run until told to stop; the probes answer meanwhile.
2. SIGTERM or SIGINT asks them to stop; each finishes what it has begun within the grace period.
3. A task that ends or fails unasked stops the others and the process ends non-zero: the supervisor starts it again.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import structlog
import uvicorn
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from events.consumer import transient
from events.turns import stopped

from . import loop, telemetry
from .errors import Unavailable
from .memory import expect_long_lives
from .settings import ServiceSettings

Task = Callable[[asyncio.Event], Awaitable[None]]
Running = Mapping["asyncio.Future[None]", str]

GRACE_SECONDS: Final = 20.0

_log = structlog.get_logger(__name__)


def run(settings: ServiceSettings, tasks: Mapping[str, Task]) -> int:
    """Run the tasks of a worker to their end; gives the exit code."""
    telemetry.configure(settings, process="worker")
    expect_long_lives()
    return loop.run(run_async(settings, tasks))


async def run_async(settings: ServiceSettings, tasks: Mapping[str, Task], *, grace: float = GRACE_SECONDS) -> int:
    """`run` within a loop; the signals of the process are taken over meanwhile."""
    stop = asyncio.Event()
    with _signals(stop):
        running: Running = {asyncio.ensure_future(task(stop)): name for name, task in tasks.items()}
        probes = asyncio.ensure_future(_serve_probes(settings, stop, running))
        everything: list[asyncio.Future[Any]] = [*running, probes, asyncio.ensure_future(stop.wait())]
        await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
        code = 0 if stop.is_set() else 1
        stop.set()
        await asyncio.wait(everything, timeout=grace)
        return max([code, *(_outcome(task, name) for task, name in [*running.items(), (probes, "probes")])])


def taking_turns(name: str, turn: Callable[[], Awaitable[bool]], *, idle: float) -> Task:
    """A task of turns that each leave nothing half done: at once again while one says that there is more.

    A database that is away is waited for. Anything else is an error for the operator to see, and no reason to stop what
    runs beside: the next turn begins anew.

    Args:
        name: names it in the log.
        turn: one transaction; gives whether there is more.
        idle: seconds until the next turn when there is not.
    """

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            more = False
            try:
                more = await turn()
            except Exception as error:
                if isinstance(error, Unavailable) or transient(error):
                    _log.warning("turn interrupted", task=name, error=type(error).__name__)
                else:
                    _log.error("turn failed", task=name, exc_info=error)
            if not more:
                await stopped(stop, idle)

    return run


def _outcome(task: "asyncio.Future[None]", name: str) -> int:
    if not task.done():
        _log.error("task did not stop in time", task=name)
        task.cancel()
        return 1
    if task.cancelled() or task.exception() is not None:
        _log.error("task died", task=name, exc_info=None if task.cancelled() else task.exception())
        return 1
    _log.info("task ended", task=name)
    return 0


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    here = asyncio.get_running_loop()
    taken = (signal.SIGTERM, signal.SIGINT)
    for number in taken:
        here.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in taken:
            here.remove_signal_handler(number)


class _Probes(uvicorn.Server):
    """The worker takes the signals, not uvicorn."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def serve_or_fail(self) -> None:
        try:
            await self.serve()
        except SystemExit:
            raise OSError(f"port {self.config.port} cannot be had") from None


async def _serve_probes(settings: ServiceSettings, stop: asyncio.Event, running: Running) -> None:
    config = uvicorn.Config(
        _probes(running, stop), host=settings.host, port=settings.health_port, log_config=None, lifespan="off"
    )
    server = _Probes(config)
    serving = asyncio.ensure_future(server.serve_or_fail())
    await asyncio.wait([serving, asyncio.ensure_future(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving


def _probes(running: Running, stop: asyncio.Event) -> FastAPI:
    app = FastAPI(openapi_url=None, telemetry={"tracing": False, "metrics": False, "logs": False})

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz(response: Response) -> dict[str, str]:
        tasks = {name: "ended" if task.done() else "running" for task, name in running.items()}
        if stop.is_set() or "ended" in tasks.values():
            response.status_code = 503
        return tasks

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app
