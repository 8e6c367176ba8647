"""Pure rules of delivery: where to, what, when again, when no more."""

from .allowed import Allowed, literal
from .fate import ABOUT_TARGET, Change, SendProblem, SendState, Waiting, after_failure, not_to_send, pause
from .message import Message, link_to

__all__ = [
    "ABOUT_TARGET",
    "Allowed",
    "Change",
    "Message",
    "SendProblem",
    "SendState",
    "Waiting",
    "after_failure",
    "link_to",
    "literal",
    "not_to_send",
    "pause",
]
