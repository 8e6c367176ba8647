"""Use cases of seeing alerts through; none commits. An act is an event of the received log, so a replay has it too.

1. The officer's call holds the gate, checks, appends the event, receives it and writes it down as pending. Alone under
   the gate: a batch may draw its numbers before it learns which households it concerns, and the sweep takes up what is
   pending, so an act between the two would be taken up live before, in a replay after that batch.
2. The household takes it up in the order of the received log: before its next event, or in the sweep, within a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.catalog.base import Event
from events.catalog.monitoring import AlertAcknowledged, AlertJudged, AlertSnoozed, HelpRequested, HelpRequestedV2
from events.gate import gate_exclusive
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit import policy
from kit.auth import Principal
from kit.clock import now

from ..alerts import queries as alerts
from ..alerts.rules import Act, ActKind, SnoozeReason, Verdict
from ..alerts.rules.care import check_snooze, check_verdict
from ..alerts.rules.refusals import AlertEnded, AlertUnknown, NotTheSameHousehold
from ..received import receive_own
from . import queries
from .rules import Pending

_KINDS: Final[dict[type[Event], ActKind]] = {
    AlertAcknowledged: ActKind.ACKNOWLEDGED,
    AlertJudged: ActKind.JUDGED,
    AlertSnoozed: ActKind.SNOOZED,
    HelpRequested: ActKind.ASKED,
    HelpRequestedV2: ActKind.ASKED,
}
ACTS: Final = tuple(_KINDS)
"""Events by which officers act on alerts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """核实结论: what was found on the spot, with what the verdict needs."""

    verdict: Verdict
    helped_on: date | None
    duplicate_of: UUID | None


async def acknowledge(tx: AsyncConnection, alert_id: UUID, who: Principal) -> Row[Any]:
    """Take an alert up.

    Raises:
        AlertUnknown, AlertEnded: as they say.
    """
    alert, on = await _to_act_on(tx, alert_id)
    if alert.state != "open":
        raise AlertEnded
    return await _done(tx, alert, AlertAcknowledged(**_common(alert, on, who)))


async def judge(tx: AsyncConnection, alert_id: UUID, finding: Finding, who: Principal) -> Row[Any]:
    """Say what was found; a closed alert can be judged too, a retracted one was disproved already.

    Raises:
        AlertUnknown, AlertEnded, VerdictIncomplete, HelpOutOfTime, NotTheSameHousehold: as they say.
    """
    alert, on = await _to_act_on(tx, alert_id)
    duplicate = finding.duplicate_of is not None
    check_verdict(finding.verdict, finding.helped_on, duplicate, opened_on=alert.opened_on, on=on)
    if alert.state == "retracted" or (duplicate and alert.state != "open"):
        raise AlertEnded
    rule = await _original(tx, alert, finding.duplicate_of) if finding.duplicate_of else None
    return await _done(
        tx,
        alert,
        AlertJudged(
            **_common(alert, on, who),
            verdict=finding.verdict,
            helped_on=finding.helped_on,
            duplicate_of=finding.duplicate_of,
            duplicate_rule=rule,
        ),
    )


async def snooze(tx: AsyncConnection, alert_id: UUID, *, until: date, reason: SnoozeReason, who: Principal) -> Row[Any]:
    """Put an alert off until a day; a rise of its level ends that.

    Raises:
        AlertUnknown, AlertEnded, SnoozeUnlimited, SnoozeOutOfRange: as they say.
    """
    alert, on = await _to_act_on(tx, alert_id)
    if alert.state != "open":
        raise AlertEnded
    most = (await policy.load(tx)).at("snooze.most.days", alert.path, on)
    check_snooze(until, on=on, most=None if most is None else int(most.value))
    return await _done(tx, alert, AlertSnoozed(**_common(alert, on, who), until=until, reason=reason))


async def _to_act_on(tx: AsyncConnection, alert_id: UUID) -> tuple[Row[Any], date]:
    await gate_exclusive(tx)
    on = await today(tx)
    known = await alerts.one(tx, alert_id)
    if known is None:
        raise AlertUnknown
    await locked(tx, [known.household_id])
    alert = await alerts.one(tx, alert_id)
    if alert is None:
        raise AlertUnknown
    return alert, on


async def _original(tx: AsyncConnection, alert: Row[Any], original_id: UUID) -> str:
    original = await alerts.one(tx, original_id)
    fits = (
        original is not None
        and original.id != alert.id
        and original.household_id == alert.household_id
        and original.state == "open"
        and original.merged_into is None
    )
    if original is None or not fits:
        raise NotTheSameHousehold
    return str(original.rule)


def _common(alert: Row[Any], on: date, who: Principal) -> dict[str, Any]:
    return {
        "alert_id": alert.id,
        "rule": alert.rule,
        "level": alert.level,
        "business_date": on,
        "version": alert.version,
        "officer": who.subject,
        "path": alert.path,
        "holder": alert.holder,
    }


async def _done(tx: AsyncConnection, alert: Row[Any], event: Event) -> Row[Any]:
    new = NewEvent(
        event=event,
        key=alert.household_id,
        household_id=alert.household_id,
        region=alert.region,
        occurred_at=now(),
        fact_id=alert.id,
    )
    [appended] = await append(tx, new)
    received = await receive_own(tx, appended.seq)
    await on_alert_handled(tx, [received])
    return next(row for row in await queries.of_alert(tx, alert.id) if row.number == received.number)


async def on_alert_handled(tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
    """Write acts down; their households take them up in their place. Help asked for a case is none on an alert."""
    await queries.add(tx, [_row(event) for event in events if event.data.alert_id is not None])


def _row(event: Received[Any]) -> dict[str, object]:
    data = event.data
    return {
        "number": event.number,
        "alert_id": data.alert_id,
        "household_id": event.key,
        "path": data.path,
        "kind": _KINDS[type(data)].value,
        "verdict": getattr(data, "verdict", None),
        "acted_on": data.business_date,
        "officer": data.officer,
    }


def pending(event: Received[Any]) -> Pending:
    """An act that its household has not taken up."""
    return Pending(event.number, event.data.alert_id, _act(event.data), event)


def _act(data: Any) -> Act:
    kind = _KINDS[type(data)]
    match kind:
        case ActKind.JUDGED:
            verdict = Verdict(data.verdict)
            return Act(
                kind=kind,
                on=data.business_date,
                verdict=verdict,
                helped_on=data.helped_on,
                merged_into=data.duplicate_rule,
            )
        case ActKind.SNOOZED:
            return Act(kind=kind, on=data.business_date, until=data.until, reason=SnoozeReason(data.reason))
    return Act(kind=kind, on=data.business_date)


async def apply(tx: AsyncConnection, applied: Sequence[Pending], late: Sequence[Pending]) -> None:
    """These were taken up; of them, `late` concern alerts that had ended, whose rows only remember."""
    for item in late:
        await queries.judge_ended(
            tx,
            id=item.alert_id,
            on=item.act.on,
            verdict=item.act.verdict,
            helped_on=item.act.helped_on,
            number=item.number,
            event=item.event.id,
            at=item.event.recorded_at,
        )
    if applied:
        await queries.mark_applied(tx, [item.number for item in applied])


async def move(tx: AsyncConnection, moved: Mapping[UUID, str]) -> None:
    """Let acts follow their households to the new path."""
    if moved:
        await queries.move(tx, moved)
