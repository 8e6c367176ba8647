"""Routes of the policy."""

from kit.policies import policy_router

from .names import NAMES
from .service import Lines

# Two places, as many as LineChanged carries.
router = policy_router(Lines(NAMES, places=2), resource="monitoring-policy")
