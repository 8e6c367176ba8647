"""Figures of many measurements of one thing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Self


@dataclass(frozen=True, slots=True)
class Spread:
    """分布 of durations, in milliseconds; nearest-rank percentiles."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        """The spread of durations given in seconds; all zero if there is none."""
        ordered = sorted(seconds)

        def at(share: float) -> float:
            return round(ordered[ceil(share * len(ordered)) - 1] * 1000, 1) if ordered else 0.0

        return cls(len(ordered), at(0.5), at(0.95), at(0.99), at(1))

    def times(self, quiet: Self) -> float:
        """How many times as long the 95th of 100 took as in quiet."""
        return round(self.p95 / quiet.p95, 2) if quiet.p95 else 0.0

    def to_json(self) -> dict[str, float]:
        """As a report carries it."""
        return asdict(self)

    def __str__(self) -> str:
        return f"p50 {self.p50:g} ms, p95 {self.p95:g} ms, p99 {self.p99:g} ms ({self.count})"
