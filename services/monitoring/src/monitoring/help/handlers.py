"""Requests as they stand in the received log, the cases they were asked for, and what departments answer."""

from events.catalog.monitoring import HelpRequested, HelpRequestedV2
from events.received import Handlers

from .service import ANSWERS, ENDING, on_answer, on_requested

HANDLERS: Handlers = {
    **dict.fromkeys((HelpRequested, HelpRequestedV2, *ENDING), (on_requested,)),
    **dict.fromkeys(ANSWERS, (on_answer,)),
}
