"""How a request goes on: taken up, provided, declined, or open again where its fact was taken back. Pure.

RequestUnknown (404)     not there, or outside one's area
RequestOver (409)        provided or declined already
HouseholdAwaited (409)   the household has not arrived here yet
NoSuchHelp (422)         the reference is none of this household that answers the request
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound


class RequestUnknown(NotFound):
    """请求不存在."""

    code = "help-request-unknown"
    zh, en = "没有这条帮扶请求，或不在您的管理范围内", "no such request, or it lies outside your area"


class RequestOver(Conflict):
    """请求已办结."""

    code = "help-request-over"
    zh, en = "该帮扶请求已办结", "the request was provided or declined already"
    fix_zh, fix_en = "如仍需帮扶，请由乡镇重新提出请求", "help that is needed again is asked for anew"


class HouseholdAwaited(Conflict):
    """农户尚未到达本系统."""

    code = "household-awaited"
    zh, en = "该户的登记信息尚未到达，暂不能办理", "the household has not arrived here yet"
    fix_zh, fix_en = "请稍后再试", "try again later"


class NoSuchHelp(Invalid):
    """办理依据不符."""

    code = "no-such-help"
    zh, en = "没有这一依据，或它不属于该户、与请求事项不符", (
        "no such job, subsidy, loan, order, aid or claim, or not this household's, or not what was asked for"
    )  # fmt: skip
    fix_zh = "请填写该户对应的务工、补贴、贷款、订单、救助或理赔编号"
    fix_en = "give the id of what the household was given"
    pointer = "/reference"


NOT_NEEDED: Final = "not_needed"
ASKER: Final = "monitoring"
"""Who says that a request is needed no more."""


class RequestState(StrEnum):
    """办理状态"""

    ASKED = "asked"
    """待受理"""
    TAKEN = "taken"
    """办理中"""
    PROVIDED = "provided"
    """已提供"""
    DECLINED = "declined"
    """不予办理"""

    @property
    def open(self) -> bool:
        """Whether the department still owes an answer."""
        return self in (RequestState.ASKED, RequestState.TAKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """帮扶请求 as it stands; `version` is the revision that was told last, the asking itself the first.

    Attributes:
        due_on: last day for an answer; None where no policy set it.
        closed_on: the business date of the answer; `provided_on`, the day of the fact it rests on.
    """

    id: UUID
    version: int
    household_id: UUID
    region: str | None
    path: str
    offer: str
    category: str
    development: bool
    causes: tuple[str, ...]
    asked_on: date
    asked_by: str
    due_on: date | None
    state: RequestState
    taken_on: date | None = None
    taken_by: str | None = None
    closed_on: date | None = None
    closed_by: str | None = None
    reason: str | None = None
    reference: UUID | None = None
    provided_on: date | None = None

    def overdue(self, on: date) -> bool:
        """Whether the last day for an answer has passed without one."""
        return self.state.open and self.due_on is not None and on > self.due_on

    @property
    def withdrawn(self) -> bool:
        """Whether monitoring said that it is needed no more."""
        return self.reason == NOT_NEEDED

    def taken(self, on: date, by: str) -> "Request":
        """A department works on it.

        Raises:
            RequestOver: it was answered already.
        """
        return replace(self._open(), state=RequestState.TAKEN, taken_on=on, taken_by=by)

    def declined(self, reason: str, on: date, by: str) -> "Request":
        """The department will not do it.

        Raises:
            RequestOver: it was answered already.
        """
        return replace(self._open(), state=RequestState.DECLINED, reason=reason, closed_on=on, closed_by=by)

    def provided(self, given: "Given", on: date, by: str) -> "Request":
        """What was asked for has come about.

        Raises:
            RequestOver: it was answered already.
        """
        return replace(
            self._open(),
            state=RequestState.PROVIDED,
            reference=given.reference,
            provided_on=given.on,
            closed_on=on,
            closed_by=by,
        )

    def taken_back(self, on: date) -> "Request":
        """撤回: needed no more; what was provided stays so, and is only noted, as its fact may be taken back yet."""
        if self.state.open:
            return self.declined(NOT_NEEDED, on, ASKER)
        return replace(self, reason=NOT_NEEDED) if self.state is RequestState.PROVIDED else self

    def reopened(self) -> "Request":
        """The fact it rests on was taken back."""
        state = RequestState.ASKED if self.taken_on is None else RequestState.TAKEN
        return replace(
            self,
            version=self.version + 1,
            state=state,
            reference=None,
            provided_on=None,
            closed_on=None,
            closed_by=None,
        )

    def _open(self) -> "Request":
        if not self.state.open:
            raise RequestOver
        return replace(self, version=self.version + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """已发生的帮扶: a fact of the service that answers an offer: a job spell, a loan or aid paid out, an order.

    Attributes:
        on: the day it began; None where it may not be seen, so that it answers nothing anew.
        stands: false where it was taken back.
        under_way: an application: whoever asks for the same sees that it is worked on, and is answered by what follows.
    """

    offer: str
    household_id: UUID
    reference: UUID
    on: date | None
    stands: bool = True
    under_way: bool = False

    def fits(self, request: Request) -> bool:
        """Whether it is what was asked for, whenever it began."""
        return self.stands and not self.under_way and self.offer == request.offer

    def answers(self, request: Request) -> bool:
        """Whether it is what was asked for, and began no earlier."""
        return self.fits(request) and self.on is not None and self.on >= request.asked_on

    def takes_up(self, request: Request) -> bool:
        """Whether it is an application for what was asked for."""
        return self.stands and self.under_way and self.offer == request.offer


Change = tuple[Request, Request]
"""变化: a request before and after."""


def settled(requests: Iterable[Request], given: Collection[Given], on: date, by: str) -> list[Change]:
    """What the facts of a family change, the oldest request first.

    An open request is answered by the first fact of its kind from the day it was asked; a fact answers one request. An
    application for it takes it up; what becomes of that one, the department says where no fact does.
    What was provided stays so until its fact was taken back.

    Args:
        requests: of the family.
        given: the facts of the family.
        on: the business date.
        by: the service.
    """
    gone = {fact.reference for fact in given if not fact.stands}
    ordered = sorted(requests, key=lambda request: (request.asked_on, request.id))
    used = {r.reference for r in ordered if r.state is RequestState.PROVIDED}
    changed = []
    for before in ordered:
        after = before
        if after.state is RequestState.PROVIDED and after.reference in gone:
            after = after.reopened()
            if after.withdrawn:
                changed.append((before, after))
                before, after = after, after.taken_back(on)
        fits = [fact for fact in given if fact.reference not in used and fact.answers(after)]
        if after.state.open and fits:
            first = min(fits, key=lambda fact: (fact.on or date.max, fact.reference))
            used.add(first.reference)
            after = after.provided(first, on, by)
        elif after.state is RequestState.ASKED and any(fact.takes_up(after) for fact in given):
            after = after.taken(on, by)
        if after != before:
            changed.append((before, after))
    return changed
