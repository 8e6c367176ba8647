"""`zengshou demo`: start, import, play a year, explain one household, audit; exit code 0 only if the audit holds."""

import asyncio
import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from typing import Annotated, Any

import typer

from ..api import Api
from ..audit import Findings, alert_changes, audit
from ..demo.cast import draw_cast
from ..demo.clients import CITY
from ..demo.facts import Facts
from ..demo.ledger import Ledger
from ..demo.lending import add_loans
from ..demo.opening import EXPORTED_ON, load_households, load_regions, start_calendar
from ..demo.play import Player
from ..demo.screen import Screen
from ..demo.selling import add_orders
from ..demo.settling import Settling
from ..demo.stream import AlertStream
from ..demo.timing import Watch
from ..demo.year import draw_year
from ..exits import ExitCode, StackError
from ..output import progress, show_json, show_line
from ..ports import DEFAULT_BASE, Ports
from ..postgres import Cluster
from ..rebuilding import Rebuilt, rebuild_and_compare
from ..state import StateDirectory
from ..supervisor.supervisor import platform
from ..supervisor.telling import Tell
from .explain import explained, show_explanation
from .options import Json, PortBase
from .rebuild import rebuild_line
from .trace import show_trace


def demo(
    port_base: PortBase = DEFAULT_BASE,
    seed: Annotated[int, typer.Option(help="随机种子。 The same seed plays the same year.")] = 2023,
    keep: Annotated[bool, typer.Option("--keep", help="结束后平台继续运行，Ctrl-C 停止。 Keep it running.")] = False,
    json: Json = False,
) -> None:
    """启动平台、导入样表、演一年、解释一户、审计。 Play a year of the platform's life and audit it."""
    directory = StateDirectory(StateDirectory.default().root / "demo")
    code = asyncio.run(_demo(directory, Ports(port_base), seed, keep=keep, json=json))
    raise typer.Exit(code)


async def _demo(directory: StateDirectory, ports: Ports, seed: int, *, keep: bool, json: bool) -> ExitCode:
    async with AsyncExitStack() as closing:
        with progress() as tell:
            _start_clean(directory)
            running = (await closing.enter_async_context(platform(directory, ports, tell))).running
            api = Api(directory, running)
            closing.push_async_callback(api.close)
            settling, watch = Settling(running.databases), Watch(running.databases)
            closing.push_async_callback(settling.close)
            closing.push_async_callback(watch.close)
            imported = await _open(api, settling, tell)
        show_line(f"平台 {running.gateway} · 户 {imported['households']}，导入 {imported['states']}")
        ledger = Ledger()
        stream = await closing.enter_async_context(_following(api))
        screen = Screen(ledger, stream)
        player = Player(api, Facts(api, ledger), settling, watch, screen)
        started = time.monotonic()
        with screen.show():
            random = Random(seed)  # noqa: S311 - a story, not a secret
            cast = await draw_cast(api, random, EXPORTED_ON)
            year = draw_year(cast, EXPORTED_ON, random)
            add_loans(year, cast, random)
            add_orders(year, cast, random)
            await player.play(year)
        _show_year(ledger, await player.levels(), await settling.events(), time.monotonic() - started)
        await _show_one_household(api, directory)
        found = await audit(running.databases, ledger.facts)
        rebuilt = await rebuild_and_compare(running)
        missed, doubled = await stream.differences(await alert_changes(running.databases))
        found.lost += [f"stream: {name} of alert {alert} v{n} did not come" for name, alert, n in missed]
        found.duplicated += [f"stream: {name} of alert {alert} v{n} came twice" for name, alert, n in doubled]
        held = _close(found, rebuilt, json=json)
        if keep:
            show_line(f"平台继续运行 still running: {running.gateway} (Ctrl-C)")
            await asyncio.Event().wait()
    return ExitCode.OK if held else ExitCode.AUDIT


def _start_clean(directory: StateDirectory) -> None:
    """The demonstration begins with nothing; only its own state is removed.

    Raises:
        StackError: another demonstration runs.
    """
    if directory.is_held():
        raise StackError(ExitCode.ALREADY_RUNNING, zh="另一个演示正在运行。", en="Another demonstration is running.")
    shutil.rmtree(Cluster(directory.root / "postgres").home, ignore_errors=True)
    shutil.rmtree(directory.root, ignore_errors=True)
    directory.make()


async def _open(api: Api, settling: Settling, tell: Tell) -> dict[str, Any]:
    tell("载入 1,912 个区划", "loading 1,912 regions")
    await load_regions(api)
    await start_calendar(api)
    await settling.until_taken("households")
    tell("导入 400 户样表", "importing the sample workbook of 400 households")
    job = await load_households(api)
    await settling.until_taken()
    return job


@asynccontextmanager
async def _following(api: Api) -> AsyncIterator[AlertStream]:
    stream = AlertStream(api)
    task = asyncio.create_task(stream.follow())
    try:
        await asyncio.wait_for(stream.opened.wait(), 30)
        yield stream
    finally:
        task.cancel()


def _show_year(ledger: Ledger, levels: Any, events: int, seconds: float) -> None:
    p50, p95, p99 = (ledger.latency(share) * 1000 for share in (0.5, 0.95, 0.99))
    show_line(f"一年演完 year played: {events} events in {seconds:.0f} s, {ledger.count} facts acknowledged")
    show_line(f"POST→状态 status: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms ({len(ledger.latencies)} timed)")
    show_line("户数 households: " + ", ".join(f"{level} {count}" for level, count in levels.items()))


async def _show_one_household(api: Api, directory: StateDirectory) -> None:
    """The household of the newest standing alert about a lost job, and the way of the fact that raised it."""
    alerts = await api.get(CITY, "/monitoring/v1/alerts", rule="work.job_lost", state="open", page_size=1)
    if not alerts["items"]:
        return
    found = await explained(api, alerts["items"][0]["household_id"])
    show_explanation(found)
    facts = [
        fact for outcome in found["outcomes"] if outcome["rule"] == "work.job_lost" for fact in outcome["evidence"]
    ]
    traced = [fact["trace_id"] for fact in facts if fact["trace_id"]]
    if traced:
        show_trace(directory, traced[-1])


def _close(found: Findings, rebuilt: Rebuilt, *, json: bool) -> bool:
    held = found.holds and rebuilt.identical
    for line in [*found.lost[:20], *found.duplicated[:20]]:
        sys.stderr.write(line + "\n")
    if json:
        show_json({"lost": len(found.lost), "duplicated": len(found.duplicated), "rebuild_identical": rebuilt.identical,
                   "events": found.events, "acknowledged": found.acknowledged, "deliveries": found.deliveries,
                   "waiting": found.waiting, "holds": held})  # fmt: skip
    else:
        show_line(f"审计 audit: {found.events} events, {found.deliveries} deliveries, {found.facts} folded facts")
        show_line(f"lost {len(found.lost)}")
        show_line(f"duplicated {len(found.duplicated)}")
        show_line(rebuild_line(rebuilt))
    return held
