"""A household's status as its row keeps it, and back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import md5
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from pydantic_core import from_json, to_json
from sqlalchemy import Row

from ..alerts.rules import Care, Holder, SnoozeReason, Standing, Verdict
from ..indicators.rules import Counted
from ..risk.rules import Level, Outcome, Profile, State, quiet
from .rules import Status


class Shown(Struct, frozen=True):
    """展示内容: what of a status is shown, ready to be written; equal digests mean nothing has changed."""

    number: str
    path: str
    region: str
    level: str
    level_since: date | None
    standings: str
    outcomes: str
    figures: str
    indicators: str

    @property
    def digest(self) -> str:
        """A short form to compare by."""
        whole = "\x1f".join([str(getattr(self, name)) for name in self.__struct_fields__])
        return md5(whole.encode(), usedforsecurity=False).hexdigest()


class Showing:
    """一户的展示: what is as it was before is not written anew; it only saves time."""

    def __init__(self) -> None:
        self._before: tuple[Status, Shown] | None = None
        self._said: dict[str, tuple[Outcome, str]] = {}
        """rule → what it said last, and how that is written"""

    def of(self, status: Status) -> Shown:
        """What is shown of a status."""
        profile = status.profile
        content = Shown(
            number=profile.number if profile else "",
            path=profile.path if profile else "",
            region=profile.region if profile else "",
            level=status.level.wire,
            level_since=status.level_since,
            standings=self._part("standings", "standings", status, _standings),
            outcomes=self._part("outcomes", "outcomes", status, self._outcomes),
            figures=_json(_figures(profile) if profile else {}),
            indicators=self._part("indicators", "counted", status, _indicators),
        )
        self._before = status, content
        return content

    def _part(self, name: str, of: str, status: Status, write: Callable[[Any], str]) -> str:
        value = getattr(status, of)
        if self._before is not None and getattr(self._before[0], of) == value:
            return str(getattr(self._before[1], name))
        return write(value)

    def _outcomes(self, outcomes: Iterable[Outcome]) -> str:
        texts = []
        for outcome in outcomes:
            if outcome is quiet(outcome.rule):
                texts.append(_quietly(outcome.rule))
                continue
            known = self._said.get(outcome.rule)
            if known is None or (known[0] is not outcome and known[0] != outcome):
                known = self._said[outcome.rule] = outcome, _json(_said(outcome))
            texts.append(known[1])
        return f"[{','.join(texts)}]"


def shows_the_same(before: Status, after: Status) -> bool:
    """Whether two steps of a household certainly show the same; where it is doubtful, the digests decide."""
    old, new = before.profile, after.profile
    if old is None or new is None or old.income is not new.income:
        return False
    return (
        (old.number, old.path, old.region, before.level, before.level_since)
        == (new.number, new.path, new.region, after.level, after.level_since)
        and before.outcomes == after.outcomes
        and before.standings == after.standings
        and before.counted == after.counted
        and _figures(old) == _figures(new)
    )


def _json(value: object) -> str:
    return to_json(value).decode()


def _standings(standings: Mapping[str, Standing]) -> str:
    return _json([_standing(standing) for _, standing in sorted(standings.items())])


def _standing(standing: Standing) -> dict[str, object]:
    return {
        "rule": standing.rule,
        "level": standing.level.wire,
        "peak": standing.peak.wire,
        "since": standing.since.isoformat(),
        "opening": str(standing.opening),
        "version": standing.version,
        "lower": standing.lower.wire if standing.lower is not None else None,
        "lower_since": standing.lower_since.isoformat() if standing.lower_since else None,
        **({"care": _care(standing.care)} if standing.care != Care() else {}),
    }


def _care(care: Care) -> dict[str, str]:
    fields = {name: getattr(care, name) for name in Care.__struct_fields__}
    return {name: str(value) for name, value in fields.items() if value is not None}


_UNSAID: Final[Mapping[str, Any]] = MappingProxyType(
    {"level": Level.GREEN.wire, "values": {}, "facts": [], "policy": [], "zh": "", "en": "", "missing": None}
)
"""What is meant where an outcome in a row does not say it; most rules have nothing to say of most households."""


def _said(outcome: Outcome) -> dict[str, object]:
    """Facts and policy values by id: what they say is read where they stand."""
    told = {
        "level": outcome.level.wire,
        "values": dict(outcome.values),
        "facts": [str(id_) for id_ in outcome.facts],
        "policy": [str(value.id) for value in outcome.policy],
        "zh": outcome.zh,
        "en": outcome.en,
        "missing": outcome.missing,
    }
    more = {name: value for name, value in told.items() if value != _UNSAID[name]}
    return {"rule": outcome.rule, "state": str(outcome.state), **more}


@cache
def _quietly(rule: str) -> str:
    return _json(_said(quiet(rule)))


def in_full(item: Mapping[str, Any]) -> dict[str, Any]:
    """An outcome of a row with what goes without saying: level, values, facts, policy, words and what is missing."""
    return {**_UNSAID, **item}


def outcomes_of(told: str) -> list[Outcome]:
    """Outcomes out of a row, without their facts, policy and words: what they make of a household."""
    return [
        Outcome(item["rule"], State(item["state"]), Level[item["level"].upper()], values=item["values"])
        for item in map(in_full, from_json(told))
    ]


def _indicators(counted: Counted) -> str:
    return _json({part: str(value) for part, value in sorted(counted.values.items())})


def _figures(profile: Profile) -> dict[str, object]:
    income = profile.income
    figures: dict[str, object] = {
        "freshness": {source: day.isoformat() for source, day in sorted(profile.freshness.items())},
        "members": len(profile.members),
        "helpers": len(profile.helpers),
        "jobs": sum(1 for spell in profile.spells if spell.ended is None),
    }
    if income is not None:
        figures |= {
            "published": str(income.published),
            "projected": str(income.projected),
            "comparison": str(income.comparison),
            "window_from": income.window_from.isoformat(),
            "window_to": income.window_to.isoformat(),
            "carried_months": income.carried_months,
            "mixed": income.mixed,
            "sources": list(income.sources),
        }
    if profile.years:
        year = profile.years[-1]
        figures["verified_year"] = {"per_head": str(year.per_head), "until": year.fact.on.isoformat()}
    return figures


def status_of(row: Row[Any], on: date | None) -> Status:
    """The status a row keeps, as far as the next step needs it."""
    return Status(
        household_id=row.household_id,
        gate=row.gate,
        on=on,
        level=Level[row.level.upper()],
        level_since=row.level_since,
        standings={item["rule"]: _standing_of(item) for item in from_json(row.standings)},
        due_on=row.due_on,
        counted=Counted(row.path, {part: Decimal(value) for part, value in from_json(row.indicators).items()}),
    )


def _standing_of(item: dict[str, Any]) -> Standing:
    return Standing(
        rule=item["rule"],
        level=Level[item["level"].upper()],
        peak=Level[item["peak"].upper()],
        since=date.fromisoformat(item["since"]),
        opening=UUID(item["opening"]),
        version=item["version"],
        lower=Level[item["lower"].upper()] if item["lower"] else None,
        lower_since=date.fromisoformat(item["lower_since"]) if item["lower_since"] else None,
        care=_care_of(item.get("care", {})),
    )


def _care_of(item: dict[str, str]) -> Care:
    def day(name: str) -> date | None:
        return date.fromisoformat(item[name]) if name in item else None

    return Care(
        holder=Holder(item.get("holder", Holder.VILLAGE)),
        since=day("since"),
        acknowledged_on=day("acknowledged_on"),
        verdict=Verdict(item["verdict"]) if "verdict" in item else None,
        helped_on=day("helped_on"),
        snoozed_until=day("snoozed_until"),
        snooze_reason=SnoozeReason(item["snooze_reason"]) if "snooze_reason" in item else None,
        merged_into=item.get("merged_into"),
    )
