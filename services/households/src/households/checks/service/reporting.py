"""The rules as they are told, and findings as a workbook."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from kit import policy
from kit.policy_book import PolicyValue

from ...regions import service as regions
from ..queries import Listed, Wanted, findings_page
from ..rules import RULES, Rule, Severity, TooManyFindings

MOST_FINDINGS: Final = 20_000

_HEADERS: Final = (
    "县(市、区、旗)", "乡(镇)", "行政村", "户编号", "姓名", "规则", "性质", "疑点说明", "涉及字段", "依据", "发现日期",
)  # fmt: skip
_SEVERITIES: Final = {Severity.ERROR: "错误", Severity.SUSPICIOUS: "可疑"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """规则及其政策值: a rule with its limits in a place on a day; None = unknown, so the rule is undecided."""

    rule: Rule
    limits: dict[str, PolicyValue | None]


async def known_rules(tx: AsyncConnection, *, path: str, on: date) -> list[Known]:
    """All rules with the values they read."""
    book = await policy.load(tx)
    return [Known(rule=rule, limits={name: book.at(name, path, on) for name in rule.limits}) for rule in RULES.values()]


async def findings_workbook(tx: AsyncConnection, wanted: Wanted, *, on: date) -> bytes:
    """An xlsx workbook of findings, names masked.

    Raises:
        TooManyFindings: more than one file should hold.
    """
    rows = await findings_page(tx, wanted, after=None, limit=MOST_FINDINGS + 1)
    if len(rows) > MOST_FINDINGS:
        raise TooManyFindings
    villages = {village.code: village for village in await regions.villages(tx)}
    lines = [_line(row, villages[row.region_code]) for row in rows]
    return await asyncio.to_thread(workbook.write_xlsx, _HEADERS, lines, title="疑点数据清单", exported_on=on)


def _line(row: Listed, village: regions.Village) -> list[str]:
    found, rule = row.finding, RULES.get(row.finding.rule)
    return [
        village.county,
        village.township,
        village.village,
        row.number,
        row.masked_name or "",
        found.rule,
        _SEVERITIES[rule.severity] if rule else "",
        rule.zh if rule else "",
        "、".join(found.evidence["fields"]),
        rule.source if rule else "",
        str(found.since),
    ]
