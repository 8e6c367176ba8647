"""A city that stays after a measurement: the next one begins where it ended."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from ..exits import ExitCode, StackError


@dataclass(slots=True)
class KeptCity:
    """保留的城市: what is known of a loaded city, beside its state directory.

    Attributes:
        found: what its import took.
        runs: how many measurements began on it.
        used: households that have the earners of earlier ones.
    """

    place: Path
    households: int
    seed: int
    found: dict[str, Any] = field(default_factory=dict)
    runs: int = 0
    used: set[UUID] = field(default_factory=set)

    @classmethod
    def at(cls, place: Path, households: int, seed: int) -> "KeptCity":
        """The city of this place; one that was never loaded to its end is refused.

        Raises:
            StackError: what stands there is another city, or half of one.
        """
        city = cls(place, households, seed)
        if not (place / "state").exists():
            return city
        try:
            stored = json.loads(city._file.read_text())
        except (OSError, ValueError):
            stored = {}
        if (stored.get("households"), stored.get("seed")) != (households, seed):
            raise StackError(
                ExitCode.USAGE,
                zh=f"{place} 中不是这个规模的完整城市；请换目录或删除它。",
                en=f"{place} does not hold a whole city of this size; choose another directory, or remove it.",
            )
        city.found, city.runs = stored["import"], stored["runs"]
        city.used = {UUID(household) for household in stored["used"]}
        return city

    @property
    def loaded(self) -> bool:
        """Whether it needs no import."""
        return bool(self.found)

    def random(self) -> Random:
        """Draws the load of this run, another one each time."""
        return Random(self.seed + self.runs)  # noqa: S311 - a load, no secret

    def keep(self) -> None:
        """Write down what is known."""
        stored = {"households": self.households, "seed": self.seed, "import": self.found, "runs": self.runs,
                  "used": sorted(map(str, self.used))}  # fmt: skip
        self._file.write_text(json.dumps(stored))

    @property
    def _file(self) -> Path:
        return self.place / "loaded.json"
