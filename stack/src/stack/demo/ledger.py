"""What the demonstration was promised: every acknowledged fact, and how long each took to reach the status."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class Ledger:
    """Grows while the year is played; the audit holds the platform to it.

    Attributes:
        facts: service → fact ids that its API acknowledged.
        latencies: seconds from the start of a POST until the status held it.
    """

    facts: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    latencies: list[float] = field(default_factory=list)

    def acknowledged(self, service: str, *facts: UUID) -> None:
        """Note facts that an answer confirmed."""
        self.facts[service].update(facts)

    @property
    def count(self) -> int:
        """Acknowledged facts, all services."""
        return sum(map(len, self.facts.values()))

    def latency(self, share: float) -> float:
        """The quantile of the latencies, in seconds; 0 while there are none."""
        if not self.latencies:
            return 0.0
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
