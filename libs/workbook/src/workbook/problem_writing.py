"""The problems back to the people who can settle them: their own rows with the cells marked, ready to upload again."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import xlsxwriter

from .guard import guarded
from .households import HouseholdFile
from .writing import title_rows, write_row

LIST_HEADERS = (
    "单元格",
    "列",
    "户编号",
    "另涉户编号",
    "人口编号",
    "类别",
    "原因",
    "处理办法",
    "cause",
    "remedy",
    "本表行号",
)
MARK_HEADER = "问题(请更正标红单元格后重新上传本表)"


class Complaint(Protocol):
    """What a problem must tell to be written; `Problem` does, and a service may have causes of its own."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def row(self) -> int: ...  # noqa: D102
    @property
    def column(self) -> int: ...  # noqa: D102
    @property
    def also(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def reference(self) -> str: ...  # noqa: D102
    @property
    def header(self) -> str: ...  # noqa: D102
    @property
    def household(self) -> str: ...  # noqa: D102
    @property
    def others(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def person(self) -> str | None: ...  # noqa: D102
    @property
    def cause_zh(self) -> str: ...  # noqa: D102
    @property
    def cause_en(self) -> str: ...  # noqa: D102
    @property
    def remedy_zh(self) -> str: ...  # noqa: D102
    @property
    def remedy_en(self) -> str: ...  # noqa: D102


def problems_of(file: HouseholdFile) -> bytes:
    """The problem workbook of a file: only the rows of parked households."""
    table, parked = file.table, file.parked
    rows = {
        row: table.sheet.rows[row - 1]
        for household in file.households
        if household.number in parked
        for row in household.rows
    }
    rows |= {problem.row: table.sheet.rows[problem.row - 1] for problem in file.problems}
    return write_problems(
        title=next(filter(None, table.sheet.rows[0]), "") if table.header_row > 1 else "",
        exported_on=table.exported_on,
        headers=table.sheet.rows[table.header_row - 1],
        rows=dict(sorted(rows.items())),
        problems=file.problems,
    )


def write_problems(
    *,
    title: str,
    exported_on: date | None,
    headers: Sequence[str],
    rows: Mapping[int, Sequence[str]],
    problems: Iterable[Complaint],
) -> bytes:
    """A workbook with the rows as they were, each wrong cell marked and commented, and a list of all problems.

    Args:
        title: first line of the file.
        exported_on: export date of the file; written so that it can be uploaded again.
        headers: header row as it stood.
        rows: text cells by the number of the row in the file.
        problems: what is wrong; their rows may or may not be among `rows`.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        data, listing = workbook.add_worksheet("待更正"), workbook.add_worksheet("问题清单")
        for number, texts in enumerate([*title_rows(title, exported_on), [*headers, MARK_HEADER]]):
            write_row(data, number, texts)
        places = {row: number for number, row in enumerate(rows, start=3)}
        for row, number in places.items():
            write_row(data, number, rows[row])
        found = list(problems)
        _mark(
            data,
            found,
            rows,
            places,
            len(headers),
            workbook.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"}),
        )
        data.freeze_panes(3, 0)
        _list(listing, found, places)
    return target.getvalue()


def _mark(
    sheet: Any,
    problems: Sequence[Complaint],
    rows: Mapping[int, Sequence[str]],
    places: Mapping[int, int],
    width: int,
    red: Any,
) -> None:
    words: dict[tuple[int, int], list[str]] = {}
    for problem in problems:
        for row in (problem.row, *problem.also):
            if row in places:
                words.setdefault((row, problem.column - 1), []).append(f"{problem.cause_zh}。{problem.remedy_zh}。")
    notes: dict[int, list[str]] = {}
    for (row, column), texts in words.items():
        cells = rows[row]
        _write_marked(sheet, places[row], column, cells[column] if column < len(cells) else "", red)
        sheet.write_comment(places[row], column, "\n".join(texts), {"x_scale": 2})
        notes.setdefault(row, []).extend(texts)
    for row, texts in notes.items():
        sheet.write_string(places[row], width, " ".join(texts))


def _write_marked(sheet: Any, row: int, column: int, text: str, red: Any) -> None:
    if text:
        sheet.write_string(row, column, guarded(text), red)
    else:
        sheet.write_blank(row, column, None, red)


def _list(sheet: Any, problems: Sequence[Complaint], places: Mapping[int, int]) -> None:
    write_row(sheet, 0, LIST_HEADERS)
    for number, problem in enumerate(problems, start=1):
        here = places.get(problem.row)
        write_row(
            sheet,
            number,
            (
                problem.reference,
                problem.header,
                problem.household,
                "、".join(problem.others),
                problem.person or "",
                problem.kind,
                problem.cause_zh,
                problem.remedy_zh,
                problem.cause_en,
                problem.remedy_en,
                "" if here is None else str(here + 1),
            ),
        )
    sheet.autofit()
