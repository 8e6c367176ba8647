"""Seeing an alert through: who holds the ball, what was done, when it goes one level up. Pure."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from .refusals import HelpOutOfTime, SnoozeOutOfRange, SnoozeUnlimited, VerdictIncomplete


class Holder(StrEnum):
    """承办层级: the level that must act now."""

    VILLAGE = "village"
    """村（含网格）"""
    TOWNSHIP = "township"
    """乡镇"""
    COUNTY = "county"
    """县"""

    @property
    def above(self) -> "Holder | None":
        """The next level; None above the county."""
        return {Holder.VILLAGE: Holder.TOWNSHIP, Holder.TOWNSHIP: Holder.COUNTY}.get(self)


class Verdict(StrEnum):
    """核实结论: what somebody found on the spot."""

    CONFIRMED = "confirmed"
    """属实"""
    UNFOUNDED = "unfounded"
    """不属实"""
    HELPED = "helped"
    """已帮扶"""
    DUPLICATE = "duplicate"
    """重复"""


class SnoozeReason(StrEnum):
    """暂缓原因: codes only, as events carry no free text."""

    AWAY = "away"
    """全家外出"""
    AWAITING_DEPARTMENT = "awaiting_department"
    """待部门核实"""
    HELP_UNDER_WAY = "help_under_way"
    """帮扶进行中"""
    SEASONAL = "seasonal"
    """季节性波动"""


class ActKind(StrEnum):
    """处理动作"""

    ACKNOWLEDGED = "acknowledged"
    """已接收"""
    JUDGED = "judged"
    """已核实"""
    SNOOZED = "snoozed"
    """已暂缓"""
    ASKED = "asked"
    """已提出帮扶请求"""


class Act(Struct, frozen=True, kw_only=True):
    """处理: what an officer did about an alert, on a business date."""

    kind: ActKind
    on: date
    verdict: Verdict | None = None
    helped_on: date | None = None
    merged_into: str | None = None
    """rule of the same household whose alert is the original"""
    until: date | None = None
    reason: SnoozeReason | None = None


class Care(Struct, frozen=True, kw_only=True):
    """跟进情况 of an open alert.

    Attributes:
        since: the day from which the holder's days count; None = from the opening.
        helped_on: first effective help.
    """

    holder: Holder = Holder.VILLAGE
    since: date | None = None
    acknowledged_on: date | None = None
    verdict: Verdict | None = None
    helped_on: date | None = None
    snoozed_until: date | None = None
    snooze_reason: SnoozeReason | None = None
    merged_into: str | None = None

    def after(self, act: Act) -> "Care":
        """The care after something was done; whoever acts has the full days anew."""
        care = replace(self, acknowledged_on=self.acknowledged_on or act.on, since=act.on)
        match act.kind:
            case ActKind.SNOOZED:
                return replace(care, snoozed_until=act.until, snooze_reason=act.reason, since=act.until)
            case ActKind.JUDGED:
                helped = [day for day in (self.helped_on, act.helped_on) if day is not None]
                return replace(
                    care, verdict=act.verdict, helped_on=min(helped, default=None), merged_into=act.merged_into
                )
        return care

    def risen(self, on: date) -> "Care":
        """The alert rose to a higher level: what was found about the lower one no longer quietens it."""
        return Care(holder=self.holder, since=on, helped_on=self.helped_on)


SETTLED: Final = frozenset({Verdict.UNFOUNDED, Verdict.HELPED})
"""Verdicts after which nobody has to act."""

Limit = Callable[[Holder], int | None]
"""Level → calendar days within which it must act; None = no policy, so nothing goes up by itself."""


class Cared(Protocol):
    """A standing, as far as care reads it."""

    @property
    def since(self) -> date:
        """Business date on which it opened."""

    @property
    def care(self) -> Care:
        """Its care."""


def settled(rule: str, standings: Mapping[str, Cared]) -> bool:
    """Whether nobody has to act: judged so, or merged into an alert that is open and not merged itself."""
    care = standings[rule].care
    original = standings.get(care.merged_into) if care.merged_into else None
    return care.verdict in SETTLED or (original is not None and original.care.merged_into is None)


def goes_up_on(rule: str, standings: Mapping[str, Cared], limit: Limit) -> date:
    """The day on which the alert goes one level up if nobody acts; `date.max` where it does not."""
    care = standings[rule].care
    days = limit(care.holder)
    if care.holder.above is None or days is None or settled(rule, standings):
        return date.max
    due = (care.since or standings[rule].since) + timedelta(days=days)
    # Acting meanwhile does not cut short what was put off.
    return due if care.snoozed_until is None else max(due, care.snoozed_until + timedelta(days=1))


def check_verdict(verdict: Verdict, helped_on: date | None, has_original: bool, *, opened_on: date, on: date) -> None:
    """A verdict that says what it must.

    Raises:
        VerdictIncomplete, HelpOutOfTime: as they say.
    """
    if (helped_on is not None) != (verdict is Verdict.HELPED) or has_original != (verdict is Verdict.DUPLICATE):
        raise VerdictIncomplete
    if helped_on is not None and not opened_on <= helped_on <= on:
        raise HelpOutOfTime


def check_snooze(until: date, *, on: date, most: int | None) -> None:
    """A time that is not too long.

    Raises:
        SnoozeUnlimited, SnoozeOutOfRange: as they say.
    """
    if most is None:
        raise SnoozeUnlimited
    if not on < until <= on + timedelta(days=most):
        raise SnoozeOutOfRange
