"""What a file says about a household, kept sealed beside its rows, so that applying need not read every cell again."""

import json
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

import workbook
from kit.cipher import CannotOpen, FieldCipher
from kit.scope import covers

from ..rules import year_before
from .entries import Statement
from .reading import Reader

PURPOSE: Final = "importing"

_CONTENT: Final = 4
"""Raised when the same file comes to mean something else, so that importing it again takes effect."""

_RECORD = TypeAdapter(workbook.HouseholdRecord)
_WHERE_IT_STANDS: Final[dict[str, Any]] = {"members": {"__all__": {"row"}}}
_VILLAGE: Final = frozenset({"province", "city", "county", "township", "village"})
"""How a village is written; where its code is known, another spelling says nothing else."""


def digest(statement: Statement, cipher: FieldCipher) -> bytes:
    """A keyed digest of what a file says about a household, without where it stands in the file.

    Two exports that say the same differ in nothing, however they spell the village.
    """
    spelt = dict.fromkeys(_VILLAGE, True) if statement.record.region_code else {}
    told = _RECORD.dump_json(statement.record, exclude=_WHERE_IT_STANDS | spelt)
    return cipher.keys.signature("import-content", _frame(statement.columns, statement.exported_on) + told)


@lru_cache(maxsize=64)
def _frame(columns: frozenset[str], exported_on: date) -> bytes:
    return json.dumps([_CONTENT, sorted(columns), year_before(exported_on)], default=str).encode()


def seal_record(record: workbook.HouseholdRecord, job_id: UUID, position: int, cipher: FieldCipher) -> bytes:
    """The record as it is kept."""
    text = _RECORD.dump_json(record, exclude_defaults=True).decode()
    return cipher.seal(PURPOSE, "import_households", "record", _place(job_id, position), text)


def open_record(
    sealed: bytes | None, job_id: UUID, position: int, reader: Reader, cipher: FieldCipher
) -> workbook.HouseholdRecord | None:
    """The record that was kept; None where the rows must be read again, as they may be judged differently now."""
    if sealed is None:
        return None
    try:
        text = cipher.open(PURPOSE, "import_households", "record", _place(job_id, position), sealed)
        record = _RECORD.validate_json(text)
    except (CannotOpen, ValidationError):
        return None
    village = reader.gazetteer.locate(record.county, record.township, record.village)
    stands = village is not None and village == record.region_code
    return record if stands and covers(reader.scope, reader.gazetteer.paths[record.region_code]) else None


def _place(job_id: UUID, position: int) -> str:
    """A record of another meaning does not open."""
    return f"{job_id}/{position}/{_CONTENT}"
