"""Quarterly, half-yearly and yearly reports 季报、半年报、年报 as workbooks.

A month that has ended is not added to any more, so a report asked for later has the same figures.
"""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from kit.policy_book import PolicyValue

from . import queries, service
from .rules import BODIES, CATALOGUE, Measure, Period
from .rules.refusals import PeriodAhead, PeriodNotSettled

_HEADERS: Final = (
    "编号 id",
    "指标 indicator",
    "口径 definition",
    "条款 clause",
    "单位 unit",
    "本期 value",
    "上年同期 year before",
    "增长% growth %",
    "全省 province",
    "全国 nation",
    "对比值来源 source of comparison",
)
_UNITS: Final[Mapping[Measure, str]] = {
    Measure.COUNT: "户、件 count",
    Measure.PERCENT: "% percent",
    Measure.YUAN: "元/人 yuan per head",
    Measure.DAYS: "天 days",
    Measure.GROWTH: "% percent",
}


async def workbook_of(tx: AsyncConnection, area: str, period: Period) -> bytes:
    """The workbook of a period that has ended: one row per indicator, one column per area below.

    Raises:
        PeriodAhead: it has not ended.
        PeriodNotSettled: its last days are still being taken in.
    """
    _, on = await service.begun(tx, period)
    if on <= period.ends_on:
        raise PeriodAhead
    if await queries.unsettled(tx):
        raise PeriodNotSettled
    here, *below = await service.values(tx, [area, *await service.below(tx, area)], period)
    published = await service.comparisons(tx, area, period.ends_on)
    headers = (*_HEADERS, *(_title(item) for item in below))
    title = f"{_title(here)} 增收监测指标 income indicators（{period.name}）"
    lines = _rows(here, below, published)
    return await asyncio.to_thread(workbook.write_xlsx, headers, lines, title=title, exported_on=period.ends_on)


def _title(area: service.Area) -> str:
    return f"{area.name or ''} {area.path}".strip()


def _rows(
    here: service.Area, below: Sequence[service.Area], published: Mapping[str, Mapping[str, PolicyValue]]
) -> list[list[str]]:
    rows = []
    for name, item in CATALOGUE.items():
        value, told = here.values[name], published.get(name, {})
        sources = "；".join(f"{told[body].document} {told[body].clause}" for body in BODIES if body in told)
        rows.append(
            [
                name,
                f"{item.zh} {item.en}",
                f"{item.definition_zh} {item.definition_en}",
                item.clause,
                _UNITS[item.measure],
                *map(_text, (value.value, value.before, value.growth)),
                *(_text(told[body].value if body in told else None) for body in BODIES),
                sources,
                *(_text(area.values[name].value) for area in below),
            ]
        )
    return rows


def _text(number: Decimal | None) -> str:
    return "" if number is None else f"{number:.2f}"
