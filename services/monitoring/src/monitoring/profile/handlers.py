"""Facts as they enter the received log."""

from events.received import Handlers

from .intake import FACTS
from .service import Profiles


def handlers(profiles: Profiles) -> Handlers:
    """Every kind of fact goes into the fold."""
    return dict.fromkeys(FACTS, (profiles.take,))
