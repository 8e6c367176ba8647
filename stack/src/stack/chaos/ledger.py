"""What the APIs promised: every acknowledged write, as the row it must have left."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

Row = dict[str, str | None]
"""Column → its value as text."""


@dataclass(slots=True)
class Ledger:
    """承诺: grows under load; the verdict holds the platform to it.

    Attributes:
        rows: (service, table) → fact id → what the last acknowledged write said of it.
        posted: kind of write → how many were acknowledged.
        broken: promises that an answer itself broke, in words.
    """

    rows: dict[tuple[str, str], dict[UUID, Row]] = field(default_factory=lambda: defaultdict(dict))
    posted: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def promised(self, kind: str, service: str, table: str, fact: UUID, **row: str | None) -> None:
        """Note what an answer confirmed."""
        self.posted[kind] += 1
        self.rows[service, table].setdefault(fact, {}).update(row)

    @property
    def count(self) -> int:
        """Acknowledged writes."""
        return sum(self.posted.values())

    def facts(self) -> Mapping[str, set[UUID]]:
        """Service → acknowledged fact ids."""
        found: dict[str, set[UUID]] = defaultdict(set)
        for (service, _), rows in self.rows.items():
            found[service].update(rows)
        return found
