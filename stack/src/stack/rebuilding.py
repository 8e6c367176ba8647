"""Rebuilding monitoring's projections from its received log beside the live ones, in a process of its own."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .exits import ExitCode, StackError
from .state import Running


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found.

    Attributes:
        differences: table → rows that stand on one side only.
        missing: (table, key) of rows that the live table lacks; `surplus`, of rows that do not follow from the log.
        swapped: what differed was replaced by what was replayed.
        holds: nothing differs now.
    """

    events: int
    rows: int
    differences: dict[str, int]
    missing: list[tuple[str, str]]
    surplus: list[tuple[str, str]]
    swapped: bool
    holds: bool
    seconds: float

    @property
    def identical(self) -> bool:
        """Row by row the same."""
        return not self.differences


async def rebuild_and_compare(running: Running, *, swap: bool = False, processes: int = 1) -> Rebuilt:
    """Run `python -m monitoring.rebuild`, which replays into a side schema and compares by hash.

    Args:
        running: the platform.
        swap: replace what differs; reading and writing go on meanwhile.
        processes: how many replay what was received so far.

    Raises:
        StackError: it could not run.
    """
    flags = ["--processes", str(processes), *(["--swap"] if swap else [])]
    return await rebuild_database(running.databases["monitoring"], *flags)


async def rebuild_database(dsns: Mapping[str, str], *flags: str) -> Rebuilt:
    """The same of a database of monitoring.

    Args:
        dsns: role → its address.
        flags: of `monitoring.rebuild`.

    Raises:
        StackError: it could not run.
    """
    started = time.monotonic()
    environment = {
        **os.environ,
        "ZENGSHOU_PROFILE": "embedded",
        "ZENGSHOU_OWNER_DSN": dsns["owner"],
        "ZENGSHOU_WORKER_DSN": dsns["worker"],
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "monitoring.rebuild",
        *flags,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, complaint = await process.communicate()
    try:
        result: dict[str, Any] = json.loads(told)
    except ValueError:
        said = complaint.decode(errors="replace").strip()[-600:]
        raise StackError(ExitCode.FAILED, zh=f"重建失败：{said}", en=f"The rebuild failed: {said}") from None
    return Rebuilt(
        events=result["events"],
        rows=sum(table["rows"] for table in result["tables"]),
        differences={table["table"]: table["different"] for table in result["tables"] if table["different"]},
        missing=[(table["table"], key) for table in result["tables"] for key in table["missing"]],
        surplus=[(table["table"], key) for table in result["tables"] for key in table["surplus"]],
        swapped=result["swapped"],
        holds=result["holds"],
        seconds=time.monotonic() - started,
    )
