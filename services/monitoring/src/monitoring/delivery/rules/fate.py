"""What becomes of a record before and after an attempt to send it. Pure; the clock is given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Change(StrEnum):
    """推送事由"""

    RAISED = "raised"
    """发出"""
    ESCALATED = "escalated"
    """升级"""
    HANDED_UP = "handed_up"
    """逐级上报"""
    RETRACTED = "retracted"
    """撤回"""
    CLOSED = "closed"
    """解除"""
    TEST = "test"
    """测试"""


ENDINGS: Final = frozenset({Change.RETRACTED, Change.CLOSED})
"""Told only to whom the beginning was told."""


class SendState(StrEnum):
    """推送状态"""

    PENDING = "pending"
    """待发送"""
    SENT = "sent"
    """已发送"""
    FAILED = "failed"
    """失败待重试"""
    GIVEN_UP = "given_up"
    """已放弃"""


class SendProblem(StrEnum):
    """问题类别: a class only; no address, no answer of the other side."""

    SNOOZED = "snoozed"
    """预警暂缓中"""
    SUPERSEDED = "superseded"
    """已有更新的变化"""
    NEVER_TOLD = "never_told"
    """此前未推送过该预警"""
    DISABLED = "disabled"
    """目标已停用"""
    UNREADABLE = "unreadable"
    """地址密文无法解密"""
    HOST_NOT_ALLOWED = "host_not_allowed"
    """主机不在许可名单，或解析到禁止的地址"""
    UNREACHABLE = "unreachable"
    """无法连接"""
    TIMEOUT = "timeout"
    """超时"""
    REDIRECTED = "redirected"
    """要求跳转，未跟随"""
    REFUSED = "refused"
    """对方拒绝（4xx）"""
    GONE = "gone"
    """对方已注销（410）"""
    BUSY = "busy"
    """对方限流（429）"""
    BROKEN = "broken"
    """对方故障（5xx）"""
    NOT_ACCEPTED = "not_accepted"
    """消息渠道未接受"""


FINAL: Final = frozenset({SendProblem.GONE})
"""No use in trying again."""
ABOUT_TARGET: Final = frozenset(
    {SendProblem.UNREACHABLE, SendProblem.TIMEOUT, SendProblem.BUSY, SendProblem.BROKEN, SendProblem.HOST_NOT_ALLOWED}
)
"""What the next message to the same target would meet too."""
FIRST_PAUSE: Final = 5
LONGEST_PAUSE: Final = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """待发送记录, as far as its fate depends on it; `asked` = an operator wants it sent again."""

    change: Change
    enabled: bool
    asked: bool = False
    snoozed: bool = False
    superseded: bool = False
    told: bool = False


def not_to_send(waiting: Waiting) -> SendProblem | None:
    """Why a record is not sent at all; None = send it."""
    if not waiting.enabled:
        return SendProblem.DISABLED
    if waiting.snoozed:
        return SendProblem.SNOOZED
    if waiting.asked:
        return None
    if waiting.superseded:
        return SendProblem.SUPERSEDED
    if waiting.change in ENDINGS and not waiting.told:
        return SendProblem.NEVER_TOLD
    return None


def pause(attempts: int, wanted: int | None = None) -> timedelta:
    """The wait after so many failed attempts: doubled each time; at least what the other side asks for."""
    doubled = FIRST_PAUSE * 2 ** min(attempts - 1, 20)
    return timedelta(seconds=min(max(doubled, wanted or 0), LONGEST_PAUSE))


def after_failure(problem: SendProblem, *, since: datetime, now: datetime, hours: int | None) -> SendState:
    """What a failed attempt makes of a record; without a policy on the limit it is never given up by itself."""
    late = hours is not None and now - since >= timedelta(hours=hours)
    return SendState.GIVEN_UP if late or problem in FINAL else SendState.FAILED
