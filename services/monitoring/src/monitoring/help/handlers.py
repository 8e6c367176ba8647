"""Requests as they stand in the received log, the cases they were asked for, and what departments answer."""

from events.catalog.help import HelpDeclined, HelpProvided, HelpTaken
from events.catalog.monitoring import HelpRequested
from events.received import Handlers

from .service import ENDING, on_answer, on_requested

HANDLERS: Handlers = {
    **dict.fromkeys((HelpRequested, *ENDING), (on_requested,)),
    **dict.fromkeys((HelpTaken, HelpProvided, HelpDeclined), (on_answer,)),
}
