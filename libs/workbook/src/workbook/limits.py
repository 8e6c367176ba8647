"""Limits a file must keep before anything parses it: size, rows, columns, and what a zip container unpacks to."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from .refusals import damaged, too_large

_CHUNK = 1 << 20
_LOCAL_HEADER = struct.Struct("<26xHH")
# without a boundary before the r: beginning with plain text they are found twice as fast
_LETTERS = re.compile(rb'r="([A-Z]{0,4})[0-9]{1,9}"')
_DIGITS = re.compile(rb'r="[A-Z]{0,4}([0-9]{1,9})"')
_LONGEST_REFERENCE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """上限: what a file may hold at most."""

    size: int = 20 << 20
    unpacked: int = 400 << 20
    rows: int = 200_000
    columns: int = 400


def check_size(data: bytes, limits: Limits) -> None:
    """Refuse a file that is too big as it arrives."""
    if len(data) > limits.size:
        raise too_large(f"大小 {limits.size >> 20} MB", f"{limits.size >> 20} MB")


def check_container(data: bytes, limits: Limits) -> None:
    """Unpack a zip container and forget it at once, refusing what would be too much for the parser.

    The sizes in the headers are claims, so every entry is really unpacked; and the parser reserves the whole rectangle
    up to the outermost cell, so one cell at XFD1048576 would end the process: cell references are looked at first.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as container:
            entries = container.infolist()
        if "xl/workbook.xml" not in {entry.filename for entry in entries}:
            raise damaged()
        left = limits.unpacked
        for entry in entries:
            left = _check_entry(data, entry, left, limits)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError) as error:
        raise damaged() from error


def _check_entry(data: bytes, entry: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    sheet = entry.filename.startswith("xl/worksheets/")
    tail = b""
    for chunk in _unpacked(data, entry):
        left -= len(chunk)
        if left < 0:
            raise too_large(f"解压后 {limits.unpacked >> 20} MB", f"{limits.unpacked >> 20} MB unpacked")
        if sheet:
            _check_references(tail + chunk, limits)
            tail = chunk[-_LONGEST_REFERENCE:]
    return left


def _unpacked(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    name, extra = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
    start = entry.header_offset + _LOCAL_HEADER.size + name + extra
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise damaged()
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pending: bytes | memoryview = packed
    while pending and not inflater.eof:
        yield inflater.decompress(pending, _CHUNK)
        pending = inflater.unconsumed_tail


def _check_references(xml: bytes, limits: Limits) -> None:
    # few different ones stand in millions of references
    if any(int(digits) > limits.rows for digits in set(_DIGITS.findall(xml))):
        raise too_large(f"{limits.rows} 行", f"{limits.rows} rows")
    if any(column_number(letters.decode()) > limits.columns for letters in set(_LETTERS.findall(xml))):
        raise too_large(f"{limits.columns} 列", f"{limits.columns} columns")


def column_number(letters: str) -> int:
    """The number of a column from its letters, A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column from its number, 1 is A."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
