"""Which policy values the rules of households read, each with its unit; their routes. Seeds stand in `policy.toml`."""

from collections.abc import Mapping
from typing import Final

from kit.policies import Policies, policy_router
from kit.policy_book import Unit

from .assets.rules import BONUS_SHARE, WEAK_LINE
from .checks.rules import NAMES as CHECKED
from .duty.rules import GRID_SIZE
from .pilots.rules import EVERYWHERE, LEAST, MOST
from .preferences.rules import HOUSEHOLDS_LEAST, PAID_LEAST
from .reports.service.about import CODE_DAYS
from .reports.service.handling import ACCEPT_DAYS
from .set_asides.rules import INCOME_LINE, NOTICE_DAYS

NAMES: Final[Mapping[str, Unit]] = {
    GRID_SIZE: Unit.COUNT,
    ACCEPT_DAYS: Unit.DAYS,
    CODE_DAYS: Unit.DAYS,
    BONUS_SHARE: Unit.SHARE,
    WEAK_LINE: Unit.YUAN,
    HOUSEHOLDS_LEAST: Unit.COUNT,
    PAID_LEAST: Unit.YUAN,
    LEAST: Unit.COUNT,
    MOST: Unit.COUNT,
    EVERYWHERE: Unit.FLAG,
    NOTICE_DAYS: Unit.DAYS,
    INCOME_LINE: Unit.YUAN,
    **CHECKED,
}
"""Name → unit; a rule that reads another value adds it here."""

router = policy_router(Policies(NAMES), resource="households-policy")
