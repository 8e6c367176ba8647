"""One household within a batch: steps through ticks and facts, and collects what must be written and told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Row

from events.catalog.monitoring import RiskChanged
from events.log import NewEvent
from events.received import OutOfTurn, Received

from ..alerts.rules import acted, highest_first
from ..alerts.service import alert_id, care_row, follow_up, level_of, told
from ..care.rules import Pending
from ..indicators.rules import Changes
from ..policy.rules import World
from ..risk.rules import Fact, Profile
from .book import FactBook
from .intake import fact_of
from .rendering import Showing, Shown, shows_the_same, status_of
from .rules import Cause, Earnings, Household, Kept, Status, assess


@dataclass(slots=True)
class Watch:
    """一户在本批中的处理: its status before and now.

    Attributes:
        book: the facts as they now stand in the batch.
        pending: what officers did and is not applied yet, about alerts and in the household's case, in its order.
        applied: what of it about alerts was; of it `late`, what came after the end.
        filed: what of it in the case was.
        household: its fold, kept from fact to fact; None until it is looked at.
        showing: what was written of it, kept like it.
        kept: the profile of an earlier fold, which spares it its facts; none where facts come.
        received: the last event read; `version`, the last entry that changed what is shown.
        changes: what the indicators of its areas gained and lost, by month.
    """

    book: FactBook
    status: Status
    before: Row[Any] | None = None
    received: int = 0
    version: int = 0
    digest: str = ""
    content: Shown | None = None
    alerts: list[dict[str, object]] = field(default_factory=list)
    tell: list[tuple[int, NewEvent]] = field(default_factory=list)
    pending: list[Pending | Received[Any]] = field(default_factory=list)
    applied: list[Pending] = field(default_factory=list)
    late: list[Pending] = field(default_factory=list)
    filed: list[Received[Any]] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    household: Household | None = None
    kept: Kept | None = None
    showing: Showing = field(default_factory=Showing)
    _looked: Status | None = None

    @classmethod
    def of(cls, household_id: UUID, row: Row[Any] | None, now: World, book: FactBook) -> "Watch":
        """Take up a household where its row left it; one without a row begins now."""
        if row is None:
            return cls(book, Status(household_id, gate=now.number, on=now.on))
        return cls(book, status_of(row, None), row, row.received, row.version, row.digest)

    def needs_facts(self, worlds: Sequence[World]) -> bool:
        """Whether one of the ticks or policy changes must look at the facts."""
        return any(self._due(world) for world in worlds)

    @property
    def files(self) -> bool:
        """Whether a step of its case waits to be taken into its facts."""
        return any(isinstance(item, Received) for item in self.pending)

    def _due(self, world: World) -> bool:
        return world.on is not None and (world.on >= self.status.due_on or world.policy_changed)

    def pass_gates(
        self,
        worlds: Sequence[World],
        cause: Callable[[World], Received[Any]],
        at: Callable[[int], World],
    ) -> None:
        """Apply the ticks and policy changes that were missed, each in its place among what officers did."""
        # Of ticks that change nothing only the last is kept: a household may have missed hundreds.
        passed = None
        for world in worlds:
            if self.pending:
                self.act_before(world.number, at)
            passed = None if self._due(world) else world
            if passed is None:
                self._step(world, cause(world), None)
        if passed is not None:
            self.status = self.status.passed(passed.number, passed.on)

    def act_before(self, number: int | None, at: Callable[[int], World]) -> None:
        """Apply what officers did before an entry of the received log; None = all of it."""
        while self.pending and (number is None or self.pending[0].number < number):
            act = self.pending.pop(0)
            if isinstance(act, Received):
                self._file(act, at(act.number))
            else:
                self._act(act, at(act.number))
                self.applied.append(act)
                if act.act.verdict is not None:
                    self.changes.judged(act.act.verdict, act.event.data.path, act.act.on)

    def _file(self, step: Received[Any], world: World) -> None:
        """Take a step of the household's case into its facts."""
        fact = fact_of(step)
        self.book.accept(fact)
        self.filed.append(step)
        self.take(step, fact, world)

    def _act(self, act: Pending, world: World) -> None:
        open_ = {alert_id(self.status.household_id, item): item for item in self.status.standings.values()}
        standing = open_.get(act.alert_id)
        if standing is None or world.on is None:
            self.late.append(act)
            return
        after = acted(standing, act.act)
        self.alerts.append(care_row(self.status.household_id, world.on, after, act.event))
        self.status = replace(self.status, standings={**self.status.standings, after.rule: after})
        self._step(world, act.event, None)

    def take(self, event: Received[Any], fact: Fact, world: World) -> None:
        """A fact of this household has changed: look again.

        Raises:
            OutOfTurn: another worker has handled a later event of the household.
        """
        if event.number < self.received:
            raise OutOfTurn
        if self.household is not None and not self.household.accept(fact):
            self.household = self._folded(self.household.earnings)
        self.received = event.number
        self._step(world, event, fact.kind)

    def _folded(self, earnings: Earnings | None = None) -> Household:
        return Household(self.status.household_id, self.book.of(self.status.household_id), earnings)

    def _step(self, world: World, event: Received[Any], kind: str | None) -> None:
        if self.kept is None and self.household is None:
            self.household = self._folded()
        folded = self.kept or self.household
        assert folded is not None  # noqa: S101 - one of the two is there
        before = self.status
        self.status, steps = assess(before, folded, world, Cause(event.id, kind))
        profile, on = self.status.profile or folded.left_behind, world.on
        if on is not None and self.status.counted != before.counted:
            self.changes.move(before.household_id, before.counted, self.status.counted, on)
        if profile is not None and on is not None:
            if self.status.level is not before.level:
                changed = RiskChanged(
                    level=level_of(self.status.level),
                    previous=level_of(before.level),
                    business_date=on,
                    rules=highest_first(self.status.standings),
                )
                self.tell.append((event.number, follow_up(profile, changed, event)))
            for step in steps:
                row, news = told(profile, on, step, event, kind)
                self.alerts.append(row)
                self.tell.append((event.number, news))
        if self._looked is not None and shows_the_same(self._looked, self.status):
            return
        content = self.showing.of(self.status)
        self._looked = self.status
        digest = content.digest
        if digest != self.digest:
            self.content, self.digest, self.version = content, digest, event.number

    @property
    def row(self) -> dict[str, object] | None:
        """The whole row, where what is shown has changed."""
        if self.content is None:
            return None
        content = {name: getattr(self.content, name) for name in Shown.__struct_fields__}
        return {**content, **self.mark, "digest": self.digest, "version": self.version}

    @property
    def to_keep(self) -> tuple[Profile, int, date] | None:
        """The profile that its facts came to in this batch, the last of them, and the day."""
        status = self.status
        if self.household is None or self._looked is None or status.profile is None or status.on is None:
            return None
        return status.profile, self.received, status.on

    @property
    def mark(self) -> dict[str, object]:
        """How far the household has been read."""
        return {
            "household_id": self.status.household_id,
            "received": self.received,
            "gate": self.status.gate,
            "due_on": self.status.due_on,
        }
