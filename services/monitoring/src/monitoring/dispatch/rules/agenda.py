"""What stands on a work list. Pure: what was seen on the business date gives the lines in their order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ...alerts.rules import Holder
from .model import Kind, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSeen:
    """未办结预警, in the order of `alerts.rules.ranked`; `help_due` = last day of the help clock while it runs."""

    id: UUID
    household_id: UUID
    path: str
    rule: str
    level: str
    holder: Holder
    opened_on: date
    help_due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSeen:
    """在办个案; `due_on` = last day of identification."""

    id: UUID
    household_id: UUID
    path: str
    state: str
    since: date
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpSeen:
    """逾期未办帮扶请求: a department owes an answer since `due_on`."""

    id: UUID
    household_id: UUID
    path: str
    offer: str
    asked_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """陈旧来源 of a village: households it is silent about, and the last day it spoke of any of them."""

    path: str
    source: str
    households: int
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """清单事项: one alert, case, request or source.

    Attributes:
        path: where it is.
        what: rule of an alert, state of a case, offer of a request, name of a source.
        due_on: last day of the clock that runs; `overdue`, whether it has passed.
        households: how many it is about.
    """

    kind: Kind
    path: str
    what: str
    subject_id: UUID | None = None
    household_id: UUID | None = None
    level: str | None = None
    since: date | None = None
    due_on: date | None = None
    overdue: bool = False
    households: int = 1


def agenda(
    level: Level,
    path: str,
    *,
    on: date,
    alerts: Iterable[AlertSeen],
    cases: Iterable[CaseSeen],
    helps: Iterable[HelpSeen],
    sources: Iterable[SourceSeen],
) -> list[Line]:
    """The list of a place: alerts by rank, cases that wait for it or are late, late requests, silent sources.

    A township looks at every open alert, a county at those that came up to it or are red, the city at those that the
    county holds and that are red or late.
    """
    here = [_alert(alert, on) for alert in alerts if alert.path.startswith(path) and _concerns(level, alert, on)]
    waiting = [_case(case, on) for case in cases if case.path.startswith(path)]
    waiting = [line for line in waiting if line.overdue or line.what == level.value]
    waiting.sort(key=lambda line: (not line.overdue, line.due_on or date.max, str(line.subject_id)))
    late = [_help(asked) for asked in helps if asked.path.startswith(path)]
    return [*here, *waiting, *late, *_sources(path, sources)]


def _late(day: date | None, on: date) -> bool:
    return day is not None and on > day


def _concerns(level: Level, alert: AlertSeen, on: date) -> bool:
    match level:
        case Level.TOWNSHIP:
            return True
        case Level.COUNTY:
            return alert.holder is Holder.COUNTY or alert.level == "red"
    return alert.holder is Holder.COUNTY and (alert.level == "red" or _late(alert.help_due, on))


def _alert(alert: AlertSeen, on: date) -> Line:
    return Line(
        kind=Kind.ALERT,
        path=alert.path,
        what=alert.rule,
        subject_id=alert.id,
        household_id=alert.household_id,
        level=alert.level,
        since=alert.opened_on,
        due_on=alert.help_due,
        overdue=_late(alert.help_due, on),
    )


def _case(case: CaseSeen, on: date) -> Line:
    return Line(
        kind=Kind.CASE,
        path=case.path,
        what=case.state,
        subject_id=case.id,
        household_id=case.household_id,
        since=case.since,
        due_on=case.due_on,
        overdue=_late(case.due_on, on),
    )


def _help(asked: HelpSeen) -> Line:
    return Line(
        kind=Kind.HELP,
        path=asked.path,
        what=asked.offer,
        subject_id=asked.id,
        household_id=asked.household_id,
        since=asked.asked_on,
        due_on=asked.due_on,
        overdue=True,
    )


def _sources(path: str, sources: Iterable[SourceSeen]) -> list[Line]:
    found: dict[str, tuple[int, date]] = {}
    for seen in sources:
        if seen.path.startswith(path):
            count, last = found.get(seen.source, (0, seen.last))
            found[seen.source] = count + seen.households, min(last, seen.last)
    return [
        Line(kind=Kind.SOURCE, path=path, what=source, since=last, households=count)
        for source, (count, last) in sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    ]
