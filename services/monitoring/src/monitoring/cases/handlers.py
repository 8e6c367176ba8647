"""Cases, as their steps stand in the received log."""

from events.received import Handlers

from .service import EVENTS, on_case

HANDLERS: Handlers = dict.fromkeys(EVENTS, (on_case,))
