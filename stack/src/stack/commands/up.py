"""`zengshou up`: start the platform and keep it running until Ctrl-C, or in the background."""

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import Annotated

import typer

from ..exits import ExitCode
from ..output import progress, show_json, show_line
from ..ports import DEFAULT_BASE, Ports
from ..remote import start_detached
from ..state import Running, StateDirectory
from .options import Json, Kafka, PortBase, State, state_directory


def up(
    port_base: PortBase = DEFAULT_BASE,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="就绪后转入后台。 Return when ready.")] = False,
    kafka: Kafka = None,
    state: State = None,
    json: Json = False,
) -> None:
    """启动整个平台：PostgreSQL、消息代理、五个服务、网关。 Start the platform and keep it running."""
    directory = state_directory(state)
    if detach:
        with progress() as tell:
            tell("启动平台", "starting the platform")
            running = start_detached(directory, port_base, kafka)
        _show(running, json=json)
        return
    code = asyncio.run(_serve(directory, Ports(port_base), kafka, json=json))
    raise typer.Exit(code)


async def _serve(directory: StateDirectory, ports: Ports, kafka: str | None, *, json: bool) -> ExitCode:
    from ..kafka import JoinedKafka
    from ..supervisor.supervisor import platform

    _cancel_once_on_signal()
    ready = False
    try:
        async with AsyncExitStack() as closing:
            with progress() as tell:
                joined = JoinedKafka(kafka) if kafka else None
                supervisor = await closing.enter_async_context(platform(directory, ports, tell, kafka=joined))
            ready = True
            _show(supervisor.running, json=json)
            await supervisor.wait()
    except asyncio.CancelledError:
        return ExitCode.OK if ready else ExitCode.INTERRUPTED
    return ExitCode.FAILED


def _cancel_once_on_signal() -> None:
    """A second Ctrl-C must not cut the orderly stop short."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop() -> None:
        for known in signals:
            loop.add_signal_handler(known, lambda: None)
        if task:
            task.cancel()

    for known in signals:
        loop.add_signal_handler(known, stop)


def _show(running: Running, *, json: bool) -> None:
    if json:
        show_json(addresses(running))
        return
    show_line(f"平台已就绪 ready: {running.gateway}")
    for name, address in addresses(running).items():
        if name not in ("pid", "gateway"):
            show_line(f"  {name:<12} {address}")
    show_line("停止 stop: Ctrl-C / zengshou down；令牌 token: zengshou token")


def addresses(running: Running) -> dict[str, object]:
    """Where everything is, without anything secret."""
    services = {name.removesuffix(".api"): name for name in running.processes if name.endswith(".api")}
    return {
        "pid": running.pid,
        "gateway": running.gateway,
        "kafka": running.kafka,
        "issuer": f"{running.gateway}/.well-known/openid-configuration",
        **{service: f"{running.gateway}/{service}/v1/" for service in services},
    }
