"""Which policy values the rules of procurement read, each with its unit; their routes. Seeds stand in `policy.toml`."""

from collections.abc import Mapping
from typing import Final

from kit.policies import Policies, policy_router
from kit.policy_book import Unit

NAMES: Final[Mapping[str, Unit]] = {"reserve.ratio": Unit.SHARE, "union.per_person": Unit.YUAN}
"""Name → unit; a rule that reads another value adds it here."""

router = policy_router(Policies(NAMES), resource="procurement-policy")
