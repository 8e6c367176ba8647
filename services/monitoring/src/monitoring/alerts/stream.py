"""What of the event log an officer's stream shows: changes of alerts and what was done about them, his own only."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from events.catalog.monitoring import (
    AlertAcknowledged,
    AlertClosed,
    AlertEscalated,
    AlertHandedUp,
    AlertJudged,
    AlertRaised,
    AlertRetracted,
    AlertSnoozed,
)
from events.live import LiveLog
from events.wire import LoggedEvent
from kit.feed import FeedRow, Source

from . import queries
from .rules import Duties, Holder
from .texts import LEVEL_NAMES, RULE_NAMES

_KINDS: Final = {
    cls.wire_type(): cls.event_name()
    for cls in (
        AlertRaised,
        AlertEscalated,
        AlertRetracted,
        AlertClosed,
        AlertHandedUp,
        AlertAcknowledged,
        AlertJudged,
        AlertSnoozed,
    )
}
_DUTIES_SECONDS: Final = 5.0
"""How long the streams go by the duties they know."""
_LEVELS: Final = list(LEVEL_NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a stream is asked for; `officer` set = only what this account answers for."""

    officer: str | None = None
    path: str = ""
    level: str | None = None
    """this level and higher"""
    rule: str | None = None

    def takes(self, data: dict[str, Any]) -> bool:
        """Whether an alert's change passes the filters."""
        high_enough = self.level is None or _LEVELS.index(data["level"]) >= _LEVELS.index(self.level)
        return high_enough and data["path"].startswith(self.path) and self.rule in (None, data["rule"])


@dataclass(frozen=True, slots=True)
class Changed:
    """预警动态: one change of an alert, read once for all streams."""

    kind: str
    data: dict[str, Any]
    row: FeedRow


def changed(event: LoggedEvent) -> Changed | None:
    """The change that an event tells of; None for events that are not about alerts."""
    kind = _KINDS.get(event.type)
    if kind is None:
        return None
    data = json.loads(event.data)
    return Changed(kind, data, _row(event, kind, data))


class Live:
    """实时推送: the one reader and the one look at duties that all streams of a process share."""

    def __init__(self, engine: AsyncEngine):
        self._log = LiveLog(engine, changed)
        self._on_duty = OnDuty(engine)

    def source(self, wanted: Wanted) -> Source:
        """The changes, as far as they are wanted."""

        async def rows(after: int) -> AsyncIterator[FeedRow]:
            async for change in self._log.follow(after):
                if wanted.takes(change.data) and await self._his(wanted.officer, change):
                    yield change.row

        return rows

    async def _his(self, officer: str | None, change: Changed) -> bool:
        return officer is None or await self._on_duty.answers(officer, change.kind, change.data)


class OnDuty:
    """Duties as they stood some seconds ago."""

    def __init__(self, engine: AsyncEngine):
        self._engine = engine
        self._known: Duties | None = None
        self._at = 0.0

    async def answers(self, officer: str, kind: str, data: dict[str, Any]) -> bool:
        """Whether the alert is the officer's; what was handed up is told to both levels."""
        if self._known is None or monotonic() - self._at > _DUTIES_SECONDS:
            async with self._engine.connect() as connection:
                self._known, self._at = await queries.duties(connection), monotonic()
        holder = Holder(data.get("holder", Holder.VILLAGE))
        below = [level for level in Holder if kind == AlertHandedUp.event_name() and level.above is holder]
        return self._known.answers(officer, data["path"], holder, *below)


def _row(event: LoggedEvent, kind: str, data: dict[str, Any]) -> FeedRow:
    line = {
        "event_id": str(event.id),
        "household_id": str(event.household_id),
        "region_code": event.region,
        **data,
        "rule_name": dict(zip(("zh", "en"), RULE_NAMES[data["rule"]], strict=True)),
        "level_text": dict(zip(("zh", "en"), LEVEL_NAMES[data["level"]], strict=True)),
        "recorded_at": event.recorded_at.isoformat(),
        "trace_id": event.traceparent.split("-")[1] if event.traceparent else None,
        "correlation_id": str(event.correlation_id),
    }
    return FeedRow(seq=event.seq, kind=kind, path=data["path"], data=json.dumps(line, ensure_ascii=False))
