"""`zengshou dead-letters` and `zengshou replay`: what could not be handled, and sending again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer

from events.topology import SERVICES

from ..api import Api
from ..output import show_json, show_line, show_table
from ..state import StateDirectory
from .options import Json, State, state_directory

OPERATOR = "city-rural"
T = TypeVar("T")
Service = Annotated[str, typer.Option(help="只看一个服务。 One service only.")]
dead_letters = typer.Typer(help="查看、重试或放弃死信。 Show, redrive or dismiss dead letters.", no_args_is_help=True)


@dead_letters.command("list")
def list_(state: State = None, json: Json = False, all_: Annotated[bool, typer.Option("--all")] = False) -> None:
    """列出等待处理的死信。 List what waits (with --all, also what is settled)."""

    async def ask(api: Api) -> list[dict[str, Any]]:
        return [
            {"service": service, **letter}
            for service in SERVICES
            for letter in await api.get(OPERATOR, f"/{service}/v1/dead-letters", waiting=not all_)
        ]

    letters = run(state_directory(state), ask)
    if json:
        show_json(letters)
        return
    show_table(
        ("服务 service", "id", "来源 source", "类型 type", "状态 state", "原因 cause", "自 since"),
        [(x["service"], x["id"], f"{x['source']}#{x['seq']}", x["event_type"].rsplit(".", 2)[-2], x["state"],
          x["cause"] or "-", x["written_at"]) for x in letters],
    )  # fmt: skip


@dead_letters.command()
def redrive(
    service: Annotated[str, typer.Argument(help="消费服务。 Consuming service.")],
    letter: Annotated[UUID | None, typer.Argument(help="死信号；不写则全部。 One letter, else all.")] = None,
    state: State = None,
    json: Json = False,
) -> None:
    """重试死信及其后等待的事件。 Try a dead letter and all that waits behind it again."""
    path = f"/{service}/v1/dead-letters/{letter}:redrive" if letter else f"/{service}/v1/dead-letters:redrive"
    asked = run(state_directory(state), lambda api: api.post(OPERATOR, path))
    show_json(asked) if json else show_line(f"已请求 asked: {asked['keys']}")


@dead_letters.command()
def dismiss(
    service: Annotated[str, typer.Argument(help="消费服务。 Consuming service.")],
    letter: Annotated[UUID, typer.Argument(help="死信号。 The letter.")],
    state: State = None,
    json: Json = False,
) -> None:
    """放弃一条死信，其后等待的事件随即处理。 Give a dead letter up for good."""
    path = f"/{service}/v1/dead-letters/{letter}:dismiss"
    run(state_directory(state), lambda api: api.post(OPERATOR, path))
    show_json({"dismissed": str(letter)}) if json else show_line("已放弃 dismissed")


def replay(
    service: Annotated[str, typer.Argument(help="发布服务。 Publishing service.")],
    first: Annotated[int, typer.Argument(min=1, help="起始序号。 First sequence number.")],
    last: Annotated[int, typer.Argument(min=1, help="截止序号。 Last sequence number.")],
    state: State = None,
    json: Json = False,
) -> None:
    """重发事件日志的一段；消费方会丢弃已有的。 Send part of an event log again; consumers drop what they have."""
    body = {"first": first, "last": last}
    run(state_directory(state), lambda api: api.post(OPERATOR, f"/{service}/v1/events:replay", body))
    show_json({"service": service, "first": first, "last": last}) if json else show_line("已请求 asked")


def run(directory: StateDirectory, ask: Callable[[Api], Awaitable[T]]) -> T:
    """Ask the running platform, then close the connections."""

    async def asking() -> T:
        api = Api(directory, directory.need_running())
        try:
            return await ask(api)
        finally:
            await api.close()

    return asyncio.run(asking())
