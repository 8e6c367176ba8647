"""One business date under two policies: nothing stood before, so what the rules say of a profile is all there is."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from kit.policy_book import PolicyBook

from ...alerts.rules import Standing, advance, household_level
from ...policy.rules import Remembering
from ...risk.rules import RULES, Outcome, Profile, Rules, quiet, with_causes, without_causes
from .course import Course, lacking

_NOBODY: Final = UUID(int=0)


class Side:
    """一种政策 with the rules that judge by it; it remembers its answers."""

    def __init__(self, book: PolicyBook, rules: Rules):
        self.policy = Remembering(book)
        self.rules = rules
        self._book = book
        self._boundaries: dict[date, date] = {}

    def boundary(self, on: date) -> date:
        """The next day on which a value begins or ends."""
        if on not in self._boundaries:
            self._boundaries[on] = self._book.changes(on) or date.max
        return self._boundaries[on]


class Day:
    """一日对比: what `course_of` says of the day, with only those rules judged twice whose policy or code differs.

    Args:
        actual: the policy in force.
        asked: with the values and candidate rules asked about.
        names: of the values asked about.
        on: the day.
    """

    def __init__(self, actual: Side, asked: Side, names: Collection[str], on: date):
        self._actual, self._asked, self._names, self._on = actual, asked, names, on
        self._known: dict[str, list[str]] = {}

    def courses(self, profile: Profile, standing: Iterable[Outcome] | None = None) -> tuple[Course, Course]:
        """The courses under the two policies.

        Args:
            profile: of a household.
            standing: what its row says under the policy in force; of a rule that it does not name, that it is clear.
        """
        policy, on = self._actual.policy, self._on
        if standing is None:
            said = {id_: rule.judge(profile, policy, on) for id_, rule in self._actual.rules.items()}
        else:
            said = {outcome.rule: without_causes(outcome) for outcome in standing}
        before = self._course(profile, said.values())
        policy = self._asked.policy
        again = {id_: self._asked.rules[id_].judge(profile, policy, on) for id_ in self._otherwise(profile.path)}
        changed = [id_ for id_, outcome in again.items() if not _alike(outcome, self._before(id_, said))]
        said |= again
        if changed:
            return before, self._course(profile, said.values())
        return before, replace(before, shortfall=lacking(said.values(), len(profile.members)))

    def _before(self, rule: str, said: Mapping[str, Outcome]) -> Outcome | None:
        return said.get(rule) or (quiet(rule) if rule in self._actual.rules else None)

    def _otherwise(self, path: str) -> list[str]:
        """The rules that are other ones, or read a value that is another one at this place."""
        if path not in self._known:
            one, other, on = self._actual.policy, self._asked.policy, self._on
            changed = {name for name in self._names if one.at(name, path, on) != other.at(name, path, on)}
            self._known[path] = [
                id_
                for id_, rule in self._asked.rules.items()
                if rule is not RULES.get(id_) or not changed.isdisjoint(rule.reads)
            ]
        return self._known[path]

    def _course(self, profile: Profile, said: Iterable[Outcome]) -> Course:
        on, outcomes = self._on, with_causes(list(said))
        # Where nothing stood before, only what holds can stand.
        holding = [outcome for outcome in outcomes if outcome.holds]
        standings, _ = advance({}, holding, on=on, opening=_NOBODY, dwell=_unknown, disproved=_never)
        return Course(
            path=profile.path,
            levels=((on, household_level(standings, outcomes)),),
            raised=tuple([(on, rule) for rule in standings]),
            holding=frozenset([outcome.rule for outcome in holding]),
            shortfall=lacking(holding, len(profile.members)),
        )


def _alike(one: Outcome, other: Outcome | None) -> bool:
    """Whether they make the same of a household, whatever the figures behind them."""
    return other is not None and one.state is other.state and one.level is other.level


# Nothing falls on a day before which nothing stood: neither is asked.
def _unknown(rule: str) -> int | None:
    return None


def _never(standing: Standing) -> bool:
    return False
