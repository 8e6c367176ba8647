"""Events of the plan itself: who leads a task, its projects and list entries, progress, reports."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import RegionCode
from .publisher import _Household

Percent = Annotated[int, Field(ge=0, le=100)]
"""完成进度, percent."""


class WorkState(StrEnum):
    """项目和清单事项状态"""

    OPEN = "open"
    """进行中"""
    DONE = "done"
    """已完成"""
    DROPPED = "dropped"
    """已取消"""


class PlanReportKind(StrEnum):
    """工作报告种类 (§G7)."""

    HALF_YEAR = "half_year"
    """牵头单位半年报告, 6 月底和 12 月底"""
    YEAR_END = "year_end"
    """县区年底报告"""


class TaskAssigned(_Household):
    """任务分工: who leads a task of the plan and by when; next revision of the task's fact."""

    task: str
    """任务代码: `m1`–`m27` for the measures, `g1`–`g6` for the safeguards"""
    lead_unit: str
    """牵头单位; empty while nobody is named"""
    due_on: date | None = None


class WorkItemPlanned(_Household):
    """任务项目化、项目清单化: a project of a task, or an entry of its list, as it now stands."""

    item_id: UUID
    task: str
    project_id: UUID | None = None
    """the project whose list it is an entry of; null = it is a project itself"""
    region_code: RegionCode
    due_on: date | None = None
    state: WorkState
    done_on: date | None = None


class TaskProgressed(_Household):
    """任务进展: how far a task, project or list entry is in a region; the words stay with households."""

    note_id: UUID
    task: str
    item_id: UUID | None = None
    region_code: RegionCode
    noted_on: date
    percent: Percent | None = None


class ReportSubmitted(_Household):
    """工作报告上报 (§G7): a lead unit's half-yearly or a county's year-end report."""

    report_id: UUID
    kind: PlanReportKind
    region_code: RegionCode
    due_on: date
    submitted_on: date
