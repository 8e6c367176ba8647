"""`zengshou bench`: figures of the platform on this machine, on a platform of its own."""

import asyncio
import json as json_text
import os
import platform
import timeit
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ..bench.run import PARTS, measure
from ..city.writing import MOST_HOUSEHOLDS
from ..kafka import JoinedKafka
from ..output import progress, show_json
from ..scratch import own_directory
from .options import Kafka

_RATE: Final = 500
_ADDITIONS: Final = 1_000_000


def bench(
    households: Annotated[int, typer.Option(min=100, max=MOST_HOUSEHOLDS, help="户数。 How many are loaded.")] = 2_000,
    rate: Annotated[
        list[int] | None,
        typer.Option(min=10, help="每秒事实数（flow，默认 500），可重复。 Facts a second, one by one."),
    ] = None,
    officers: Annotated[float, typer.Option(min=1, help="每秒请求数（alerts 等）。 Calls a second.")] = 5.0,
    seconds: Annotated[float, typer.Option(min=1, help="每项量测的秒数。 How long each goes on.")] = 30.0,
    events: Annotated[int, typer.Option(min=1_000, help="重建的事件数（years）。 Events replayed.")] = 100_000,
    only: Annotated[
        list[str] | None, typer.Option(help=f"只量测：{', '.join(PARTS)}，可重复。 Only these parts.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="保留城市供再次量测的目录。 Where the city stays, to be measured again.")
    ] = None,
    kafka: Kafka = None,
    json: Annotated[Path | None, typer.Option("--json", help="报告写入该文件。 Write the report there.")] = None,
) -> None:
    """另起一个平台，载入虚构城市并量测。 Load an invented city into a platform of its own and measure it."""
    if unknown := set(only or ()) - set(PARTS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: {', '.join(PARTS)}", param_hint="--only")
    with _directory(keep) as place, progress() as tell:
        parts = [part for part in PARTS if not only or part in only]
        rates = rate or [_RATE]
        asked = {
            "households": households, "rates": rates, "officers": officers, "seconds": seconds, "events": events,
            "broker": "Apache Kafka" if kafka else "embedded",
        }  # fmt: skip
        found: dict[str, Any] = {}
        speed = _additions_a_second()
        try:
            asyncio.run(
                measure(
                    place, tell, found, households=households, rates=rates, officers=officers, seconds=seconds,
                    events=events, parts=parts, kafka=JoinedKafka(kafka) if kafka else None,
                )
            )  # fmt: skip
        finally:
            # A city takes half an hour to load: what was measured before something failed is told too.
            report = {"machine": _machine() | {"additions_a_second": speed}, "asked": asked, **found}
            if json:
                json.write_text(json_text.dumps(report, ensure_ascii=False, indent=1) + "\n")
            show_json(report)


def _directory(keep: Path | None) -> AbstractContextManager[Path]:
    if keep is None:
        return own_directory("bench")
    # PostgreSQL's own user must get in.
    keep.mkdir(mode=0o711, parents=True, exist_ok=True)
    return nullcontext(keep.absolute())


def _additions_a_second() -> int:
    """How fast a core runs Python, the best of five tries, before anything else runs."""
    return round(_ADDITIONS / min(timeit.repeat("n += 1", "n = 0", number=_ADDITIONS, repeat=5)))


def _machine() -> dict[str, Any]:
    """What the figures were measured on; the load beside it as the system saw it at the end."""
    load = os.getloadavg()[2] if hasattr(os, "getloadavg") else None
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load_15_min": load and round(load, 1)}
