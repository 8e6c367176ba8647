"""Where the households live: how many of them in which village, by county as far as figures are public."""

import csv
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REGIONS: Final = Path(__file__).resolve().parents[4] / "data" / "kunming_regions.csv"

# 东川's 28,731 is public; the city's 95,000 and the other two key counties are estimates (design, scale).
_WEIGHTS: Final[Mapping[str, float]] = {"530113": 28_731, "530128": 26_000, "530129": 34_000}
_ELSEWHERE: Final = 520.0
_OF_A_COMMUNITY: Final = 0.3
"""A 社区居民委员会 has fewer lifted households than a 村民委员会."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """行政村: with the names above it, and how many households it gets."""

    code: str
    county: str
    township: str
    village: str
    households: int = 0

    @property
    def township_code(self) -> str:
        """Nine digits; a workbook holds one township."""
        return self.code[:9]

    @property
    def area_code(self) -> str:
        """Six digits, with which certificates of the people begin."""
        return self.code[:6]


def settled(households: int, seed: int) -> list[Village]:
    """Every village that gets a household, in the order of their codes; the numbers add up exactly."""
    villages = _villages()
    draw = random.Random(f"places/{seed}")  # noqa: S311  invented on purpose
    weights = [_weight(village) * draw.uniform(0.5, 1.5) for village in villages]
    shares = _by_county(villages, weights)
    counts = _apportioned(shares, households)
    return [
        Village(
            code=village.code,
            county=village.county,
            township=village.township,
            village=village.village,
            households=count,
        )
        for village, count in zip(villages, counts, strict=True)
        if count
    ]


def _weight(village: Village) -> float:
    return _OF_A_COMMUNITY if "社区" in village.village else 1.0


def _by_county(villages: Sequence[Village], weights: Sequence[float]) -> list[float]:
    sums: dict[str, float] = {}
    for village, weight in zip(villages, weights, strict=True):
        sums[village.area_code] = sums.get(village.area_code, 0.0) + weight
    return [
        _WEIGHTS.get(village.area_code, _ELSEWHERE) * weight / sums[village.area_code]
        for village, weight in zip(villages, weights, strict=True)
    ]


def _apportioned(shares: Sequence[float], total: int) -> list[int]:
    """Largest remainders: whole numbers in these shares that add up to the total."""
    whole = sum(shares)
    exact = [share * total / whole for share in shares]
    counts = [int(number) for number in exact]
    rest = sorted(range(len(exact)), key=lambda place: (counts[place] - exact[place], place))
    for place in rest[: total - sum(counts)]:
        counts[place] += 1
    return counts


def _villages() -> list[Village]:
    with REGIONS.open(encoding="utf-8", newline="") as lines:
        rows = {row["code"]: row for row in csv.DictReader(lines)}
    found = []
    for code, row in sorted(rows.items()):
        if row["level"] == "village":
            township = rows[row["parent_code"]]
            # a town in custody (磨憨镇) stands under the city; its people write the county it belongs to by statute
            above = rows[township["parent_code"]]
            county = above["name"] if above["level"] == "county" else "勐腊县"
            found.append(Village(code=code, county=county, township=township["name"], village=row["name"]))
    return found
