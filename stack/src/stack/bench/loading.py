"""An invented city comes in as a city's workbooks would: preview and apply, each file timed."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..api import Api
from ..city.writing import City, write_city
from ..demo.clients import CITY
from ..demo.settling import Settling
from ..state import Running
from ..supervisor.telling import Tell

_AGAIN: Final = 0.05
_OVER: Final = frozenset({"applied", "failed", "cancelled"})


@dataclass(slots=True)
class Import:
    """导入量测: what a number of workbooks took.

    Attributes:
        preview, apply: seconds, summed over the files.
        consumed: seconds from the last apply until every listener has taken everything.
        most_memory: greatest resident size so far of a process of households, MB.
    """

    households: int = 0
    persons: int = 0
    parked: int = 0
    preview: float = 0.0
    apply: float = 0.0
    consumed: float = 0.0
    most_memory: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """With the rates that follow."""
        return {
            "households": self.households,
            "persons": self.persons,
            "parked": self.parked,
            "preview_seconds": round(self.preview, 1),
            "apply_seconds": round(self.apply, 1),
            "until_consumed_seconds": round(self.consumed, 1),
            "preview_persons_per_second": round(self.persons / self.preview) if self.preview else 0,
            "apply_persons_per_second": round(self.persons / self.apply) if self.apply else 0,
            "most_memory_mb": self.most_memory,
        }


async def write_files(households: int, seed: int, directory: Path, tell: Tell) -> list[Path]:
    """The workbooks of a city, in the order of their names."""
    tell(f"生成 {households} 户", f"drawing {households} households")
    told = await asyncio.to_thread(write_city, City(seed=seed, households=households), directory)
    return [directory / name for name in sorted(told["files"])]


async def load(api: Api, running: Running, settling: Settling, files: Sequence[Path], tell: Tell) -> Import:
    """Import the files one after the other and wait until everybody has taken them."""
    found = Import()
    for number, path in enumerate(files, 1):
        await import_file(api, path, found)
        found.most_memory = {name: _resident(running, name) for name in ("households.api", "households.worker")}
        if number % 20 == 0:
            tell(f"已导入 {found.persons} 人", f"{found.persons} persons imported")
    began = time.monotonic()
    await settling.until_taken()
    found.consumed = time.monotonic() - began
    return found


async def import_file(api: Api, path: Path, found: Import) -> None:
    """Preview and apply one file, adding what it took."""
    content = await asyncio.to_thread(path.read_bytes)
    began = time.monotonic()
    job = await api.post(CITY, "/households/v1/imports", files={"file": (path.name, content)})
    found.preview += time.monotonic() - began
    where = f"/households/v1/imports/{job['id']}"
    began = time.monotonic()
    await api.post(CITY, f"{where}:apply")
    while job["state"] not in _OVER:
        await asyncio.sleep(_AGAIN)
        job = await api.get(CITY, where)
    found.apply += time.monotonic() - began
    found.households += job["households"]
    found.persons += job["members"]
    found.parked += job["states"].get("parked", 0)


def _resident(running: Running, process: str) -> int:
    """The greatest resident size a process has had, in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{running.processes[process].pid}/status").read_text()
    except OSError:
        return 0
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024
