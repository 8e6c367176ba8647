"""Events of what households say themselves: self-reports and contested facts."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from .publisher import _Household


class ReportKind(StrEnum):
    """申报事项: what a family asks for or complains of (discovery channels, domain 1.4)."""

    INCOME = "income"
    """收入骤减"""
    EXPENSE = "expense"
    """支出骤增"""
    ILLNESS = "illness"
    """因病"""
    SCHOOLING = "schooling"
    """因学"""
    DISASTER = "disaster"
    """因灾"""
    ACCIDENT = "accident"
    """意外事故"""
    WORK = "work"
    """务工就业困难"""
    HOUSING = "housing"
    """住房"""
    WATER = "water"
    """饮水"""
    OTHER = "other"
    """其他"""


class ReportChannel(StrEnum):
    """申报渠道 (domain 1.4)."""

    DOOR = "door"
    """自主申报 (web door, no login)"""
    HOTLINE = "hotline"
    """12317、12345 热线"""
    VISIT = "visit"
    """上门代办"""


class SelfReportFiled(_Household):
    """自主申报: a family reported trouble itself, or somebody wrote it down for them. A clue, not a proven fact."""

    report_id: UUID
    kind: ReportKind
    channel: ReportChannel
    filed_on: date
    text_sealed: str | None = None
    """what was said, base64 of the ciphertext sealed for (reports, self_reports, text, report id)"""


class SelfReportSettled(_Household):
    """申报办结: next revision of the same `fact_id`."""

    report_id: UUID
    outcome: str
    """confirmed, unfounded, duplicate, withdrawn"""
    settled_on: date


class ContestRaised(_Household):
    """异议: the household says that one recorded fact about it is wrong; the fact stands, but is flagged."""

    contest_id: UUID
    contested_fact_id: UUID
    """fact_id of the event that is contested, whoever published it"""
    raised_on: date


class ContestSettled(_Household):
    """异议办结: next revision of the same `fact_id`."""

    contest_id: UUID
    contested_fact_id: UUID
    outcome: str
    """corrected, upheld, withdrawn"""
    settled_on: date
