"""What one household adds to the counts and sums of its area. Pure: a function of its status on a date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from ...alerts.rules import HelpState as Help
from ...alerts.rules import Standing, Verdict, help_due, help_state
from ...risk.rules import Income, Level, Outcome, Policy, Profile, State

ONE: Final = Decimal(1)
SOURCES: Final = ("survey", "wages")
"""Sources that are expected to speak of a household (`freshness` of its profile)."""
LINES: Final = ("monitoring", "one_to_one")
_CENT: Final = Decimal("0.01")

Values = Mapping[str, Decimal]
"""Part of an indicator → what is added to it; a part that is not there adds nothing."""


@dataclass(frozen=True, slots=True)
class Counted:
    """计入: what a household adds at present, and to which area.

    Attributes:
        until: first day on which time alone may change it.
    """

    path: str = ""
    values: Values = field(default_factory=dict)
    until: date = field(default=date.max, compare=False)


NOTHING: Final = Counted()


def count(
    profile: Profile,
    level: Level,
    standings: Iterable[Standing],
    outcomes: Iterable[Outcome],
    policy: Policy,
    on: date,
) -> Counted:
    """What a household adds to the indicators of its area on a date."""
    said = {outcome.rule: outcome for outcome in outcomes}
    values = {"households": ONE, f"level.{level.wire}": ONE}
    if profile.lifted:
        values["category.lifted"] = ONE
    if profile.monitored and profile.category is not None:
        values[f"category.{profile.category}"] = ONE
    values |= _sources(profile, said)
    if profile.lifted or profile.monitored:
        values |= _of_target(profile, policy, on)
    if profile.listing is not None:
        values |= _measures(said)
    alerts, until = _alerts(profile, standings, policy, on)
    return Counted(profile.path, values | alerts, until)


def _sources(profile: Profile, said: Mapping[str, Outcome]) -> dict[str, Decimal]:
    """有无实时数据: a source that should speak of the household either does or is silent beyond its rhythm."""
    stale = said.get("data.stale")
    silent = set(stale.values) if stale is not None and stale.holds else set()
    found = {}
    for source in SOURCES:
        if source in profile.freshness:
            found[f"source.{source}.expected"] = ONE
            found[f"source.{source}.{'silent' if source in silent else 'live'}"] = ONE
    return found


def _of_target(profile: Profile, policy: Policy, on: date) -> dict[str, Decimal]:
    """脱贫人口（含监测对象）: those whose income the plan is about."""
    found = {"target": ONE}
    if (income := profile.income) is None:
        return found
    found |= {"income.known": ONE, **_income(income)}
    for line in LINES:
        value = policy.at(f"line.{line}", profile.path, on)
        if value is None:
            continue
        found[f"line.{line}.judged"] = ONE
        if income.published < value.value:
            found[f"line.{line}.below"] = ONE
        # As the rule on helpers does: what is lost already counts before the published figure shows it.
        if line == "one_to_one" and income.projected < value.value:
            found |= {"helper.needed": ONE} | ({"helper.assigned": ONE} if profile.helpers else {})
    return found


def _income(income: Income) -> dict[str, Decimal]:
    amounts = {
        "net": income.net,
        "gross": income.gross,
        "wage": income.wage,
        "business": income.business,
        "property": income.property,
        "transfer": income.transfer,
    }
    found = {f"income.{name}": amount.quantize(_CENT, ROUND_HALF_UP) for name, amount in amounts.items() if amount}
    return found | {"income.persons": Decimal(income.persons)}


def _measures(said: Mapping[str, Outcome]) -> dict[str, Decimal]:
    """帮扶措施覆盖 of listed households, as the rules on support see it."""
    found = {"measure.needed": ONE}
    if "measures" in said["support.no_measure"].values:
        found["measure.taken"] = ONE
        if said["support.mismatch"].state is State.CLEAR:
            found["measure.matched"] = ONE
    return found


def _alerts(
    profile: Profile, standings: Iterable[Standing], policy: Policy, on: date
) -> tuple[dict[str, Decimal], date]:
    found: dict[str, Decimal] = {}
    until = date.max
    for standing in standings:
        if standing.care.verdict is Verdict.DUPLICATE:
            continue
        days = policy.at("help.days", profile.path, standing.since)
        due = help_due(standing.since, None if days is None else int(days.value))
        care = standing.care
        state = help_state(due=due, helped_on=care.helped_on, open_=True, verdict=care.verdict, on=on)
        parts = ["alerts.open", f"alerts.{standing.peak.wire}"]
        if state is not Help.UNKNOWN:
            parts.append("alerts.timed")
        if state is Help.OVERDUE:
            parts.append("alerts.overdue")
        if state is Help.RUNNING and due is not None:
            until = min(until, due + timedelta(days=1))
        for part in parts:
            found[part] = found.get(part, Decimal(0)) + ONE
    return found, until
