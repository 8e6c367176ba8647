"""Policy as it stood at one entry of the received log: the date, the values known by then, and when they change."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from ..risk.rules import Policy, PolicyValue


class _NoPolicy:
    def at(self, name: str, path: str, on: date) -> PolicyValue | None:
        return None


NO_POLICY: Final[Policy] = _NoPolicy()
"""Nothing is known."""

_MOST_REMEMBERED: Final = 50_000


class Remembering:
    """政策簿 that remembers its answers: the same question comes up for every household of a village."""

    def __init__(self, policy: Policy):
        self._policy = policy
        self._known: dict[tuple[str, str, date], PolicyValue | None] = {}

    def at(self, name: str, path: str, on: date) -> PolicyValue | None:
        """The value of a name for a place on a day; None = unknown."""
        key = (name, path, on)
        if key not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = self._policy.at(name, path, on)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class World:
    """政策与业务日期 at entry `number` of the received log.

    Attributes:
        on: the business date; None before the first tick.
        next_boundary: first later day on which a policy value begins or ends.
        policy_changed: whether this entry is a policy change, which is due for everybody.
    """

    number: int
    on: date | None
    policy: Policy
    next_boundary: date = date.max
    policy_changed: bool = False
