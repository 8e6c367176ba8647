"""Which policy values the rules of monitoring read, each with its unit."""

from collections.abc import Mapping
from typing import Final

from kit.policy_book import Unit

from ..alerts.rules import Holder
from ..help.rules import DUE_DAYS, FLAGS
from ..indicators.rules import ASSESSEES, BODIES, CATALOGUE, COMPARED, TEAM_FILLED
from ..indicators.rules import Measure as Counted
from ..risk.rules import CANDIDATES, MARKS, RULES, Level

_MEASURES: Final = {item.id: item.measure for item in (*CATALOGUE.values(), TEAM_FILLED)}


def _unit(indicator: str) -> Unit:
    return Unit.YUAN if _MEASURES[indicator] is Counted.YUAN else Unit.PERCENT


NAMES: Final[Mapping[str, Unit]] = {
    "line.monitoring": Unit.YUAN,
    "line.one_to_one": Unit.YUAN,
    "income.drop.share": Unit.SHARE,
    "income.transfer.share": Unit.SHARE,
    "work.job_lost.days": Unit.DAYS,
    "work.wage_missing.months": Unit.MONTHS,
    "expense.medical.monitored": Unit.YUAN,
    "expense.medical.general": Unit.YUAN,
    "expense.schooling": Unit.YUAN,
    **{f"debt.overdue.{level.wire}": Unit.DAYS for level in (Level.YELLOW, Level.ORANGE, Level.RED)},
    "debt.due_soon.days": Unit.DAYS,
    "market.order_lost.share": Unit.SHARE,
    "market.one_buyer.share": Unit.SHARE,
    "support.no_measure.days": Unit.DAYS,
    "support.no_development.months": Unit.MONTHS,
    **{f"stale.{source}.months": Unit.MONTHS for source in ("survey", "wages")},
    **{f"dwell.{rule}": Unit.DAYS for rule in RULES if rule not in MARKS},
    **{f"dwell.{candidate.id}": Unit.DAYS for candidate in CANDIDATES.values()},
    **{f"escalation.{holder}.days": Unit.DAYS for holder in Holder if holder.above is not None},
    "help.days": Unit.DAYS,
    DUE_DAYS: Unit.DAYS,
    **dict.fromkeys(FLAGS, Unit.FLAG),
    "snooze.most.days": Unit.DAYS,
    "alerts.budget.week": Unit.COUNT,
    "case.identification.days": Unit.DAYS,
    "case.notice.days": Unit.DAYS,
    "case.verify.persons": Unit.COUNT,
    "case.elimination.months": Unit.MONTHS,
    "delivery.giveup.hours": Unit.HOURS,
    "dispatch.township.per_month": Unit.COUNT,
    "dispatch.county.per_month": Unit.COUNT,
    "dispatch.city.months": Unit.MONTHS,
    **{f"dispatch.{level}.hold.days": Unit.DAYS for level in ("township", "county", "city")},
    **{name: Unit.PERCENT for who in ASSESSEES for name in who.names("weight")},
    **{
        f"{who.prefix}.{bound}.{name}": _unit(name)
        for who in ASSESSEES
        for bound in ("full", "none")
        for name in who.indicators
    },
    **{f"compare.{body}.{indicator}": _unit(indicator) for body in BODIES for indicator in COMPARED},
}
"""Name → unit; a rule that reads another value adds it here."""

ASIDE: Final = ("assessment.", "compare.")
"""Names that begin so are read by indicators alone: no household has to be looked at again because of them."""

PLACES: Final = 2
"""Decimal places of a value, as many as LineChanged carries."""
