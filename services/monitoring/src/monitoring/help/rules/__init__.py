"""Pure rules of cause-matched help: which causes an alert tells, which offers answer them, how a request stands."""

from .causes import causes_of
from .offers import DUE_DAYS, FLAGS, OFFERS, Fit, Offering, fitting
from .requests import Answered, RequestState, overdue

__all__ = [
    "DUE_DAYS",
    "FLAGS",
    "OFFERS",
    "Answered",
    "Fit",
    "Offering",
    "RequestState",
    "causes_of",
    "fitting",
    "overdue",
]
