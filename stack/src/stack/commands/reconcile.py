"""`zengshou reconcile`: which row is gone from a service table, a log, a received log or a projection."""

import asyncio
from dataclasses import asdict

import typer

from ..exits import ExitCode
from ..output import progress, show_json, show_line
from ..reconciling import reconcile as compare
from .options import Json, State, state_directory


def reconcile(state: State = None, json: Json = False) -> None:
    """逐条对账：业务表、事件日志、回执、收件日志、投影；缺一行即报出。 Name every row that is gone."""
    running = state_directory(state).need_running()
    with progress() as tell:
        tell("对账并重放", "reconciling and replaying")
        found = asyncio.run(compare(running))
    if json:
        show_json({**asdict(found), "holds": found.holds})
    else:
        for gone in found.gone:
            show_line(f"缺失 gone: {gone}")
        for table, count in found.differing.items():
            show_line(f"不一致 differs: monitoring.{table} {count}")
        show_line(
            f"对账 reconciled: {found.events} events, {found.rows} rows, {found.on_the_way} on their way, "
            f"{len(found.gone)} gone"
        )
    if not found.holds:
        raise typer.Exit(ExitCode.AUDIT)
