"""Acts on alerts, as they stand in the received log."""

from events.catalog.monitoring import AlertAcknowledged, AlertJudged, AlertSnoozed, HelpRequested
from events.received import Handlers

from .service import on_alert_handled

HANDLERS: Handlers = dict.fromkeys((AlertAcknowledged, AlertJudged, AlertSnoozed, HelpRequested), (on_alert_handled,))
