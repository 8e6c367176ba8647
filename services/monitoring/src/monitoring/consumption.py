"""What monitoring does with what it hears: one table, for live flow and rebuild alike."""

from events.received import Handlers, merge_handlers

from .care.handlers import HANDLERS as CARE
from .cases.handlers import HANDLERS as CASES
from .help.handlers import HANDLERS as HELP
from .policy.handlers import HANDLERS as POLICY
from .profile.handlers import handlers as profile_handlers
from .profile.service import Profiles


def handlers(profiles: Profiles) -> Handlers:
    """Event class → handlers: ticks and policy changes, acts of officers, cases, help, then facts."""
    return merge_handlers(POLICY, CARE, CASES, HELP, profile_handlers(profiles))
