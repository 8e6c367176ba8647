"""Writing tables: title, export date, header row, then text cells that no spreadsheet will run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

import xlsxwriter

from .guard import guarded


def title_rows(title: str, exported_on: date | None) -> list[list[str]]:
    """The two rows above a header, as the national system writes them."""
    return [[title], [f"导出时间：{exported_on}" if exported_on else ""]]


def write_xlsx(
    headers: Sequence[str], rows: Iterable[Sequence[str]], *, title: str, exported_on: date | None = None
) -> bytes:
    """A workbook with one sheet of text cells; the same table exported on the same day gives the same bytes."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": True}) as workbook:
        if exported_on is not None:
            workbook.set_properties({"created": datetime.combine(exported_on, time())})
        sheet = workbook.add_worksheet("数据")
        for number, row in enumerate([*title_rows(title, exported_on), headers, *rows]):
            write_row(sheet, number, row)
    return target.getvalue()


def write_row(sheet: "xlsxwriter.worksheet.Worksheet", number: int, row: Sequence[str]) -> None:
    """Write one row (0 is the first) of text cells."""
    for column, text in enumerate(row):
        if text:
            sheet.write_string(number, column, guarded(text))


def write_csv(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str,
    exported_on: date | None = None,
    encoding: str = "gb18030",
) -> bytes:
    """The same table as CSV."""
    target = io.StringIO()
    writer = csv.writer(target)
    for row in (*title_rows(title, exported_on), headers, *rows):
        writer.writerow([guarded(text) for text in row])
    return target.getvalue().encode(encoding)
