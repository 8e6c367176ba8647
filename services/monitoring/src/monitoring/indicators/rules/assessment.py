"""差异化考核: points of areas, designated units and village teams by weights and scales that are policy. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from ...risk.rules import Policy, PolicyValue
from .catalogue import ASSESSED, TEAM_ASSESSED, UNIT_ASSESSED
from .values import Value

_PLACES: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Assessee:
    """考核对象: each kind by weights of its own, `<prefix>.weight.<indicator>`, and by what it can answer for."""

    prefix: str
    indicators: tuple[str, ...]

    def names(self, bound: str) -> tuple[str, ...]:
        """Names of the policy values: weights, or a bound of the scales (full, none)."""
        return tuple(f"{self.prefix}.{bound}.{name}" for name in self.indicators)


AREA: Final = Assessee("assessment", ASSESSED)
"""区域: counties, townships, villages"""
UNIT: Final = Assessee("assessment.unit", UNIT_ASSESSED)
"""定点帮扶单位: by the households its people answer for"""
TEAM: Final = Assessee("assessment.team", TEAM_ASSESSED)
"""六位一体村级队伍: by its village, and by the places that are taken"""
ASSESSEES: Final = (AREA, UNIT, TEAM)


@dataclass(frozen=True, slots=True)
class Scale:
    """计分标准 of an indicator in an area: its weight, the value for full points and the one for none."""

    weight: PolicyValue
    full: PolicyValue | None
    none: PolicyValue | None

    @property
    def policy(self) -> tuple[PolicyValue, ...]:
        """The policy values it consists of."""
        return tuple(item for item in (self.weight, self.full, self.none) if item is not None)


@dataclass(frozen=True, slots=True)
class Part:
    """得分项; `points` is None where the value or a bound of the scale is unknown: nothing is guessed."""

    value: Value
    scale: Scale
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """考核得分 of an area; `score` is None without weights, and while a part of it is unknown.

    Attributes:
        out_of: the sum of the weights.
        points: the sum of the parts that are known.
    """

    parts: tuple[Part, ...]
    out_of: Decimal
    points: Decimal
    score: Decimal | None


def assessed(values: Mapping[str, Value], policy: Policy, path: str, on: date, of: Assessee = AREA) -> Assessed:
    """Points on a day, by the weights nearest to a place."""
    parts = tuple(
        Part(values[name], scale, _points(values[name].value, scale))
        for name in of.indicators
        if (scale := _scale(of.prefix, name, policy, path, on)) is not None
    )
    known = [part.points for part in parts if part.points is not None]
    points = sum(known, Decimal(0))
    complete = bool(parts) and len(known) == len(parts)
    return Assessed(
        parts, sum((part.scale.weight.value for part in parts), Decimal(0)), points, _score(points, complete)
    )


def _scale(prefix: str, name: str, policy: Policy, path: str, on: date) -> Scale | None:
    weight = policy.at(f"{prefix}.weight.{name}", path, on)
    if weight is None or weight.value == 0:
        return None
    return Scale(weight, policy.at(f"{prefix}.full.{name}", path, on), policy.at(f"{prefix}.none.{name}", path, on))


def _points(value: Decimal | None, scale: Scale) -> Decimal | None:
    """In a straight line between the two bounds; which of them is the higher says which way is better."""
    if value is None or scale.full is None or scale.none is None or scale.full.value == scale.none.value:
        return None
    share = (value - scale.none.value) / (scale.full.value - scale.none.value)
    return (scale.weight.value * min(max(share, Decimal(0)), Decimal(1))).quantize(_PLACES, ROUND_HALF_UP)


def _score(points: Decimal, complete: bool) -> Decimal | None:
    return points if complete else None


def ranked(scores: Sequence[Decimal | None]) -> list[int | None]:
    """The rank of each score, the highest first; equal scores share a rank, an unknown one has none."""
    known = sorted((score for score in scores if score is not None), reverse=True)
    return [None if score is None else known.index(score) + 1 for score in scores]
