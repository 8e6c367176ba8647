"""What of the event log an officer's stream shows."""

import json
from typing import Final

from events.catalog.monitoring import AlertClosed, AlertEscalated, AlertRaised, AlertRetracted
from events.wire import LoggedEvent
from kit.feed import FeedRow

from .texts import LEVEL_NAMES, RULE_NAMES

_KINDS: Final = {
    cls.wire_type(): cls.event_name() for cls in (AlertRaised, AlertEscalated, AlertRetracted, AlertClosed)
}


def shown(event: LoggedEvent) -> FeedRow | None:
    """An alert's change as one line of the stream; None for everything else."""
    kind = _KINDS.get(event.type)
    if kind is None:
        return None
    data = json.loads(event.data)
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
