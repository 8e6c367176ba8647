"""Requests as they stand in the received log, and what departments answer."""

from events.catalog.help import HelpDeclined, HelpProvided, HelpTaken
from events.catalog.monitoring import HelpRequested
from events.received import Handlers

from .service import on_answer, on_requested

HANDLERS: Handlers = {
    HelpRequested: (on_requested,),
    **dict.fromkeys((HelpTaken, HelpProvided, HelpDeclined), (on_answer,)),
}
