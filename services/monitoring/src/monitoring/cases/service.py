"""Use cases of cases; none commits. Each step is an event of the received log, the row is their fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.catalog.base import Event
from events.catalog.monitoring import (
    CaseAdvanced,
    CaseEliminated,
    CaseListed,
    CaseOpened,
    CaseReentered,
    CaseWithdrawn,
)
from events.gate import gate_exclusive
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit import policy
from kit.auth import Principal
from kit.clock import now
from kit.etag import require_version

from ..help import service as help_
from ..indicators import service as indicators
from ..indicators.rules import Changes
from ..received import receive_own
from . import queries
from .consents import check_consent
from .rules import Case, Move, Situation, State, Step, Way, check_elimination, due, moved, opened
from .rules.refusals import (
    CaseKnown,
    CaseUnknown,
    CategoryMissing,
    HouseholdUnknown,
    LevelTooLow,
    PolicyMissing,
    ProfileBehind,
    SameApprover,
    TooFewVerifiers,
)

CASE: Final = TypeAdapter(Case)
_STEP: Final = TypeAdapter(Step)
EVENTS: Final[tuple[type[Event], ...]] = (
    CaseOpened,
    CaseAdvanced,
    CaseListed,
    CaseEliminated,
    CaseReentered,
    CaseWithdrawn,
)
_TOWNSHIP_DIGITS: Final = 9
_COUNTY_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A household and where it is."""

    household_id: UUID
    path: str
    region: str


async def open_case(
    tx: AsyncConnection, household_id: UUID, step: Step, who: Principal, alert_id: UUID | None = None
) -> Row[Any]:
    """Register a clue, or load a household that was listed before the platform.

    Raises:
        HouseholdUnknown, CaseKnown: as they say.
    """
    await gate_exclusive(tx)
    on = await today(tx)
    await locked(tx, [household_id])
    where = await queries.household(tx, household_id)
    if where is None:
        raise HouseholdUnknown
    if await queries.standing(tx, household_id) is not None:
        raise CaseKnown
    place = Place(household_id, where.path, where.region)
    # A clue of a household that was refused before is a new case.
    case_id = derived_id("case", household_id, await queries.refused(tx, household_id))
    days = await _value(tx, "case.identification.days", place.path, on)
    clue = step.move is Move.OPEN
    step = replace(step, on=on, officer=who.subject, due_on=due(on, days) if clue else None)
    case = opened(case_id, step)
    extra = {"channel": step.channel, "alert_id": alert_id, "due_on": step.due_on} if clue else {}
    return await told(tx, place, case, step, extra)


async def take_step(tx: AsyncConnection, case_id: UUID, step: Step, *, version: int, who: Principal) -> Row[Any]:
    """Go on with a case by one step.

    Raises:
        CaseUnknown, PreconditionFailed, StepOutOfOrder, NoticeRunning, TooFewVerifiers, LevelTooLow, SameApprover,
        PolicyMissing, ProfileBehind, ConsentWithheld, EliminationRefused: as they say.
    """
    await gate_exclusive(tx)
    on = await today(tx)
    known = await queries.one(tx, case_id)
    if known is None:
        raise CaseUnknown
    await locked(tx, [known.household_id])
    row = await queries.one(tx, case_id)
    if row is None:
        raise CaseUnknown
    require_version(row.version, version)
    case = CASE.validate_python(row.body)
    place = Place(row.household_id, row.path, row.region)
    step = await _completed(tx, case, replace(step, on=on, officer=who.subject), place, who)
    return await told(tx, place, moved(case, step), step, {})


async def _completed(tx: AsyncConnection, case: Case, step: Step, place: Place, who: Principal) -> Step:
    """The step with what policy adds to it, checked against who takes it and what is known today."""
    match step.move:
        case Move.VERIFY:
            least = await _needed(tx, "case.verify.persons", place.path, step.on)
            if len(set(step.officers)) < least or len(set(step.officers)) != len(step.officers):
                raise TooFewVerifiers
        case Move.AUTHORISE | Move.COMPARE:
            await check_consent(tx, place.household_id)
        case Move.POST:
            days = await _needed(tx, "case.notice.days", place.path, step.on)
            return replace(step, until=step.on + timedelta(days=days))
        case Move.PASS_TOWNSHIP | Move.REFUSE | Move.RETURN:
            _require_level(who, _TOWNSHIP_DIGITS)
        case Move.APPROVE:
            await _check_approval(tx, case, step, place, who)
        case Move.PROPOSE_ELIMINATION if case.state is State.LISTED:
            await _check_elimination(tx, case, step, place)
    return step


async def _check_approval(tx: AsyncConnection, case: Case, step: Step, place: Place, who: Principal) -> None:
    _require_level(who, _COUNTY_DIGITS)
    if case.township_officer == who.subject:
        raise SameApprover
    if case.eliminating:
        await _check_elimination(tx, case, replace(step, way=case.way), place)
    elif step.category is None:
        raise CategoryMissing


def _require_level(who: Principal, digits: int) -> None:
    if not any(len(path.rstrip("/").rpartition("/")[2]) <= digits for path in who.paths):
        raise LevelTooLow


async def _check_elimination(tx: AsyncConnection, case: Case, step: Step, place: Place) -> None:
    found = await queries.situation(tx, place.household_id)
    if found is None or not found.current:
        raise ProfileBehind
    outcomes = {item["rule"]: item["state"] for item in found.outcomes}
    months = await _value(tx, "case.elimination.months", place.path, step.on)
    given = tuple((cause, item["category"]) for item in found.measures for cause in item["causes"])
    now_seen = Situation(outcomes=outcomes, no_labour=found.no_labour, measures=given)
    check_elimination(case, now_seen, way=step.way or Way.HELPED, months=months, on=step.on)


async def _value(tx: AsyncConnection, name: str, path: str, on: date) -> int | None:
    value = (await policy.load(tx)).at(name, path, on)
    return None if value is None else int(value.value)


async def _needed(tx: AsyncConnection, name: str, path: str, on: date) -> int:
    value = await _value(tx, name, path, on)
    if value is None:
        raise PolicyMissing
    return value


async def told(tx: AsyncConnection, place: Place, case: Case, step: Step, extra: Mapping[str, Any]) -> Row[Any]:
    """Tell of a step and fold it; the caller holds the gate and the household."""
    new = NewEvent(
        event=_event(case, step, place, extra),
        key=place.household_id,
        household_id=place.household_id,
        region=place.region,
        occurred_at=now(),
        fact_id=case.id,
        revision=case.version,
    )
    [appended] = await append(tx, new)
    received = await receive_own(tx, appended.seq)
    await on_case(tx, [received])
    if isinstance(received.data, help_.ENDING):
        await help_.on_requested(tx, [received])
    row = await queries.one(tx, case.id)
    if row is None:
        raise CaseUnknown
    return row


def _event(case: Case, step: Step, place: Place, extra: Mapping[str, Any]) -> Event:
    common = {
        "case_id": case.id,
        "move": step.move,
        "version": case.version,
        "business_date": step.on,
        "officer": step.officer,
        "path": place.path,
        "state": case.state,
        **extra,
    }
    if step.move is Move.OPEN:
        return CaseOpened(**common, green_channel=step.green_channel, causes=step.causes)
    listed = {"category": case.category, "causes": case.causes, "identified_on": case.identified_on}
    if step.move is Move.WITHDRAW:
        return CaseWithdrawn(**common, reason=case.reason, ruled_on=step.ruled_on)
    if case.state is State.LISTED and step.move in (Move.LOAD, Move.TAKE_OVER, Move.APPROVE):
        return CaseListed(**common, **listed, loaded=step.move is not Move.APPROVE, ruled_on=step.ruled_on)
    if step.move is Move.TAKE_OVER:
        gone = {"way": case.way, "eliminated_on": case.eliminated_on}
        return CaseEliminated(**common, **listed, **gone, ruled_on=step.ruled_on)
    if case.state is State.ELIMINATED:
        return CaseEliminated(**common, way=case.way, eliminated_on=step.on)
    if step.move is Move.REENTER:
        return CaseReentered(**common, causes=case.causes)
    given = ("officers", "confirmed", "until", "reason", "cause", "measure", "way")
    return CaseAdvanced(**common, **{name: getattr(step, name) for name in given})


async def on_case(tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
    """Fold steps into their cases, in the order of the received log."""
    changes = Changes()
    for event in events:
        step = _step(event.data)
        known = await queries.one(tx, event.data.case_id)
        before = CASE.validate_python(known.body) if known else None
        case = moved(before, step) if before else opened(event.data.case_id, step)
        changes.case(before, case, event.data.path, step.on, was=known.path if known else "")
        row = {
            "id": case.id,
            "household_id": event.key,
            "path": event.data.path,
            "region": event.region,
            "state": case.state.value,
            "eliminating": case.eliminating,
            "due_on": case.due_on,
            "decided_on": case.decided_on,
            "version": case.version,
            "number": event.number,
            "body": CASE.dump_python(case, mode="json"),
        }
        taken = {name: row[name] for name in ("household_id", "path", "state", "number")}
        detail = _STEP.dump_python(step, mode="json", exclude={"move", "on", "officer"}, exclude_defaults=True)
        what = {"case_id": case.id, "move": step.move.value, "on": step.on, "officer": step.officer, "detail": detail}
        await queries.put(tx, row, {**taken, **what, "applied": not step.move.told_to_rules})
    await indicators.record(tx, changes)


async def mark_applied(tx: AsyncConnection, steps: Sequence[Received[Any]]) -> None:
    """These were taken up."""
    if steps:
        await queries.mark_applied(tx, [step.number for step in steps])


def _step(data: Any) -> Step:
    names = Step.__slots__
    fields = {name: getattr(data, name) for name in names if hasattr(data, name)}
    if data.move != Move.TAKE_OVER:
        fields.pop("eliminated_on", None)  # the county's decision is of the day it is made
    return _STEP.validate_python({**fields, "on": data.business_date})


async def move(tx: AsyncConnection, moved: Mapping[UUID, str], on: date | None) -> Changes:
    """Let cases and their steps follow their households to the new path; what the areas gain and lose by it."""
    changes, there = Changes(), {household_id: path for household_id, path in moved.items() if path}
    found = await queries.of_households(tx, there) if there and on is not None else ()
    for case in found:
        if on is not None and case.path != there[case.household_id]:
            changes.case_moved(case.state, case.path, there[case.household_id], on)
    if found:
        await queries.move(tx, {case.household_id: there[case.household_id] for case in found})
    return changes
