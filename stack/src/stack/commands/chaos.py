"""`zengshou chaos`: break a platform of its own under load, then prove that nothing was lost or counted twice."""

import asyncio
import json as json_text
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from ..chaos.backend import EmbeddedBackend
from ..chaos.run import Report, Run
from ..exits import ExitCode
from ..output import progress, show_line
from ..postgres import Cluster


def chaos(
    seed: Annotated[int, typer.Option(help="随机种子。 The same seed draws the same faults.")] = 1,
    kills: Annotated[int, typer.Option(min=1, help="强制结束多少次后停止。 Stop after so many kills.")] = 40,
    pace: Annotated[float, typer.Option(min=0.5, help="两次强制结束的平均间隔（秒）。 Mean seconds between.")] = 3.0,
    backend: Annotated[str, typer.Option(help="平台在哪里运行：embedded。 Where the platform runs.")] = "embedded",
    json: Annotated[Path | None, typer.Option("--json", help="报告写入该文件。 Write the report there.")] = None,
) -> None:
    """另起一个平台，在负载下随机破坏，再证明无一丢失、无一重复。 Break a platform of its own and audit it."""
    if backend not in BACKENDS:
        raise typer.BadParameter(f"{backend}: {', '.join(BACKENDS)}", param_hint="--backend")
    report = asyncio.run(_in_own_directory(backend, seed, kills, pace))
    if json:
        json.write_text(json_text.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n")
    _show(report)
    raise typer.Exit(ExitCode.OK if report.holds else ExitCode.AUDIT)


BACKENDS = {EmbeddedBackend.name: EmbeddedBackend}


async def _in_own_directory(backend: str, seed: int, kills: int, pace: float) -> Report:
    """A run that holds leaves nothing; of any other the logs and the data stay, and it says where."""
    # Near the root and open to walk through: PostgreSQL's user must get in, and sockets have short names.
    place = Path(tempfile.mkdtemp(prefix="zengshou-chaos-", dir="/tmp"))
    place.chmod(0o711)
    holds = False
    try:
        with progress() as tell:
            async with BACKENDS[backend](place / "state", tell) as platform:
                report = await Run(platform, seed, kills, pace, tell).play()
        holds = report.holds
        return report
    finally:
        if holds:
            shutil.rmtree(Cluster(place / "state" / "postgres").home, ignore_errors=True)
            shutil.rmtree(place, ignore_errors=True)
        else:
            sys.stderr.write(f"{place}\n")


def _show(report: Report) -> None:
    verdict = report.verdict
    for title, lines in (
        ("lost", verdict.lost), ("duplicated", verdict.duplicated), ("order", verdict.out_of_order),
        ("letters", verdict.letters), ("rebuild", verdict.rebuilt), ("refused", report.refused),
    ):  # fmt: skip
        for line in lines[:20]:
            sys.stderr.write(f"{title}: {line}\n")
    faults = ", ".join(f"{fault} {count}" for fault, count in sorted(report.faults.items()))
    show_line(f"故障 faults: {faults}")
    show_line(f"已确认写入 acknowledged writes: {sum(report.posted.values())} in {report.seconds:.0f} s")
    show_line(
        f"核对 audit: {verdict.events} events, {verdict.deliveries} deliveries, {verdict.rows} rows, "
        f"{verdict.repeated} repeated on the topic, {verdict.poison} poison, {verdict.parked} parked"
    )
    show_line(f"rebuild {'differs' if verdict.rebuilt else 'identical'}")
    show_line(f"lost {len(verdict.lost)}")
    show_line(f"duplicated {len(verdict.duplicated)}")
