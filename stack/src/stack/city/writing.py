"""Writing a city: a workbook per township, the truth line by line, a summary; one township in memory at a time."""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TextIO

from workbook import HouseholdRecord, write_households

from .households import households_of
from .people import Registrar
from .places import Village, settled
from .truth import Census, drawn

EXPORTED_ON: Final = date(2023, 10, 15)
MOST_HOUSEHOLDS: Final = 120_000
"""Beyond it 寻甸 would run out of certificate numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """生成的城市: how it is drawn."""

    seed: int
    households: int
    exported_on: date = EXPORTED_ON


def write_city(city: City, directory: Path) -> dict[str, Any]:
    """Write the workbooks, `truth.jsonl` and `truth.json` into a directory, and give the summary.

    The same seed and number give the same bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    census, files = Census(), dict[str, str]()
    registrars: dict[str, Registrar] = {}
    with (directory / "truth.jsonl").open("w", encoding="utf-8") as lines:
        for code, villages in groupby(settled(city.households, city.seed), key=lambda village: village.township_code):
            records = _township(city, list(villages), registrars, census, lines)
            data = write_households(records, exported_on=city.exported_on)
            name = f"{code}.xlsx"
            (directory / name).write_bytes(data)
            files[name] = hashlib.sha256(data).hexdigest()
    told = {"seed": city.seed, "exported_on": city.exported_on.isoformat(), **census.to_json(), "files": files}
    (directory / "truth.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return told


def _township(
    city: City, villages: Sequence[Village], registrars: dict[str, Registrar], census: Census, lines: TextIO
) -> Iterator[HouseholdRecord]:
    for village in villages:
        hidden = random.Random(f"truth/{city.seed}/{village.code}")  # noqa: S311  invented on purpose
        registrar = registrars.setdefault(village.area_code, Registrar(village.area_code))
        for record in households_of(
            village, registrar, seed=city.seed, first=census.households, exported_on=city.exported_on
        ):
            truth = drawn(hidden, record, village.code)
            census.add(record, truth)
            lines.write(json.dumps(asdict(truth), ensure_ascii=False, default=str) + "\n")
            yield record
