"""Cases, as their steps stand in the received log."""

from events.received import Handlers

from .consents import HANDLERS as CONSENTS
from .service import EVENTS, on_case
from .taking_over import HANDLERS as REGISTER

HANDLERS: Handlers = {**dict.fromkeys(EVENTS, (on_case,)), **REGISTER, **CONSENTS}
