"""Routes of the policy."""

from kit.policies import policy_router

from .names import NAMES, PLACES
from .service import Lines

router = policy_router(Lines(NAMES, places=PLACES), resource="monitoring-policy")
