"""`zengshou rebuild --verify`: replay the received log beside the live tables and compare row by row."""

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
    state: State = None,
    json: Json = False,
) -> None:
    """重放收件日志并与现有投影逐行比对。 Replay the received log and compare it with the live projections."""
    if not verify:
        raise typer.BadParameter("目前仅支持比对：--verify。 Only --verify exists so far.")
    running = state_directory(state).need_running()
    with progress() as tell:
        tell("重放并比对", "replaying and comparing")
        found = asyncio.run(rebuild_and_compare(running))
    if json:
        show_json({**asdict(found), "identical": found.identical})
    else:
        show_line(rebuild_line(found))
    if not found.identical:
        raise typer.Exit(ExitCode.AUDIT)


def rebuild_line(found: Rebuilt) -> str:
    """The closing line."""
    if found.identical:
        return f"rebuild identical ({found.events} events, {found.rows} rows, {found.seconds:.1f} s)"
    odd = ", ".join(f"{table} {count}" for table, count in found.differences.items())
    return f"rebuild DIFFERS: {odd}"
