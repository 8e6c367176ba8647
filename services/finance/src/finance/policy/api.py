"""Routes of the policy."""

from kit.policies import Policies, policy_router

from .names import NAMES

router = policy_router(Policies(NAMES), resource="finance-policy")
