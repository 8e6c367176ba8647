"""Acts on alerts, as they stand in the received log."""

from events.received import Handlers

from .service import ACTS, on_alert_handled

HANDLERS: Handlers = dict.fromkeys(ACTS, (on_alert_handled,))
