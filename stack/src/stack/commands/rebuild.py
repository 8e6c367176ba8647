"""`zengshou rebuild`: replay the received log beside the live tables, compare row by row, and swap if asked to."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from ..exits import ExitCode
from ..output import progress, show_json, show_line
from ..rebuilding import Rebuilt, rebuild_and_compare
from .options import Json, State, state_directory


def rebuild(
    verify: Annotated[bool, typer.Option("--verify", help="重放并比对，不改动现有数据。 Compare only.")] = False,
    swap: Annotated[bool, typer.Option("--swap", help="以重放结果替换不一致的行。 Replace what differs.")] = False,
    processes: Annotated[int, typer.Option(min=1, help="重放的进程数。 Replay in so many processes.")] = 1,
    state: State = None,
    json: Json = False,
) -> None:
    """重放收件日志，与现有投影逐行比对或替换。 Replay the received log; compare or swap the projections."""
    if verify == swap:
        raise typer.BadParameter("请选择 --verify 或 --swap。 Choose --verify or --swap.")
    running = state_directory(state).need_running()
    with progress() as tell:
        tell("重放并比对", "replaying and comparing")
        found = asyncio.run(rebuild_and_compare(running, swap=swap, processes=processes))
    if json:
        show_json({**asdict(found), "identical": found.identical})
    else:
        show_line(rebuild_line(found))
        for table, key in [*found.missing, *found.surplus]:
            show_line(f"  {table} {key}")
    if not found.holds:
        raise typer.Exit(ExitCode.AUDIT)


def rebuild_line(found: Rebuilt) -> str:
    """The closing line."""
    if found.identical:
        return f"rebuild identical ({found.events} events, {found.rows} rows, {found.seconds:.1f} s)"
    odd = ", ".join(f"{table} {count}" for table, count in found.differences.items())
    return f"rebuild SWAPPED: {odd}" if found.swapped else f"rebuild DIFFERS: {odd}"
