"""Rules on shocks: a disaster or an accident that the household is not through."""

from datetime import date
from decimal import Decimal

from .model import Fact, Level, Outcome, Policy, Profile, State, ids, quiet, yuan

DISASTER = "shock.disaster"
ACCIDENT = "shock.accident"


def disaster(profile: Profile, policy: Policy, on: date) -> Outcome:
    """自然灾害: a disaster struck the household; red where what it lives on is lost."""
    return _shock(profile, DISASTER, "disaster", ("遭受自然灾害", "Struck by a disaster"))


def accident(profile: Profile, policy: Policy, on: date) -> Outcome:
    """意外事故: an accident struck the household; red where what it lives on is lost."""
    return _shock(profile, ACCIDENT, "accident", ("发生意外事故", "Struck by an accident"))


def _shock(profile: Profile, rule: str, kind: str, words: tuple[str, str]) -> Outcome:
    facts = tuple(fact for fact in profile.shocks if fact.data.get("kind") == kind)
    if not facts:
        return quiet(rule)
    first = min(fact.on for fact in facts)
    lost = any(fact.data.get("means_lost") is True for fact in facts)
    loss = _loss(facts)
    zh, en = f"{words[0]}（{first}）", f"{words[1]} (on {first})"
    if lost:
        zh, en = f"{zh}，生产生活资料受损", f"{en}, the means of living are lost"
    if loss is not None:
        zh, en = f"{zh}，损失 {yuan(loss)} 元", f"{en}, loss {yuan(loss)} yuan"
    values = {"happened_on": first.isoformat(), "means_lost": "yes" if lost else "no"}
    return Outcome(
        rule,
        State.HOLDS,
        Level.RED if lost else Level.ORANGE,
        values=values if loss is None else {**values, "loss": str(loss)},
        facts=ids(facts),
        zh=zh,
        en=en,
    )


def _loss(facts: tuple[Fact, ...]) -> Decimal | None:
    """What was assessed, together; None where nothing was."""
    assessed = [Decimal(str(loss)) for fact in facts if (loss := fact.data.get("loss")) is not None]
    return sum(assessed, Decimal(0)) if assessed else None
