"""Alerts out of steps: the row as it now stands and the event that tells of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.monitoring import (
    AlertClosed,
    AlertEscalated,
    AlertHandedUp,
    AlertRaised,
    AlertRetracted,
    RiskLevel,
)
from events.ids import derived_id
from events.log import NewEvent
from events.received import Received

from ..risk.rules import Level, PolicyValue, Profile
from . import queries
from .rules import Change, Standing, Step
from .texts import handed_up, reason

_EVENTS: Final[Mapping[Change, type[AlertRaised]]] = {
    Change.RAISED: AlertRaised,
    Change.ESCALATED: AlertEscalated,
    Change.RETRACTED: AlertRetracted,
    Change.CLOSED: AlertClosed,
    Change.HANDED_UP: AlertHandedUp,
}
CLOCK: Final = "clock"
"""Source of an alert that no fact brought: a day passed, or policy changed."""
_STATES: Final = {Change.RETRACTED: "retracted", Change.CLOSED: "closed"}


def alert_id(household_id: UUID, standing: Standing) -> UUID:
    """预警编号: follows from household, rule and opening event, so a replay gives the same."""
    return derived_id(household_id, standing.rule, standing.opening)


def policy_version(values: Sequence[PolicyValue]) -> str | None:
    """政策版本: the values an alert rests on, in words that find them again."""
    return "; ".join(f"{value.name}@{value.valid_from} {value.document}" for value in values) or None


def told(
    profile: Profile, on: date, step: Step, cause: Received[Any], fact: str | None
) -> tuple[dict[str, object], NewEvent]:
    """The alert's row and its event after a step.

    Args:
        profile: of the household.
        on: the business date.
        step: what changed.
        cause: the event that brought it.
        fact: the kind of that event where it is a fact.
    """
    standing = step.standing
    id_ = alert_id(profile.household_id, standing)
    up = step.change is Change.HANDED_UP
    zh, en = handed_up(standing) if up else reason(step.change, step.outcome, fact)
    version = policy_version(step.outcome.policy)
    row = {
        **care_row(profile.household_id, on, standing, cause),
        "household_id": profile.household_id,
        "rule": standing.rule,
        "level": standing.peak.wire,
        "state": _STATES.get(step.change, "open"),
        "path": profile.path,
        "region": profile.region,
        "opened_on": standing.since,
        "opening_event": standing.opening,
        "raised_at": cause.recorded_at,
        "source": cause.source if fact else CLOCK,
        "reason_zh": zh,
        "reason_en": en,
        "policy_version": version,
    }
    event = _EVENTS[step.change](
        alert_id=id_,
        rule=standing.rule,
        level=level_of(standing.peak),
        business_date=on,
        version=standing.version,
        reason_zh=zh,
        reason_en=en,
        policy_version=version,
        path=profile.path,
        holder=standing.care.holder.value,
    )
    row = care_row(profile.household_id, on, standing, cause) if up else row
    return row, follow_up(profile, event, cause, fact_id=id_, revision=standing.version)


def care_row(household_id: UUID, on: date, standing: Standing, cause: Received[Any]) -> dict[str, object]:
    """What of an alert's row changes when somebody acts on it, or nobody does."""
    care = standing.care
    return {
        "id": alert_id(household_id, standing),
        "version": standing.version,
        "changed_on": on,
        "changed_event": cause.id,
        "changed_at": cause.recorded_at,
        "number": cause.number,
        "holder": care.holder.value,
        "held_since": care.since or standing.since,
        "acknowledged_on": care.acknowledged_on,
        "verdict": care.verdict,
        "helped_on": care.helped_on,
        "snoozed_until": care.snoozed_until,
        "snooze_reason": care.snooze_reason,
        "merged_into": care.merged_into,
    }


def follow_up(
    profile: Profile, event: Any, cause: Received[Any], *, fact_id: UUID | None = None, revision: int = 1
) -> NewEvent:
    """An event that follows from another, under the household's key, in its moment."""
    return NewEvent(
        event=event,
        key=profile.household_id,
        household_id=profile.household_id,
        region=profile.region,
        occurred_at=cause.occurred_at,
        fact_id=fact_id,
        revision=revision,
        cause=cause,
    )


def level_of(level: Level) -> RiskLevel:
    """The level as events carry it."""
    return RiskLevel(level.wire)


async def save(tx: AsyncConnection, rows: Sequence[Mapping[str, object]], moved: Mapping[UUID, str]) -> None:
    """Write alert rows, the last of each alert; then what only its care changed. `moved`: household → its new path."""
    whole: dict[object, Mapping[str, object]] = {}
    last: dict[object, Mapping[str, object]] = {}
    for row in rows:
        last[row["id"]] = row
        if "rule" in row:
            before = whole.get(row["id"])
            whole[row["id"]] = row if before is None else _over(before, row)
    await queries.write(tx, sorted(whole.values(), key=lambda row: str(row["id"])))
    await queries.tend(tx, [row for _, row in sorted(last.items(), key=lambda item: str(item[0])) if "rule" not in row])
    if moved:
        await queries.move(tx, moved)


def _over(before: Mapping[str, object], row: Mapping[str, object]) -> Mapping[str, object]:
    """The later row, as if the earlier one had been written before it."""
    return {
        **row,
        "raised_at": before["raised_at"],
        "source": before["source"],
        "policy_version": row["policy_version"] or before["policy_version"],
    }
