"""Lengthening the chain: off the hot path, out of what officers did as it stands in the received log."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.monitoring import (
    AlertAcknowledged,
    AlertJudged,
    AlertSnoozed,
    CaseAdvanced,
    CaseEliminated,
    CaseListed,
    CaseOpened,
    CaseReentered,
    CaseWithdrawn,
    DispatchDecided,
    DispatchHeld,
    HelpRequested,
    HelpRequestedV2,
    LineChanged,
    PolicyDraftWithdrawn,
)
from kit.chain import FIRST, Decision, chained

from . import queries

_ACTS: Final[tuple[type[Event], ...]] = (AlertAcknowledged, AlertJudged, AlertSnoozed)
_CASES: Final[tuple[type[Event], ...]] = (
    CaseOpened,
    CaseAdvanced,
    CaseListed,
    CaseEliminated,
    CaseReentered,
    CaseWithdrawn,
)
SUBJECTS: Final[Mapping[type[Event], tuple[str, str, str]]] = {
    **dict.fromkeys(_ACTS, ("alert", "alert_id", "officer")),
    **dict.fromkeys(_CASES, ("case", "case_id", "officer")),
    **dict.fromkeys((HelpRequested, HelpRequestedV2), ("help", "request_id", "officer")),
    DispatchDecided: ("dispatch", "line_id", "officer"),
    DispatchHeld: ("dispatch", "list_id", "officer"),
    LineChanged: ("policy", "policy_id", "released_by"),
    PolicyDraftWithdrawn: ("policy", "policy_id", "withdrawn_by"),
}
"""Decision → what it is about, where its id stands, and who decided."""
_BY_TYPE: Final = {cls.wire_type(): (cls, *subject) for cls, subject in SUBJECTS.items()}
CHUNK: Final = 200


async def lengthen(tx: AsyncConnection) -> int:
    """Chain the decisions made since the last call, `CHUNK` at most; how many they were."""
    if not await queries.alone(tx):
        return 0
    last = await queries.newest(tx)
    number, seq, previous = (last.number, last.seq, last.hash) if last else (0, 0, FIRST)
    acts = [cls.wire_type() for cls in _ACTS]
    rows = await queries.made(tx, after=seq, types=list(_BY_TYPE), acts=acts, most=CHUNK)
    await queries.add(tx, chained((_decision(row, number + n) for n, row in enumerate(rows, 1)), previous))
    return len(rows)


def _decision(row: Row[Any], number: int) -> Decision:
    cls, subject, id_field, who_field = _BY_TYPE[row.type]
    data = cls.model_validate(row.data)
    evidence = {"told": row.told, "caused_by": row.caused_by, "policy": row.policy}
    return Decision(
        number=number,
        seq=row.seq,
        event_id=row.id,
        kind=cls.event_name(),
        subject=subject,
        subject_id=getattr(data, id_field),
        household_id=row.household_id,
        path=getattr(data, "path", ""),
        officer=getattr(data, who_field) or "",
        decided_on=row.on_day,
        recorded_at=row.recorded_at,
        content=row.data,
        evidence={name: str(value) for name, value in evidence.items() if value is not None},
    )
