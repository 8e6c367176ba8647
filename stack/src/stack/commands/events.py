"""`zengshou events tail|status`: what is published at this moment, and where one event is."""

import asyncio
import json as json_text
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console

from events.topology import SERVICES

from ..api import Api
from ..exits import ExitCode, StackError
from ..output import show_json, show_line, show_table
from .letters import OPERATOR, run
from .options import Json, State, state_directory

events = typer.Typer(help="跟踪事件。 Follow events.", no_args_is_help=True)


@events.command()
def tail(
    service: Annotated[str | None, typer.Option(help="只看一个服务。 One service only.")] = None,
    from_start: Annotated[bool, typer.Option("--from-start", help="从头开始。 From the beginning.")] = False,
    count: Annotated[int, typer.Option(min=0, help="看到多少条后结束，0 为不限。 End after so many.")] = 0,
    state: State = None,
    json: Json = False,
) -> None:
    """持续显示新发布的事件。 Show events as they are published."""

    async def follow(api: Api) -> None:
        services = [service] if service else list(SERVICES)
        after = {name: 0 if from_start else await _end(api, name) for name in services}
        shown = 0
        while True:
            for name in services:
                for event in await api.get(OPERATOR, f"/{name}/v1/events", after=after[name], limit=500):
                    after[name] = event["seq"]
                    _show(name, event, as_json=json)
                    shown += 1
                    if count and shown >= count:
                        return
            await asyncio.sleep(0.2)

    run(state_directory(state), follow)


@events.command()
def status(event: UUID, state: State = None, json: Json = False) -> None:
    """一条事件现在到了哪里。 Where one event is: log, topic, listeners."""

    async def ask(api: Api) -> dict[str, Any]:
        for name in SERVICES:
            if found := await api.find(OPERATOR, f"/{name}/v1/events/{event}"):
                return {"service": name, **found}
        raise StackError(
            ExitCode.REFUSED, zh=f"没有服务发布过事件 {event}。", en=f"No service published event {event}."
        )

    found = run(state_directory(state), ask)
    if json:
        show_json(found)
        return
    told = found["event"]
    show_line(
        f"{found['service']} #{told['seq']} {told['type']}  {'已发送 sent' if found['sent'] else '未发送 not sent'}"
    )
    show_table(
        ("消费方 consumer", "结果 outcome", "时间 at"),
        [(t["consumer"], t["outcome"] or "未确认 not confirmed", t["at"] or "-") for t in found["taken"]],
    )


async def _end(api: Api, service: str) -> int:
    after = 0
    while page := await api.get(OPERATOR, f"/{service}/v1/events", after=after, limit=500):
        after = page[-1]["seq"]
    return after


def _show(service: str, event: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        show_line(json_text.dumps({"service": service, **event}, ensure_ascii=False))
        return
    name = str(event["type"]).removeprefix("cn.kunming.zengshou.")
    body = json_text.dumps(event["data"], ensure_ascii=False)
    Console(soft_wrap=True, markup=False, highlight=False).print(
        f"{event['recorded_at']} #{event['seq']} {name} {body}"
    )
