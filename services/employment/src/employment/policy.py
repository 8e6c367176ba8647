"""Which policy values the rules of employment read, each with its unit; their routes. Seeds stand in `policy.toml`."""

from collections.abc import Mapping
from typing import Final

from kit.policies import Policies, policy_router
from kit.policy_book import Unit

from .posts.rules import CONTRACT_MONTHS
from .subsidies.rules import KINDS, TERMS
from .workers.service.missed import PAY_DAY

NAMES: Final[Mapping[str, Unit]] = {
    PAY_DAY: Unit.DAY_OF_MONTH,
    "labour.age.from": Unit.YEARS,
    "labour.age.to.male": Unit.YEARS,
    "labour.age.to.female": Unit.YEARS,
    "zero_employment.offer.days": Unit.DAYS,
    CONTRACT_MONTHS: Unit.MONTHS,
    **{f"subsidy.{kind}.{term}": unit for kind in KINDS for term, unit in TERMS.items()},
}
"""Name → unit; a rule that reads another value adds it here."""

router = policy_router(Policies(NAMES), resource="employment-policy")
