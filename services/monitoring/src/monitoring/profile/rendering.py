"""A household's status as its row keeps it, and back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import md5
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, field
from msgspec.json import Decoder, Encoder, decode
from msgspec.structs import astuple
from sqlalchemy import Row

from ..alerts.rules import Care, Holder, SnoozeReason, Standing, Verdict
from ..indicators.rules import Counted
from ..risk.rules import Level, Outcome, Profile, State, quiet
from .rules import Status

_write: Final = Encoder().encode
_read_indicators: Final = Decoder(dict[str, Decimal]).decode


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
        whole = "\x1f".join(map(str, astuple(self)))
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
            known = self._said.get(outcome.rule)
            if known is None or (known[0] is not outcome and known[0] != outcome):
                quietly = outcome is quiet(outcome.rule)
                text = _quietly(outcome.rule) if quietly else _json(_said(outcome))
                known = self._said[outcome.rule] = outcome, text
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
    return _write(value).decode()


def _standings(standings: Mapping[str, Standing]) -> str:
    return _json([_standing(standing) for _, standing in sorted(standings.items())])


def _standing(standing: Standing) -> dict[str, object]:
    return {
        "rule": standing.rule,
        "level": standing.level.wire,
        "peak": standing.peak.wire,
        "since": standing.since,
        "opening": standing.opening,
        "version": standing.version,
        "lower": standing.lower.wire if standing.lower is not None else None,
        "lower_since": standing.lower_since,
        **({"care": _care(standing.care)} if standing.care != Care() else {}),
    }


def _care(care: Care) -> dict[str, str]:
    fields = {name: getattr(care, name) for name in Care.__struct_fields__}
    return {name: str(value) for name, value in fields.items() if value is not None}


class _Said(Struct, frozen=True, omit_defaults=True):
    """An outcome as a row has it: what goes without saying is left out, as most rules have nothing to say of most.

    Facts and policy values stand there by id: what they say is read where they stand.
    """

    rule: str
    state: State
    level: str = Level.GREEN.wire
    values: Mapping[str, str] = field(default_factory=dict)
    facts: Sequence[UUID] = field(default_factory=list)
    policy: Sequence[UUID] = field(default_factory=list)
    zh: str = ""
    en: str = ""
    missing: str | None = None


_UNSAID: Final = {name: getattr(_Said("", State.CLEAR), name) for name in _Said.__struct_fields__[2:]}


def _said(outcome: Outcome) -> _Said:
    return _Said(
        outcome.rule,
        outcome.state,
        outcome.level.wire,
        dict(outcome.values),
        list(outcome.facts),
        [value.id for value in outcome.policy],
        outcome.zh,
        outcome.en,
        outcome.missing,
    )


@cache
def _quietly(rule: str) -> str:
    return _json(_said(quiet(rule)))


def in_full(item: Mapping[str, Any]) -> dict[str, Any]:
    """An outcome of a row with what goes without saying: level, values, facts, policy, words and what is missing."""
    return {**_UNSAID, **item}


class _Made(Struct, frozen=True):
    """What an outcome in a row makes of a household."""

    rule: str
    state: State
    level: str = Level.GREEN.wire
    values: Mapping[str, str] = field(default_factory=dict)


_read_made: Final = Decoder(list[_Made]).decode


def outcomes_of(told: str) -> list[Outcome]:
    """Outcomes out of a row, without their facts, policy and words: what they make of a household."""
    return [Outcome(made.rule, made.state, Level[made.level.upper()], values=made.values) for made in _read_made(told)]


def _indicators(counted: Counted) -> str:
    return _json(dict(sorted(counted.values.items())))


def _figures(profile: Profile) -> dict[str, object]:
    income = profile.income
    figures: dict[str, object] = {
        "freshness": dict(sorted(profile.freshness.items())),
        "members": len(profile.members),
        "helpers": len(profile.helpers),
        "jobs": sum(1 for spell in profile.spells if spell.ended is None),
    }
    if income is not None:
        figures |= {
            "published": income.published,
            "projected": income.projected,
            "comparison": income.comparison,
            "window_from": income.window_from,
            "window_to": income.window_to,
            "carried_months": income.carried_months,
            "mixed": income.mixed,
            "sources": income.sources,
        }
    if profile.years:
        year = profile.years[-1]
        figures["verified_year"] = {"per_head": year.per_head, "until": year.fact.on}
    return figures


def status_of(row: Row[Any], on: date | None) -> Status:
    """The status a row keeps, as far as the next step needs it."""
    return Status(
        household_id=row.household_id,
        gate=row.gate,
        on=on,
        level=Level[row.level.upper()],
        level_since=row.level_since,
        standings={item["rule"]: _standing_of(item) for item in decode(row.standings)},
        due_on=row.due_on,
        counted=Counted(row.path, _read_indicators(row.indicators)),
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
