"""Register and case agree on who is on the list, whatever was decided where and in which order each heard of the other.

The world is small: one household, the rules of both services, and two topics that deliver when they like.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from events.ids import derived_id
from households.registry.rules import (
    CaseDecidedToday,
    Decided,
    case_wins,
    check_own_word,
    decided_by_statement,
    statement_wins,
)
from monitoring.cases.rules import Case, Move, State, Statement, Step, moved, opened, taken_over

FIRST = date(2023, 10, 1)
CAUSES = ("illness",)


@dataclass
class World:
    """One household in both services, and what is on its way between them."""

    on: date = FIRST
    listed: bool = False
    decided: Decided = field(default_factory=lambda: Decided(on=FIRST))
    case: Case | None = None
    refused: int = 0
    told_by_register: deque[Statement] = field(default_factory=deque)
    told_by_case: deque[tuple[Decided, bool]] = field(default_factory=deque)

    # what people do

    def county_lists(self) -> None:
        if self.case is None or self.case.state is State.REFUSED:
            step = Step(
                move=Move.LOAD, on=self.on, officer="county", category="unstable", causes=CAUSES, identified_on=self.on
            )
            self._case(opened(derived_id("case", self.refused), step), listed=True)

    def county_eliminates(self) -> None:
        if self.case is not None and self.case.state is State.LISTED:
            chain = replace(self.case, state=State.COUNTY, eliminating=True)
            self._case(moved(chain, Step(move=Move.APPROVE, on=self.on, officer="county")), listed=False)

    def exported(self, listed: bool) -> None:
        if not statement_wins(self.decided, self.on, listed=listed):
            return
        decided = decided_by_statement(self.decided, self.on, was_listed=self.listed, listed=listed)
        same = listed == self.listed
        self._register(replace(self.decided, on=decided.on) if same else decided, listed=listed)

    def officer_drops(self) -> None:
        if not self.listed:
            return
        try:
            check_own_word(self.decided, self.on)
        except CaseDecidedToday:
            return
        self._register(Decided(on=max(self.decided.on, self.on)), listed=False)

    def _register(self, decided: Decided, *, listed: bool) -> None:
        self.decided, self.listed = decided, listed
        self.told_by_register.append(
            Statement(
                category="unstable" if listed else None, causes=CAUSES if listed else (),
                identified_on=decided.on if listed else None, eliminated=False, eliminated_on=None, way=None,
                decided_on=decided.on,
            )
        )  # fmt: skip

    def _case(self, case: Case, *, listed: bool) -> None:
        self.case = case
        self.told_by_case.append((Decided(on=self.on, case_id=case.id, case_version=case.version), listed))

    # what the topics bring

    def register_hears(self) -> None:
        if self.told_by_case:
            step, listed = self.told_by_case.popleft()
            if case_wins(self.decided, step):
                self._register(step, listed=listed)

    def case_hears(self) -> None:
        if not self.told_by_register:
            return
        said = self.told_by_register.popleft()
        step = taken_over(self.case, said, self.on)
        if step is None:
            return
        if self.case is None or self.case.state is State.REFUSED:
            self.case = opened(derived_id("case", self.refused), step)
        else:
            self.case = moved(self.case, step)
        if self.case.state is State.REFUSED:
            self.refused += 1

    def settle(self) -> None:
        while self.told_by_case or self.told_by_register:
            self.register_hears()
            self.case_hears()

    @property
    def on_the_list(self) -> bool:
        return self.case is not None and self.case.state is State.LISTED


_ACTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(
            ["county_lists", "county_eliminates", "named", "unnamed", "officer_drops", "register_hears", "case_hears"]
        ),
    ),
    max_size=25,
)


def act(world: World, name: str) -> None:
    if name in ("named", "unnamed"):
        world.exported(name == "named")
    else:
        getattr(world, name)()


@settings(max_examples=600)
@given(_ACTS)
def test_both_services_agree_once_each_has_heard_the_other(acts: list[tuple[int, str]]) -> None:
    world = World()
    for days, name in acts:
        world.on += timedelta(days=days)
        act(world, name)
    world.settle()
    assert world.listed == world.on_the_list, (world.decided, world.case)


def test_an_officer_s_later_word_takes_off_the_list_what_the_county_put_there() -> None:
    world = World()
    world.county_lists()
    world.settle()
    assert (world.listed, world.on_the_list) == (True, True)
    world.officer_drops()
    assert world.listed, "not on the day of the decision"
    world.on += timedelta(days=1)
    world.exported(listed=False)
    world.settle()
    assert world.on_the_list, "an export that does not know it yet takes nobody off"
    world.officer_drops()
    world.settle()
    assert (world.listed, world.on_the_list) == (False, False)


def test_an_export_that_was_quicker_than_the_county_s_word_does_not_stand_against_it() -> None:
    world = World()
    world.county_lists()
    world.on += timedelta(days=1)
    world.exported(listed=False)
    world.settle()
    assert (world.listed, world.on_the_list) == (True, True)
