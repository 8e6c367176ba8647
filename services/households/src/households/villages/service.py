"""Use cases of villages; none of them commits."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from events.catalog.households import VillageDescribed
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.bulk import columns_of, write_columns
from kit.errors import Invalid, TooLarge
from kit.scope import covers

from ..importing import service as importing
from ..regions import service as regions
from .queries import VillageSeen, facts_of, villages_page
from .rules import FACTS, SheetDateInFuture, SheetDateMissing, VillageFacts, VillageOutsideArea, VillageState, weighed
from .tables import village_facts

__all__ = ["Complaint", "VillageSeen", "VillageSheet", "VillageState", "take_sheet", "villages_page", "weigh_sheet"]

LIMITS = workbook.Limits(rows=5_000)
"""A city has fewer than two thousand villages, so a sheet is read and taken at once."""

Complaint = workbook.Problem | importing.Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageSheet:
    """行政村信息表: what taking it changes, and which rows are left out and why."""

    exported_on: date
    states: Mapping[VillageState, int]
    problems: tuple[Complaint, ...]
    changes: tuple[VillageFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A sheet as read: villages within the area of whoever brings it, with their paths."""

    file: workbook.VillageFile
    exported_on: date
    inside: dict[str, workbook.VillageRecord]
    paths: Mapping[str, str]
    problems: tuple[Complaint, ...]


async def weigh_sheet(
    tx: AsyncConnection, data: bytes, *, scope: Sequence[str], exported_on: date | None
) -> VillageSheet:
    """What a sheet would change; nothing is written.

    Raises:
        Invalid, TooLarge: the file as a whole cannot be read, or is of no day or of one to come.
    """
    return await _weighed(tx, await _read(tx, data, scope, exported_on))


async def take_sheet(
    tx: AsyncConnection, data: bytes, *, scope: Sequence[str], exported_on: date | None
) -> VillageSheet:
    """Take the sound rows of a sheet; only what differs is published, an older export changes nothing.

    Raises:
        Invalid, TooLarge: as `weigh_sheet`.
    """
    sheet = await _read(tx, data, scope, exported_on)
    # a sheet has more villages than a transaction may lock: they wait for each other by county
    await locked(tx, {_key(path) for path in sheet.paths.values()})
    weighed_sheet = await _weighed(tx, sheet)
    rows = weighed_sheet.changes
    await write_columns(tx, village_facts, columns_of(rows, VillageFacts.__slots__), conflict="replace")
    now = clock.now()
    await append(
        tx,
        *(
            NewEvent(
                event=VillageDescribed(
                    code=row.code,
                    path=sheet.paths[row.code],
                    stated_on=row.stated_on,
                    **{name: getattr(row, name) for name in FACTS},
                ),
                key=_key(sheet.paths[row.code]),
                region=row.code,
                occurred_at=now,
                fact_id=derived_id("village-facts", row.code),
                revision=row.revision,
            )
            for row in rows
        ),
    )
    return weighed_sheet


async def _read(tx: AsyncConnection, data: bytes, scope: Sequence[str], exported_on: date | None) -> _Sheet:
    gazetteer = await importing.gazetteer(tx)
    try:
        file = await asyncio.to_thread(workbook.read_villages, data, gazetteer.locate, LIMITS)
    except workbook.Unreadable as error:
        kind = TooLarge if error.code == "too-large" else Invalid
        raise kind(
            code=error.code, zh=error.zh, en=error.en, fix_zh=error.fix_zh, fix_en=error.fix_en, pointer="/file"
        ) from None
    day = file.exported_on or exported_on
    if day is None:
        raise SheetDateMissing
    if day > await regions.today(tx):
        raise SheetDateInFuture
    paths = gazetteer.paths
    inside = {row.region_code: row for row in file.sound if covers(scope, paths[row.region_code])}
    outside = [_outside(file, row) for row in file.sound if row.region_code not in inside]
    return _Sheet(
        file=file,
        exported_on=day,
        inside=inside,
        paths={code: paths[code] for code in inside},
        problems=(*file.problems, *outside),
    )


async def _weighed(tx: AsyncConnection, sheet: _Sheet) -> VillageSheet:
    known = await facts_of(tx, sheet.inside.keys())
    told = [
        weighed(known.get(code), _facts(row, sheet.exported_on), sheet.file.facts)
        for code, row in sorted(sheet.inside.items())
    ]
    return VillageSheet(
        exported_on=sheet.exported_on,
        states=Counter(state for state, _ in told),
        problems=sheet.problems,
        changes=tuple(change for _, change in told if change is not None),
    )


def _facts(row: workbook.VillageRecord, day: date) -> VillageFacts:
    return VillageFacts(code=row.region_code, revision=0, stated_on=day, **{name: getattr(row, name) for name in FACTS})


def _outside(file: workbook.VillageFile, row: workbook.VillageRecord) -> importing.Trouble:
    cell = file.table.cell(row.row, "village")
    return importing.from_refusal(
        VillageOutsideArea(), row=cell.row, column=cell.column, header=cell.header, household=""
    )


def _key(path: str) -> UUID:
    """The key of the villages of a county, or of a town in custody that stands beside the counties."""
    return derived_id("village-facts", "/".join(path.split("/")[:2]))
