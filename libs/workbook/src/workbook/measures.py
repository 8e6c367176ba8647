"""帮扶措施 in the household layout: one column per category, with what is done in the cell (domain 1.8)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from .cells import compact, parts
from .tables import Column

MEASURE_COLUMNS = {
    "industry": "产业帮扶",
    "employment": "就业帮扶",
    "finance": "金融帮扶",
    "public_post": "公益岗位帮扶",
    "housing": "住房安全保障",
    "water": "饮水安全保障",
    "health": "健康帮扶",
    "compulsory_schooling": "义务教育保障",
    "education": "其他教育帮扶",
    "support": "综合保障",
    "social": "社会帮扶",
    "relocation": "搬迁",
    "living_conditions": "生产生活条件改善",
    "infrastructure": "基础设施建设",
}
"""Category → header."""

_MARK = "measure_"
_CATEGORIES = {_MARK + category: category for category in MEASURE_COLUMNS}
_NOTHING = frozenset({"无", "否", "/", "-", "0", "未落实", "未实施", "尚未实施", "不享受", "未享受"})
"""What people write where there is no measure."""


def measure_columns() -> list[Column]:
    """The columns of the layout."""
    return [
        Column(_MARK + category, header, (f"{header}措施", f"{header}情况"))
        for category, header in MEASURE_COLUMNS.items()
    ]


def measures_of(told: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The categories of help that any row of a household names, from the texts of its rows by field."""
    return tuple(
        category for column, category in _CATEGORIES.items() if any(_named(row.get(column, "")) for row in told)
    )


def measure_cells(categories: Iterable[str]) -> dict[str, str]:
    """The cells as they are written: 是 where a measure stands, as what is done is not kept."""
    given = set(categories)
    return {_MARK + category: "是" if category in given else "" for category in MEASURE_COLUMNS}


@lru_cache(maxsize=1024)
def _named(text: str) -> bool:
    return bool(compact(text)) and any(part not in _NOTHING for part in parts(text))
