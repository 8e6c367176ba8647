"""`zengshou chaos`: break a platform of its own under load, then prove that nothing was lost or counted twice."""

import asyncio
import json as json_text
import logging
import signal
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from ..chaos.away import OUTAGES
from ..chaos.backend import Backend, EmbeddedBackend
from ..chaos.compose import ComposeBackend
from ..chaos.run import Report, Run
from ..exits import ExitCode
from ..output import progress, show_line
from ..scratch import own_directory

BACKENDS: Final[dict[str, type[EmbeddedBackend] | type[ComposeBackend]]] = {
    EmbeddedBackend.name: EmbeddedBackend,
    ComposeBackend.name: ComposeBackend,
}


def chaos(
    seed: Annotated[int, typer.Option(help="随机种子。 The same seed draws the same faults.")] = 1,
    kills: Annotated[int, typer.Option(min=1, help="强制结束多少次后停止。 Stop after so many kills.")] = 40,
    pace: Annotated[float, typer.Option(min=0.5, help="两次强制结束的平均间隔（秒）。 Mean seconds between.")] = 3.0,
    backend: Annotated[
        str, typer.Option(help=f"平台在哪里运行：{', '.join(BACKENDS)}。 Where the platform runs.")
    ] = EmbeddedBackend.name,
    only: Annotated[str | None, typer.Option(help=f"只做一种中断：{', '.join(OUTAGES)}。 One outage only.")] = None,
    seconds: Annotated[float, typer.Option(min=1, help="该中断持续多少秒。 How long it lasts.")] = 30.0,
    json: Annotated[Path | None, typer.Option("--json", help="报告写入该文件。 Write the report there.")] = None,
) -> None:
    """另起一个平台，在负载下随机破坏，再证明无一丢失、无一重复。 Break a platform of its own and audit it."""
    if backend not in BACKENDS:
        raise typer.BadParameter(f"{backend}: {', '.join(BACKENDS)}", param_hint="--backend")
    if only is not None and only not in OUTAGES:
        raise typer.BadParameter(f"{only}: {', '.join(OUTAGES)}", param_hint="--only")
    if only and only.replace("-", " ") in BACKENDS[backend].cannot:
        raise typer.BadParameter(f"{backend} cannot: {only}", param_hint="--only")
    # The reader of the topics meets a dead broker all the time; what its client says of that is no news.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with own_directory("chaos") as place:
        try:
            report = asyncio.run(_run(backend, place, seed, kills, pace, only, seconds))
        except asyncio.CancelledError:
            raise typer.Exit(ExitCode.INTERRUPTED) from None
        if json:
            json.write_text(json_text.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n")
        _show(report)
        if not report.holds:
            raise typer.Exit(ExitCode.AUDIT)


async def _run(
    backend: str, place: Path, seed: int, kills: int, pace: float, only: str | None, seconds: float
) -> Report:
    # Asked to end, it still takes away what it started, as after Ctrl-C.
    if this := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    with progress() as tell:
        platform: Backend
        async with BACKENDS[backend](place / "state", tell) as platform:
            return await Run(platform, seed, kills, pace, tell).play(only, seconds)


def _show(report: Report) -> None:
    verdict = report.verdict
    for title, lines in (
        ("lost", verdict.lost), ("duplicated", verdict.duplicated), ("order", verdict.out_of_order),
        ("letters", verdict.letters), ("rebuild", verdict.rebuilt), ("refused", report.refused),
    ):  # fmt: skip
        for line in lines[:20]:
            sys.stderr.write(f"{title}: {line}\n")
    faults = ", ".join(f"{fault} {count}" for fault, count in sorted(report.faults.items()))
    if report.outage:
        show_line("中断 outage: " + ", ".join(f"{name} {value:g}" for name, value in report.outage.items()))
    show_line(f"故障 faults: {faults}; 此处不能 cannot be made here: {', '.join(report.cannot)}")
    show_line(f"已确认写入 acknowledged writes: {sum(report.posted.values())} in {report.seconds:.0f} s")
    show_line(
        f"核对 audit: {verdict.events} events, {verdict.deliveries} deliveries, {verdict.rows} rows, "
        f"{verdict.repeated} repeated on the topic, {verdict.poison} poison, {verdict.parked} parked"
    )
    show_line(f"rebuild {'differs' if verdict.rebuilt else 'identical'}")
    show_line(f"lost {len(verdict.lost)}")
    show_line(f"duplicated {len(verdict.duplicated)}")
