"""Files that would harm the reader are refused before anything parses them."""

import io
import re
import zipfile

import pytest

from workbook import Limits, Unreadable, read_sheets, write_csv, write_xlsx

SMALL = write_xlsx(["甲", "乙"], [["1", "2"]] * 5, title="表")


def rewritten(change) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SMALL)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


def code_of(data: bytes, **limits: int) -> str:
    with pytest.raises(Unreadable) as caught:
        read_sheets(data, Limits(**limits))
    return caught.value.code


def test_size_rows_and_columns_are_capped():
    assert code_of(SMALL, size=100) == "too-large"
    assert code_of(SMALL, rows=4) == "too-large"
    assert code_of(SMALL, columns=1) == "too-large"
    table = write_csv(["甲", "乙"], [["1", "2"]] * 5, title="表")
    assert code_of(table, rows=4) == "too-large"
    assert code_of(table, columns=1) == "too-large"


def test_a_bomb_is_refused_by_what_it_unpacks_to():
    bomb = rewritten(lambda name, data: data + b" " * (20 << 20) if name.endswith("sharedStrings.xml") else data)
    assert len(bomb) < 1 << 20
    assert code_of(bomb, unpacked=10 << 20) == "too-large"


def test_a_bomb_whose_headers_lie_is_refused_too():
    bomb = rewritten(lambda name, data: data + b" " * (20 << 20) if name.endswith("sharedStrings.xml") else data)
    lying = re.sub(rb"(?s)(PK\x01\x02.{20}).{4}", lambda match: match[1] + b"\x10\0\0\0", bomb)
    assert code_of(lying, unpacked=10 << 20) == "too-large"


def test_a_single_far_cell_is_refused_before_room_is_made_for_it():
    far = rewritten(lambda name, data: data.replace(b'r="B8"', b'r="XFD1048576"') if "sheet1" in name else data)
    assert code_of(far) == "too-large"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, SMALL[:-40], SMALL[: len(SMALL) // 2],
        b"\x89PNG\r\n\x1a\n\0\0", rewritten(lambda name, data: b"<" if "sheet1" in name else data),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_said_to_be_none(data):
    assert code_of(data) == "not-a-workbook"


def test_a_zip_without_a_workbook_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("notes.txt", "hello")
    assert code_of(target.getvalue()) == "not-a-workbook"


def test_an_unknown_encoding_is_said_to_be_unknown():
    assert code_of(b"\xff\xfe\xff,\xff") == "encoding"
