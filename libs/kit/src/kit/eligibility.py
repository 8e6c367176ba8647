"""Whether somebody may have something: conditions that rest on policy, each met or not or unknown, and the verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from .policy_book import PolicyBook, PolicyValue


class Verdict(StrEnum):
    """资格结论"""

    ELIGIBLE = "eligible"
    """符合条件"""
    NOT_ELIGIBLE = "not_eligible"
    """不符合条件"""
    UNKNOWN = "unknown"
    """无法判定"""


class State(StrEnum):
    """单项结论"""

    MET = "met"
    """符合"""
    NOT_MET = "not_met"
    """不符合"""
    UNKNOWN = "unknown"
    """无法判定"""

    @classmethod
    def of(cls, met: bool) -> "State":
        """Met or not met."""
        return cls.MET if met else cls.NOT_MET


@dataclass(frozen=True, slots=True)
class Reason:
    """理由: one condition, whether it is met, and what that rests on.

    Attributes:
        evidence: facts it rests on, by their ids.
        missing: the policy value or fact that would have to be known.
    """

    check: str
    state: State
    zh: str
    en: str
    policy: tuple[PolicyValue, ...] = ()
    evidence: tuple[UUID, ...] = ()
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """条款 in force for a place on a day: the policy values whose names begin with `of`, such as `product.fumin`."""

    of: str
    path: str
    on: date
    book: PolicyBook

    def __getitem__(self, term: str) -> PolicyValue | None:
        return self.book.at(self.name(term), self.path, self.on)

    def name(self, term: str) -> str:
        """The full name of a term's policy value."""
        return f"{self.of}.{term}"

    def unknown(self, check: str, term: str, zh: str, en: str) -> Reason:
        """The condition cannot be judged: no value of this term is in force."""
        return Reason(check, State.UNKNOWN, f"{zh}未规定或未录入", f"no {en} is on record", missing=self.name(term))


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """One condition that is not met decides; else one that is unknown leaves it open."""
    states = {reason.state for reason in reasons}
    if State.NOT_MET in states:
        return Verdict.NOT_ELIGIBLE
    return Verdict.UNKNOWN if State.UNKNOWN in states else Verdict.ELIGIBLE
