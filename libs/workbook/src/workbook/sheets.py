"""From the bytes of a file to sheets of text cells; the kind of file is told by its content, never by its name."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from python_calamine import CalamineWorkbook

from .guard import unguarded
from .limits import Limits, check_container, check_size
from .refusals import Unreadable, damaged, too_large

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = ",\t;"


@dataclass(frozen=True, slots=True)
class Sheet:
    """工作表: rows of text cells as they stand in the file; row 1 is the first."""

    name: str
    rows: tuple[tuple[str, ...], ...] = field(repr=False)


def read_sheets(data: bytes, limits: Limits = Limits()) -> list[Sheet]:  # noqa: B008  frozen
    """Read every sheet of an xlsx, xls or CSV file.

    Raises:
        Unreadable: the file is beyond a limit, damaged, or of another kind.
    """
    check_size(data, limits)
    if data.startswith(_ZIP):
        check_container(data, limits)
        sheets = list(_workbook(data))
    elif data.startswith(_OLE):
        sheets = list(_workbook(data))
    else:
        sheets = [Sheet("CSV", tuple(_csv_rows(data)))]
    for sheet in sheets:
        _check_shape(sheet, limits)
    return sheets


def _workbook(data: bytes) -> Iterator[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield Sheet(name, tuple(map(_texts, rows)))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # the parser's panics are no Exception
        raise damaged() from error


def _texts(row: Iterable[object]) -> tuple[str, ...]:
    # nearly every cell is text without an apostrophe, and there are millions of them
    return tuple([value if type(value) is str and value[:1] != "'" else cell_text(value) for value in row])


def cell_text(value: object) -> str:
    """The text of a cell; a number shows the 15 digits that the spreadsheet keeps, so a damaged id stays visible."""
    if isinstance(value, str):
        return unguarded(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _csv_rows(data: bytes) -> Iterator[tuple[str, ...]]:
    text = _decoded(data)
    head = text[:4096]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield tuple(map(_csv_text, row))
    except csv.Error as error:
        raise damaged() from error


def _decoded(data: bytes) -> str:
    if b"\0" in data:
        raise damaged()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(
        "encoding",
        zh="文件编码既不是 UTF-8 也不是 GB18030",
        en="the file is encoded neither in UTF-8 nor in GB18030",
        fix_zh="在 Excel 中另存为“CSV UTF-8”或 xlsx 后重新上传",
        fix_en="save it as CSV UTF-8 or xlsx and upload again",
    )


def _csv_text(text: str) -> str:
    # ="0123" is how a CSV keeps a spreadsheet from turning an id into a number
    if len(text) > 3 and text.startswith('="') and text.endswith('"'):
        return text[2:-1]
    return unguarded(text)


def _check_shape(sheet: Sheet, limits: Limits) -> None:
    if len(sheet.rows) > limits.rows:
        raise too_large(f"{limits.rows} 行", f"{limits.rows} rows")
    if _widest(sheet.rows) > limits.columns:
        raise too_large(f"{limits.columns} 列", f"{limits.columns} columns")


def _widest(rows: Iterable[tuple[str, ...]]) -> int:
    return max((len(row) for row in rows), default=0)
