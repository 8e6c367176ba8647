"""How a request stands, out of the department's answers. Pure: the highest revision says."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class RequestState(StrEnum):
    """帮扶请求状态"""

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
        """Whether an answer is still owed."""
        return self in (RequestState.ASKED, RequestState.TAKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """办理答复 of a department: one revision of the request."""

    request_id: UUID
    service: str
    revision: int
    state: RequestState
    taken_on: date | None
    answered_on: date
    answered_by: str
    reason: str | None = None
    reference: UUID | None = None
    provided_on: date | None = None
    number: int


def overdue(state: RequestState, due_on: date | None, on: date | None, *, withdrawn: bool = False) -> bool:
    """Whether the last day for an answer has passed without one; none is owed of what was withdrawn."""
    return state.open and not withdrawn and due_on is not None and on is not None and on > due_on
