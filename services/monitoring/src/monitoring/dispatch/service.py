"""Use cases of dispatch; none commits. Lists are made by the worker, decisions are events of the received log."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.catalog.base import Event
from events.catalog.monitoring import DispatchDecided, DispatchHeld
from events.gate import gate_exclusive
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import policy
from kit.auth import Principal
from kit.clock import now

from ..alerts import queries as alert_queries
from ..alerts.rules import Holder, Precision, Waiting, help_due, places_of, ranked
from ..care import queries as care_queries
from ..help import queries as help_queries
from ..policy.queries import business_date
from ..received import receive_own
from . import queries
from .rules import (
    AlertSeen,
    CaseSeen,
    HelpSeen,
    Level,
    Line,
    Period,
    Resolution,
    SourceSeen,
    agenda,
    parent_of,
    period_of,
)
from .rules.refusals import DoByPast, HeldOutOfTime, LineUnknown, ListHeld, ListUnknown

_RHYTHM: Final = {
    Level.TOWNSHIP: "dispatch.township.per_month",
    Level.COUNTY: "dispatch.county.per_month",
    Level.CITY: "dispatch.city.months",
}
_LINE_COLUMNS: Final = tuple(Line.__slots__)


async def make_lists(tx: AsyncConnection) -> int | None:
    """Make the lists that are due on the business date; how many, or None where it is not the time to look yet."""
    on = await business_date(tx)
    if on is None or not await queries.alone(tx) or await queries.behind(tx):
        return None
    due = await _due(tx, on)
    if not due:
        return 0
    alerts, cases, sources = _by_area(await _alerts(tx, on)), _by_area(await _cases(tx)), _by_area(await _sources(tx))
    helps = _by_area(await _helps(tx, on))
    book, made = await policy.load(tx), 0
    for level, path, period in due:
        here = {"alerts": alerts[path], "cases": cases[path], "helps": helps[path], "sources": sources[path]}
        lines = agenda(level, path, on=on, **here)
        days = _value(book, f"dispatch.{level}.hold.days", path, on)
        made += await _add(tx, level, path, period, on=on, days=days, lines=lines)
    return made


def _by_area(seen: Sequence[Any]) -> defaultdict[str, list[Any]]:
    """What was seen, under every area it lies in: 150 lists do not look through all of it each."""
    areas: defaultdict[str, list[Any]] = defaultdict(list)
    for item in seen:
        for area in places_of(item.path):
            areas[area].append(item)
    return areas


async def _due(tx: AsyncConnection, on: date) -> list[tuple[Level, str, Period]]:
    book, known = await policy.load(tx), await queries.known(tx)
    due = []
    for place in await queries.places(tx, on):
        level = Level(place.level)
        rhythm = _value(book, _RHYTHM[level], place.path, on)
        period = period_of(level, on, rhythm) if rhythm is not None else None
        if period is not None and (level.value, place.path, period.first) not in known:
            due.append((level, place.path, period))
    return due


def _value(book: policy.PolicyBook, name: str, path: str, on: date) -> int | None:
    value = book.at(name, path, on)
    return None if value is None else int(value.value)


async def _alerts(tx: AsyncConnection, on: date) -> list[AlertSeen]:
    """Open alerts that somebody must act on, by rank."""
    book = await policy.load(tx)
    rows = {row.id: row for row in await alert_queries.open_below(tx, [""], on)}
    worth = {rule: Precision.of(c) for rule, c in (await care_queries.verdicts(tx, by="rule", path="")).items()}
    waiting = (
        Waiting(
            id=row.id,
            rule=row.rule,
            level=row.level,
            holder=Holder(row.holder),
            held_since=row.held_since,
            helped=row.helped_on is not None,
        )
        for row in rows.values()
    )
    return [_seen(rows[item.id], book) for item in ranked(waiting, worth)]


def _seen(row: Row[Any], book: policy.PolicyBook) -> AlertSeen:
    due = help_due(row.opened_on, _value(book, "help.days", row.path, row.opened_on))
    return AlertSeen(
        id=row.id,
        household_id=row.household_id,
        path=row.path,
        rule=row.rule,
        level=row.level,
        holder=Holder(row.holder),
        opened_on=row.opened_on,
        help_due=None if row.helped_on else due,
    )


async def _cases(tx: AsyncConnection) -> list[CaseSeen]:
    return [CaseSeen(**row._mapping) for row in await queries.open_cases(tx)]


async def _helps(tx: AsyncConnection, on: date) -> list[HelpSeen]:
    names = HelpSeen.__slots__
    return [HelpSeen(**{name: getattr(row, name) for name in names}) for row in await help_queries.overdue(tx, on)]


async def _sources(tx: AsyncConnection) -> list[SourceSeen]:
    return [SourceSeen(**row._mapping) for row in await queries.silent_sources(tx)]


async def _add(
    tx: AsyncConnection, level: Level, path: str, period: Period, *, on: date, days: int | None, lines: Sequence[Line]
) -> bool:
    list_id = derived_id("dispatch", level.value, path, period.first)
    row = {
        "id": list_id,
        "level": level.value,
        "path": path,
        "above": parent_of(path),
        "period_from": period.first,
        "period_to": period.last,
        "made_on": on,
        "due_on": None if days is None else on + timedelta(days=days),
    }
    rows = [
        {**{name: getattr(line, name) for name in _LINE_COLUMNS}, "kind": line.kind.value, "list_id": list_id,
         "place": place, "id": derived_id(list_id, line.kind.value, line.subject_id or line.what)}
        for place, line in enumerate(lines, 1)
    ]  # fmt: skip
    return await queries.add_list(tx, row, rows)


async def decide(
    tx: AsyncConnection,
    list_id: UUID,
    line_id: UUID,
    *,
    resolution: Resolution,
    responsible: str | None,
    do_by: date | None,
    who: Principal,
) -> Row[Any]:
    """Decide on a line; until the meeting is closed a later decision replaces an earlier one.

    Raises:
        ListUnknown, ListHeld, LineUnknown, DoByPast: as they say.
    """
    await gate_exclusive(tx)
    on = await today(tx)
    meeting = await _open(tx, list_id)
    line = await queries.line(tx, list_id, line_id)
    if line is None:
        raise LineUnknown
    if do_by is not None and do_by < on:
        raise DoByPast
    given = {"resolution": resolution.value, "responsible": responsible, "do_by": do_by}
    event = DispatchDecided(
        list_id=list_id,
        line_id=line_id,
        meeting=meeting.level,
        kind=line.kind,
        subject_id=line.subject_id,
        business_date=on,
        officer=who.subject,
        path=line.path,
        **given,
    )
    await _tell(tx, event, key=line.household_id or list_id, household_id=line.household_id, fact_id=line.subject_id)
    return await queries.decide(tx, line_id, **given, decided_by=who.subject, decided_on=on)


async def hold(tx: AsyncConnection, list_id: UUID, *, held_on: date | None, attendees: int, who: Principal) -> Row[Any]:
    """Say that the meeting was held; its decisions stand from then on.

    Raises:
        ListUnknown, ListHeld, HeldOutOfTime: as they say.
    """
    await gate_exclusive(tx)
    on = await today(tx)
    meeting = await _open(tx, list_id)
    day = held_on or on
    if not meeting.made_on <= day <= on:
        raise HeldOutOfTime
    counted = await queries.counts(tx, list_id)
    event = DispatchHeld(
        list_id=list_id,
        meeting=meeting.level,
        path=meeting.path,
        period_from=meeting.period_from,
        due_on=meeting.due_on,
        held_on=day,
        business_date=on,
        officer=who.subject,
        attendees=attendees,
        lines=sum(row.lines for row in counted),
        decided=sum(row.lines for row in counted if row.resolution),
    )
    await _tell(tx, event, key=list_id)
    return await queries.hold(tx, list_id, held_on=day, attendees=attendees, held_by=who.subject)


async def _open(tx: AsyncConnection, list_id: UUID) -> Row[Any]:
    meeting = await queries.one(tx, list_id, lock=True)
    if meeting is None:
        raise ListUnknown
    if meeting.held_on is not None:
        raise ListHeld
    return meeting


async def _tell(
    tx: AsyncConnection, event: Event, *, key: UUID, household_id: UUID | None = None, fact_id: UUID | None = None
) -> None:
    await locked(tx, [key])
    new = NewEvent(event=event, key=key, household_id=household_id, occurred_at=now(), fact_id=fact_id)
    [appended] = await append(tx, new)
    await receive_own(tx, appended.seq)
