"""What holds for the plan's tasks: what is overdue, which reports are due, the rows of a report.

NotFound
├── TaskUnknown, ItemUnknown
Forbidden
└── PlanOfTheCity        who leads a task is the city's to say
Conflict
└── ItemSettled          it is done or dropped
Invalid
├── PlaceUnknown, ProjectElsewhere, ItemElsewhere, ItemDates, PeriodUnknown, ReportPlace
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from income.months import Month
from kit.errors import Conflict, Forbidden, Invalid, NotFound

FIRST_PERIOD, LAST_PERIOD = Month(2022, 12), Month(2024, 12)
"""方案期 2022—2024: issued on 2022-08-23, so the first report is that of December 2022."""

HALF_YEARS: Final = (6, 12)
"""每年6月底、12月底: the months at whose end lead units report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """方案任务: a measure or a safeguard of the plan; `stated` is what its text says of the time."""

    code: str
    place: int
    version: int
    clause: str
    part: str
    title: str
    stated: str
    lead_unit: str
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """项目或清单事项: an entry of a list names its project."""

    id: UUID
    version: int
    task: str
    project_id: UUID | None
    region_code: str
    title: str
    unit: str
    planned_on: date
    due_on: date | None
    state: str
    done_on: date | None

    def overdue(self, on: date) -> bool:
        """逾期: due before the day and not settled by then."""
        settled = self.state == "dropped" or (self.done_on is not None and self.done_on <= on)
        return self.due_on is not None and self.due_on < on and not settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """任务进展"""

    id: UUID
    task: str
    item_id: UUID | None
    region_code: str
    noted_on: date
    percent: int | None
    words: str
    author: str


class TaskUnknown(NotFound):
    """没有此任务."""

    code = "task-unknown"
    zh, en = "方案中没有此任务", "the plan has no such task"


class ItemUnknown(NotFound):
    """没有此事项."""

    code = "work-item-unknown"
    zh, en = "没有此项目或事项，或不在您的管理范围内", "no such project or entry in your area"


class PlanOfTheCity(Forbidden):
    """任务分工由市级确定."""

    code = "plan-of-the-city"
    zh, en = "任务的牵头单位和期限由市级确定", "who leads a task and by when is the city's to say"


class ItemSettled(Conflict):
    """事项已完成或取消."""

    code = "work-item-settled"
    zh, en = "该事项已完成或已取消", "it is done or dropped already"


class PlaceUnknown(Invalid):
    """没有此区划."""

    code = "region-unknown"
    zh, en = "没有此区划，或不在您的管理范围内", "no such region in your area"
    fix_zh, fix_en = "从 /v1/regions 取 12 位代码", "take a 12-digit code from /v1/regions"
    pointer = "/region_code"


class ProjectElsewhere(Invalid):
    """项目不属于该任务."""

    code = "project-elsewhere"
    zh, en = "该项目不属于此任务，或本身是清单事项", "no project of this task"
    pointer = "/project_id"


class ItemElsewhere(Invalid):
    """事项不属于该任务."""

    code = "work-item-elsewhere"
    zh, en = "该事项不属于此任务", "nothing of this task"
    pointer = "/item_id"


class ItemDates(Invalid):
    """日期不合理."""

    code = "work-item-dates"
    zh, en = "完成日期早于立项日期", "done before it was planned"
    pointer = "/on"


class PeriodUnknown(Invalid):
    """没有此报告期."""

    code = "report-period"
    zh, en = "不是方案规定的报告期", "no period in which the plan asks for this report"
    fix_zh, fix_en = (
        "牵头单位为 2022-12 至 2024-12 的 6 月、12 月，县区为 12 月",
        "June or December from 2022-12 to 2024-12 for lead units, December for counties",
    )
    pointer = "/period"


class ReportPlace(Invalid):
    """报告主体不符."""

    code = "report-place"
    zh = "年底报告由县区上报，半年报告须填写牵头单位"
    en = "counties report at year end; half-yearly, name the lead unit"
    pointer = "/region_code"


def periods(kind: str, until: date) -> list[Month]:
    """The periods whose reports are asked for by a day, the first one first."""
    wanted = HALF_YEARS if kind == "half_year" else (12,)
    span = range(LAST_PERIOD.ordinal - FIRST_PERIOD.ordinal + 1)
    months = [FIRST_PERIOD.plus(n) for n in span]
    return [month for month in months if month.month in wanted and month.last_day <= until]


def due_day(kind: str, period: str) -> date:
    """The last day of a report's period.

    Raises:
        PeriodUnknown: the plan asks for no such report.
    """
    month = Month.parse(period)
    if month not in periods(kind, LAST_PERIOD.last_day):
        raise PeriodUnknown
    return month.last_day


@dataclass(frozen=True, slots=True)
class Expected:
    """应报告: who had to report by when; `submitted_on` is None while it is missing."""

    kind: str
    period: str
    region_code: str
    unit: str
    due_on: date
    submitted_on: date | None


def expected_reports(
    on: date,
    *,
    units: Iterable[str],
    counties: Iterable[str],
    city: str,
    submitted: Mapping[tuple[str, str, str, str], date],
) -> list[Expected]:
    """All reports asked for by a day, with when they came.

    Args:
        on: the day.
        units: lead units that are named; while nobody leads a task, nobody can be asked.
        counties: region codes of the counties.
        city: region code under which lead units report.
        submitted: (kind, period, region, unit) → the day.
    """
    asked = [("half_year", month, city, unit) for month in periods("half_year", on) for unit in sorted(set(units))]
    asked += [("year_end", month, county, "") for month in periods("year_end", on) for county in sorted(counties)]
    return [
        Expected(kind, str(month), place, unit, month.last_day, submitted.get((kind, str(month), place, unit)))
        for kind, month, place, unit in asked
    ]


HEADERS: Final = (
    "条款", "任务", "牵头单位", "期限", "项目数", "清单事项数", "已完成", "逾期", "最新进度（%）", "最新进展",
    "进展日期",
)  # fmt: skip


def report_rows(tasks: Sequence[Task], items: Sequence[Item], notes: Sequence[Note], on: date) -> list[list[str]]:
    """The rows of a report under `HEADERS`, one per task, as of a day: what came later is not in it."""
    return [_row(task, items, notes, on) for task in sorted(tasks, key=lambda task: task.place)]


def _row(task: Task, items: Sequence[Item], notes: Sequence[Note], on: date) -> list[str]:
    own = [item for item in items if item.task == task.code and item.planned_on <= on and item.state != "dropped"]
    done = [item for item in own if item.done_on is not None and item.done_on <= on]
    told = sorted((n for n in notes if n.task == task.code and n.noted_on <= on), key=lambda n: (n.noted_on, n.id))
    percents = [note.percent for note in told if note.percent is not None and note.item_id is None]
    return [
        task.clause,
        task.title,
        task.lead_unit,
        task.due_on.isoformat() if task.due_on else task.stated,
        str(sum(item.project_id is None for item in own)),
        str(sum(item.project_id is not None for item in own)),
        str(len(done)),
        str(sum(item.overdue(on) for item in own)),
        str(percents[-1]) if percents else "",
        told[-1].words if told else "",
        told[-1].noted_on.isoformat() if told else "",
    ]
