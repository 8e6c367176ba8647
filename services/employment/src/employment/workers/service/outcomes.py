"""What became of each report of a batch."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from kit.errors import Refusal

F = TypeVar("F")


class Status(StrEnum):
    """处理结果"""

    RECORDED = "recorded"
    """已登记"""
    UNCHANGED = "unchanged"
    """已有相同记录"""
    CORRECTED = "corrected"
    """已补充更正"""
    REFUSED = "refused"
    """未接受"""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[F]):
    """结果: the fact as it stands, or why the report was not accepted."""

    status: Status
    fact: F | None = None
    refusal: Refusal | None = None

    def accepted(self) -> F:
        """The fact.

        Raises:
            Refusal: there is none.
        """
        if self.fact is None:
            raise self.refusal or Refusal()
        return self.fact
