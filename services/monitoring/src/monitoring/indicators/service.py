"""Use cases of indicators; none commits.

1. A transaction that changes households or cases writes down what their areas gain and lose, in rows of its own: it
   waits for nobody and makes nobody wait, whatever village, county or city they share.
2. The keeper sums these rows up by area, part and month, one transaction at a time, within a second.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from kit import policy
from kit.policy_book import PolicyValue
from kit.scope import BadPath, covers, validate_path

from ..policy.queries import business_date
from . import queries
from .rules import (
    AREA,
    ASSESSED,
    BODIES,
    CATALOGUE,
    COMPARED,
    Assessed,
    Assessee,
    Changes,
    Indicator,
    Measure,
    Period,
    Sums,
    Value,
    assessed,
    month_period,
    months,
    ranked,
    value_of,
    year_before,
)
from .rules.refusals import AreaUnknown, IndicatorUnknown, PeriodAhead

CHUNK: Final = 1_000
"""Changes summed up in one transaction: a tenth of a second."""
_NOTHING: Final = Sums()
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Area:
    """区域指标: the values of an area in a period."""

    path: str
    name: str | None
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Point:
    """序列值: the value at the end of a month, or within it."""

    month: date
    value: Value


@dataclass(frozen=True, slots=True)
class Score:
    """考核结果: the points of an area and its rank among those that are compared; no rank without a score."""

    area: Area
    assessed: Assessed
    rank: int | None


async def record(tx: AsyncConnection, changes: Changes) -> None:
    """Write down what areas gain and lose, and how months ended, in the transaction that made it so."""
    await queries.write(tx, changes, changes.ends)


async def sum_up(tx: AsyncConnection) -> int:
    """Sum up what was written down; how many changes it was, 0 where somebody else is at it."""
    return await queries.sum_up(tx, CHUNK) if await queries.alone(tx) else 0


async def sum_up_all(tx: AsyncConnection) -> None:
    """Sum up everything that is visible, after whoever is at it."""
    await queries.alone(tx, wait=True)
    while await queries.sum_up(tx, CHUNK):
        pass


def indicator(name: str) -> Indicator:
    """One of the catalogue.

    Raises:
        IndicatorUnknown: there is none.
    """
    found = CATALOGUE.get(name)
    if found is None:
        raise IndicatorUnknown
    return found


def area_of(path: str, paths: Sequence[str]) -> str:
    """The path of an area within one's own.

    Raises:
        AreaUnknown: it is no path, or lies outside.
    """
    try:
        validate_path(path)
    except BadPath:
        raise AreaUnknown from None
    if not covers(paths, path):
        raise AreaUnknown
    return path


async def begun(tx: AsyncConnection, period: Period | None) -> tuple[Period, date]:
    """The period asked for, or the month of the business date; and that date.

    Raises:
        PeriodAhead: it has not begun, or there is no business date yet.
    """
    on = await business_date(tx)
    if on is None or (period is not None and period.first > on):
        raise PeriodAhead
    return period or month_period(on), on


async def values(tx: AsyncConnection, paths: Sequence[str], period: Period, wanted: Collection[str] = ()) -> list[Area]:
    """The values of areas in a period; all indicators, or those wanted."""
    chosen = [CATALOGUE[name] for name in wanted or CATALOGUE]
    parts = sorted({part for item in chosen for part in _parts(item)}) if wanted else None
    now = await queries.sums(tx, paths, period, parts)
    earlier = await queries.sums(tx, paths, year_before(period), parts)
    names = await queries.names(tx, paths)
    return [
        Area(
            path,
            names.get(path),
            {item.id: value_of(item, now.get(path, _NOTHING), earlier.get(path, _NOTHING)) for item in chosen},
        )
        for path in paths
    ]


def _parts(item: Indicator) -> set[str]:
    if item.measure is Measure.GROWTH:
        return _parts(CATALOGUE[item.part])
    return {"households", item.part, *({item.of} if item.of else ())}


async def below(tx: AsyncConnection, area: str) -> list[str]:
    """The areas right below one of which something is known."""
    return await queries.below(tx, area)


async def series(tx: AsyncConnection, item: Indicator, area: str, last: Period) -> list[Point]:
    """The values of an area month by month, from the first one of which something is known."""
    rows = await queries.series(tx, area, sorted(_parts(item)), last.last)
    flows: defaultdict[date, dict[str, Decimal]] = defaultdict(dict)
    for row in rows:
        flows[row.month][row.part] = row.value
    sums: dict[date, Sums] = {}
    stock: dict[str, Decimal] = {}
    for month in months(rows[0].month, last.last) if rows else ():
        stock = {part: stock.get(part, _ZERO) + flows[month].get(part, _ZERO) for part in {*stock, *flows[month]}}
        sums[month] = Sums(stock, flows[month])
    earlier = {month: sums.get(month.replace(year=month.year - 1), _NOTHING) for month in sums}
    return [Point(month, value_of(item, sums[month], earlier[month])) for month in sums]


async def comparisons(tx: AsyncConnection, area: str, on: date) -> dict[str, dict[str, PolicyValue]]:
    """What the province and the nation publish: indicator → body → value; what nobody entered is left out."""
    book = await policy.load(tx)
    found: dict[str, dict[str, PolicyValue]] = {}
    for name in COMPARED:
        for body in BODIES:
            if (value := book.at(f"compare.{body}.{name}", area, on)) is not None:
                found.setdefault(name, {})[body] = value
    return found


async def assess(
    tx: AsyncConnection,
    paths: Sequence[str],
    period: Period,
    on: date,
    of: Assessee = AREA,
    more: Mapping[str, Mapping[str, Value]] = MappingProxyType({}),
) -> list[Score]:
    """The points of areas by the weights that are published for them, the best first.

    Args:
        tx: the open transaction.
        paths: of the areas.
        period: of their values.
        on: the day of weights and scales.
        of: whose weights.
        more: path → values that are no sums of an area.
    """
    book = await policy.load(tx)
    areas = await values(tx, paths, period, ASSESSED)
    done = [assessed({**area.values, **more.get(area.path, {})}, book, area.path, on, of) for area in areas]
    ranks = ranked([item.score for item in done])
    scores = [Score(*found) for found in zip(areas, done, ranks, strict=True)]
    return sorted(scores, key=lambda score: (score.rank is None, score.rank, score.area.path))
