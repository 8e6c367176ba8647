"""A household through time, for tests of the pure rules."""

from datetime import date, timedelta

from monitoring_facts import HOUSEHOLD, TODAY, id_of, seeds, world

from kit.policy import PolicyBook
from monitoring.alerts.rules import Change, Step
from monitoring.profile.rules import Cause, Household, Status, assess
from monitoring.risk.rules import Fact, Level, Outcome


class Story:
    """A household through time: facts arrive, days pass."""

    def __init__(self, *facts: Fact, policy: PolicyBook | None = None):
        self.policy = policy or seeds()
        self.facts: dict[object, Fact] = {}
        self.status = Status(HOUSEHOLD)
        self.on = TODAY
        self.steps: list[Step] = []
        self.arrive(*facts)

    def arrive(self, *facts: Fact) -> "Story":
        self.facts |= {item.id: item for item in facts}
        return self._look(Cause(facts[-1].event_id, facts[-1].kind))

    def wait_until(self, day: date) -> "Story":
        while self.on < day:
            self.on += timedelta(days=1)
            self._look(Cause(id_of("tick", self.on)))
        return self

    def days(self, days: int) -> "Story":
        return self.wait_until(self.on + timedelta(days=days))

    def _look(self, cause: Cause) -> "Story":
        here = world(self.on, self.status.gate + 1, self.policy)
        self.status, steps = assess(self.status, Household(HOUSEHOLD, self.facts.values()), here, cause)
        self.steps += steps
        return self

    def told(self, rule: str) -> list[tuple[Change, Level]]:
        """What became of the rule; who had to act is told in test_care."""
        mine = [step for step in self.steps if step.standing.rule == rule and step.change is not Change.HANDED_UP]
        return [(step.change, step.standing.peak) for step in mine]

    def said(self, rule: str) -> Outcome:
        """What the rule says now."""
        return next(outcome for outcome in self.status.outcomes if outcome.rule == rule)
