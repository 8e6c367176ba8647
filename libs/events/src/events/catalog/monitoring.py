"""Events of the monitoring service: what it concluded, and the policy lines it works with."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .base import Event, Money, Service


class RiskLevel(StrEnum):
    """风险等级, always shown with its text."""

    UNKNOWN = "unknown"
    """未知"""
    GREEN = "green"
    """绿"""
    YELLOW = "yellow"
    """黄"""
    ORANGE = "orange"
    """橙"""
    RED = "red"
    """红"""


class _Monitoring(Event):
    SERVICE: ClassVar[Service] = "monitoring"


class RiskChanged(_Monitoring):
    """风险等级变化: the household's level and the rules behind it."""

    level: RiskLevel
    previous: RiskLevel
    business_date: date
    rules: tuple[str, ...]
    """ids of the rules that hold now, highest level first"""


class AlertRaised(_Monitoring):
    """预警: one open alert per household and rule."""

    alert_id: UUID
    rule: str
    level: RiskLevel
    business_date: date
    version: int = 1
    reason_zh: str
    """plain-language reason, no personal data"""
    reason_en: str
    policy_version: str | None = None
    path: str


class AlertEscalated(AlertRaised):
    """预警升级: the same alert on a higher level."""


class AlertRetracted(AlertRaised):
    """预警撤回: a later or corrected fact disproved the alert; the reason says which."""


class AlertClosed(AlertRaised):
    """预警解除: the rule no longer holds and its dwell has passed."""


class LineChanged(_Monitoring):
    """政策值变更: an effective-dated policy value (line, threshold) was set for a region from a date."""

    policy_id: UUID
    name: str
    """policy name such as `line.monitoring`"""
    path: str
    valid_from: date
    valid_to: date | None = None
    value: Money
    document: str
    """文号 or the mark of a demo value"""
    clause: str = ""
    """条款 of the document"""
    confidence: str = "unverified"
    """official, reported, unverified, demo"""
    drafted_by: str | None = None
    """account of whoever drafted the value"""
    released_by: str | None = None
    """account of the second person, who released it"""
