"""`zengshou audit verify|anchor`: whether the chain of decisions is as it was written, and its latest hash."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kit.clock import SHANGHAI, now

from ..chaining import ANCHORS, Anchor, Verified, read_anchors
from ..chaining import verify as recompute
from ..exits import ExitCode, StackError
from ..output import show_json, show_line
from .options import Json, State, state_directory

audit = typer.Typer(help="验证决定链。 Verify the chain of decisions.", no_args_is_help=True)


@audit.command()
def verify(
    anchor: Annotated[
        Path | None,
        typer.Option("--anchor", exists=True, dir_okay=False, help="与锚点文件比对。 Compare with anchors."),
    ] = None,
    state: State = None,
    json: Json = False,
) -> None:
    """逐条重算决定链，指出第一处不符。 Recompute the chain; name the first row that does not hold."""
    anchors = read_anchors(anchor.read_text("utf-8")) if anchor else []
    found = asyncio.run(recompute(state_directory(state).need_running().databases, anchors))
    if json:
        show_json({**asdict(found), "holds": found.holds})
    else:
        show_line(verdict(found))
    if not found.holds:
        raise typer.Exit(ExitCode.AUDIT)


@audit.command()
def anchor(
    out: Annotated[Path | None, typer.Option("--out", help="追加到该文件。 Add to this file.")] = None,
    state: State = None,
) -> None:
    """导出最新哈希；请存放在数据库之外。 Export the latest hash; keep it outside the database."""
    found = asyncio.run(recompute(state_directory(state).need_running().databases))
    if not found.holds:
        raise StackError(ExitCode.AUDIT, zh="决定链不成立，不能作为锚点。", en="The chain does not hold: no anchor.")
    made = Anchor(service=found.service, number=found.rows, hash=found.hash, at=now().astimezone(SHANGHAI))
    kept = read_anchors(out.read_text("utf-8")) if out and out.exists() else []
    document = ANCHORS.dump_json([*kept, made], indent=1).decode()
    if out:
        out.write_text(document + "\n", "utf-8")
    show_line(document if out is None else f"{made.service} {made.number} {made.hash}")


def verdict(found: Verified) -> str:
    """The closing line."""
    if found.first_broken is None:
        more = f"，{found.waiting} 条待入链 {found.waiting} waiting" if found.waiting else ""
        return (
            f"决定链成立 decisions hold: {found.service} {found.rows} rows, {found.anchors} anchors, {found.hash}{more}"
        )
    broken = found.first_broken
    return (
        f"决定链不成立 decisions BROKEN: {found.service} 第 {broken.number} 条 row {broken.number} {broken.kind}: "
        f"{broken.zh} · {broken.en}"
    )
