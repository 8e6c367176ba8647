"""Finding the table in a sheet: its header row, which column is which field, and the date of the export."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from .cells import compact, day
from .limits import column_letters
from .refusals import Unreadable
from .sheets import Sheet

_SEARCHED_ROWS = 30
_FEWEST_MATCHES = 3
_EXPORTED = re.compile(r"导出(?:时间|日期)[:：]?\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})")
_FOOTER = re.compile(r"(合计|总计|小计|注|备注|说明|填表|制表|审核)")


@dataclass(frozen=True, slots=True)
class Column:
    """列: a field, the header it is written under, and the other headers it is known by."""

    field: str
    header: str
    others: tuple[str, ...] = ()


class Layout:
    """版式: the columns of a sheet of the national system, matched by header name and never by position."""

    def __init__(self, name: str, columns: Iterable[Column], *, needed: Iterable[str]):
        self.name = name
        self.columns = {column.field: column for column in columns}
        self.needed = tuple(needed)
        self._fields = {
            header_key(header): column.field
            for column in self.columns.values()
            for header in (column.header, *column.others)
        }

    def places(self, cells: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Which columns (1 is A) hold which field; a header that stands twice gives two columns, in their order."""
        places: dict[str, tuple[int, ...]] = {}
        for number, cell in enumerate(cells, start=1):
            if name := self._fields.get(header_key(cell)):
                places[name] = (*places.get(name, ()), number)
        return places


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """A header as it is compared: width, spaces and brackets make no difference."""
    return compact(header).replace("(", "").replace(")", "").replace("、", ",")


@dataclass(frozen=True, slots=True)
class Cell:
    """单元格: where something stands in the file."""

    row: int
    column: int
    header: str
    text: str = field(repr=False)

    @property
    def reference(self) -> str:
        """The cell as a spreadsheet names it, `N15`."""
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """数据表: the table of one sheet with its header."""

    sheet: Sheet
    layout: Layout
    header_row: int
    headers: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]
    exported_on: date | None
    lines: Mapping[int, Sequence[str]] | None = field(default=None, repr=False)
    """The rows by their number in the file, where only some of them are read again."""
    picks: "Picks" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "picks", _picks(tuple(self.places.items()), len(self.headers)))

    def line(self, row: int) -> Sequence[str]:
        """The cells of a row."""
        return self.sheet.rows[row - 1] if self.lines is None else self.lines[row]

    def has(self, field: str) -> bool:
        """Whether the file has a column for the field."""
        return field in self.places

    def cell(self, row: int, field: str) -> Cell:
        """The cell of a field; of columns with one header, the first that is filled."""
        cells = self.cells(row, field)
        return next((cell for cell in cells if cell.text.strip()), cells[0])

    def cells(self, row: int, field: str) -> list[Cell]:
        """Every cell of a field in a row; headers that stand twice are kept apart as `X` and `X#2`."""
        texts = self.line(row)
        return [
            Cell(row, column, self.headers[column - 1], texts[column - 1] if column <= len(texts) else "")
            for column in self.places[field]
        ]

    def text(self, row: int, field: str) -> str:
        """The text of a field's cell; empty where the file has no such column."""
        columns = self.places.get(field)
        if columns is None:
            return ""
        texts = self.line(row)
        if len(columns) == 1:
            return texts[columns[0] - 1] if columns[0] <= len(texts) else ""
        filled = (texts[column - 1] for column in columns if column <= len(texts))
        return next((text for text in filled if text.strip()), "")

    def told(self, row: int) -> dict[str, str]:
        """The text of every field in a row, as `text` gives it, at once."""
        texts, picks = self.line(row), self.picks
        if len(texts) < picks.width:
            texts = (*texts, *[""] * (picks.width - len(texts)))
        found = dict(zip(picks.fields, picks.texts(texts), strict=True))
        for name in picks.repeated:
            found[name] = self.text(row, name)
        return found

    def records(self) -> Iterator[int]:
        """The numbers of the rows that hold data."""
        for number in range(self.header_row + 1, len(self.sheet.rows) + 1) if self.lines is None else self.lines:
            texts = filter(None, self.line(number))
            filled = list(islice((text for text in texts if text.strip()), 3))
            if filled and not (len(filled) <= 2 and _FOOTER.match(filled[0].strip())):
                yield number


@dataclass(frozen=True, slots=True)
class Picks:
    """How the fields of a row are picked at once; of headers that stand twice each field has its first column."""

    fields: tuple[str, ...]
    texts: Callable[[Sequence[str]], Sequence[str]]
    repeated: tuple[str, ...]
    width: int


@lru_cache(maxsize=64)
def _picks(places: tuple[tuple[str, tuple[int, ...]], ...], width: int) -> Picks:
    first = [columns[0] - 1 for _, columns in places]
    texts = itemgetter(*first) if len(first) > 1 else lambda row: [row[place] for place in first]
    repeated = tuple(name for name, columns in places if len(columns) > 1)
    return Picks(tuple(name for name, _ in places), texts, repeated, width)


def find_table(sheets: Sequence[Sheet], layout: Layout) -> Table:
    """Find the header row by itself: the row that names most columns of the layout.

    Raises:
        Unreadable: no sheet has such a row, or it lacks a column without which nothing can be read.
    """
    found = [
        (len(layout.places(row)), sheet, number)
        for sheet in sheets
        for number, row in enumerate(sheet.rows[:_SEARCHED_ROWS], start=1)
    ]
    best, sheet, number = max(found, key=lambda item: item[0], default=(0, Sheet("", ()), 0))
    if best < _FEWEST_MATCHES:
        raise _no_header(layout)
    places = layout.places(sheet.rows[number - 1])
    require(layout, places, layout.needed)
    return Table(
        sheet=sheet,
        layout=layout,
        header_row=number,
        headers=_kept_apart(sheet.rows[number - 1]),
        places=places,
        exported_on=_exported_on(sheet.rows[: number - 1]),
    )


def table_of(headers: Sequence[str], lines: Mapping[int, Sequence[str]], layout: Layout) -> Table:
    """A table of some rows of a file, by their numbers there; its header is known."""
    names, places = _heading(layout, tuple(headers))
    return Table(
        sheet=Sheet("", ()), layout=layout, header_row=0, headers=names, places=places, exported_on=None, lines=lines
    )


@lru_cache(maxsize=64)
def _heading(layout: Layout, headers: tuple[str, ...]) -> tuple[tuple[str, ...], Mapping[str, tuple[int, ...]]]:
    """The same header stands over every household that is read by itself."""
    return _kept_apart(headers), layout.places(headers)


def require(layout: Layout, places: Mapping[str, tuple[int, ...]], needed: Iterable[str]) -> None:
    """Refuse a file that lacks columns.

    Raises:
        Unreadable: columns are missing; the message names them.
    """
    missing = "、".join(layout.columns[name].header for name in needed if name not in places)
    if missing:
        raise Unreadable(
            "missing-columns",
            zh=f"缺少列:{missing}",
            en=f"columns are missing: {missing}",
            fix_zh="在国家系统中重新导出并勾选这些列",
            fix_en="export again from the national system with these columns ticked",
        )


def _kept_apart(headers: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    names = []
    for header in map(str.strip, headers):
        seen[header] = seen.get(header, 0) + 1
        names.append(header if seen[header] == 1 else f"{header}#{seen[header]}")
    return tuple(names)


def _exported_on(rows: Iterable[Sequence[str]]) -> date | None:
    for row in rows:
        if match := _EXPORTED.search(" ".join(row)):
            try:
                return day(match[1])
            except ValueError:
                return None
    return None


def _no_header(layout: Layout) -> Unreadable:
    return Unreadable(
        "header-not-found",
        zh=f"前 {_SEARCHED_ROWS} 行内没有“{layout.name}”的表头",
        en=f"no header row of {layout.name} within the first {_SEARCHED_ROWS} rows",
        fix_zh="保留国家系统导出的表头行后重新上传",
        fix_en="keep the header row of the national export and upload again",
    )
