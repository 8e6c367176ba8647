"""From sums of parts to values: a count, a share in percent, an amount per head, growth on the year before. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from .catalogue import CATALOGUE, Indicator, Kind, Measure

_PLACES: Final = Decimal("0.01")
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sums:
    """合计 of an area: `stock`, all that was added up to the end of a period; `flow`, what was added within it."""

    stock: Mapping[str, Decimal] = field(default_factory=dict)
    flow: Mapping[str, Decimal] = field(default_factory=dict)

    def part(self, indicator: Indicator, name: str) -> Decimal:
        """The sum of a part, as the indicator reads it."""
        return (self.stock if indicator.kind is Kind.STOCK else self.flow).get(name, _ZERO)


@dataclass(frozen=True, slots=True)
class Value:
    """指标值: None = unknown, which is never zero.

    Attributes:
        part: what is counted; `of`, what it is a part of.
        before: the value a year before; `growth`, in percent on it.
    """

    indicator: Indicator
    value: Decimal | None = None
    part: Decimal | None = None
    of: Decimal | None = None
    before: Decimal | None = None
    growth: Decimal | None = None


def value_of(indicator: Indicator, now: Sums, earlier: Sums) -> Value:
    """The value of an area.

    Args:
        indicator: which.
        now: the sums of the period.
        earlier: those of the same period a year before.
    """
    if indicator.measure is Measure.GROWTH:
        base = value_of(CATALOGUE[indicator.part], now, earlier)
        return Value(indicator, base.growth, base.value, base.before)
    if not now.stock.get("households"):
        return Value(indicator)
    value, before = _value(indicator, now), _value(indicator, earlier) if earlier.stock else None
    growth = None
    if value is not None and before is not None and before > 0:
        growth = _rounded((value - before) / before * 100)
    of = now.part(indicator, indicator.of) if indicator.of else None
    return Value(indicator, value, now.part(indicator, indicator.part), of, before, growth)


def _value(indicator: Indicator, sums: Sums) -> Decimal | None:
    part = sums.part(indicator, indicator.part)
    if indicator.of is None:
        return part
    of = sums.part(indicator, indicator.of)
    if not of:
        return None
    match indicator.measure:
        case Measure.COUNT:
            return part
        case Measure.PERCENT:
            return _rounded(part / of * 100)
    return _rounded(part / of)


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(_PLACES, ROUND_HALF_UP)
