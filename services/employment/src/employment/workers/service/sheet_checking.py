"""A work sheet before and after it is taken: what taking it would do, what was wrong, who it may have meant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from directory.people import today
from directory.tables import households, persons
from kit.cipher import FieldCipher, mask_name
from kit.errors import Refusal

from .sheets import TITLE, SheetPart, read_sheet, take_sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRefused:
    """未接受的行: a refusal put into the file, as a problem workbook writes it."""

    kind: str
    row: int
    column: int
    reference: str
    header: str
    household: str
    cause_zh: str
    cause_en: str
    remedy_zh: str
    remedy_en: str
    also: Sequence[int] = ()
    others: Sequence[str] = ()
    person: str | None = None


async def preview_sheet(
    tx: AsyncConnection, data: bytes, *, after_row: int, cipher: FieldCipher, area: str, department: str
) -> SheetPart:
    """What `take_sheet` would do with the next 400 rows; it is done and taken back, so the answer is exact.

    Raises:
        SheetUnreadable: the file as a whole cannot be read.
    """
    trial = await tx.begin_nested()
    try:
        return await take_sheet(tx, data, after_row=after_row, cipher=cipher, area=area, department=department)
    finally:
        await trial.rollback()


async def problem_workbook(
    tx: AsyncConnection, data: bytes, *, after_row: int, cipher: FieldCipher, area: str, department: str
) -> bytes:
    """The rows among the next 400 that cannot be taken, with the wrong cells marked, ready to upload again.

    Raises:
        SheetUnreadable: the file as a whole cannot be read.
    """
    told = {"after_row": after_row, "cipher": cipher, "area": area, "department": department}
    part = await preview_sheet(tx, data, **told)  # type: ignore[arg-type]
    file = read_sheet(data, await today(tx))
    wrong = [found for found in file.problems if part.covers(found.row, after_row)]
    complaints: list[workbook.Problem | RowRefused] = [*wrong, *_refused(file, part)]
    return workbook.write_problems(
        title=TITLE,
        exported_on=file.exported_on,
        headers=file.table.sheet.rows[file.table.header_row - 1],
        rows={row: file.table.sheet.rows[row - 1] for row in sorted({found.row for found in complaints})},
        problems=sorted(complaints, key=lambda found: (found.row, found.column)),
    )


def _refused(file: workbook.WorkFile, part: SheetPart) -> Iterator[RowRefused]:
    numbers = {record.row: record.household for record in file.records}
    for row, outcome in part.outcomes.items():
        if outcome.refusal is not None:
            yield _put(outcome.refusal, file.cell(row, "certificate"), numbers[row])


def _put(refusal: Refusal, cell: workbook.Cell, household: str) -> RowRefused:
    return RowRefused(
        kind=refusal.code.replace("-", "_"), row=cell.row, column=cell.column, reference=cell.reference,
        header=cell.header, household=household, cause_zh=refusal.zh, cause_en=refusal.en, remedy_zh=refusal.fix_zh,
        remedy_en=refusal.fix_en,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """可能的人员: a member of the household named whose name looks the same."""

    masked_name: str
    birth_date: date


async def candidates(
    tx: AsyncConnection, records: Sequence[workbook.WorkRecord]
) -> Mapping[int, tuple[Candidate, ...]]:
    """By row, who may be meant where nobody holds the certificate; a mistyped one shows here, nobody is chosen."""
    wanted = {record.household for record in records}
    query = (
        select(households.c.number, persons.c.masked_name, persons.c.birth_date)
        .join(households, households.c.id == persons.c.household_id)
        .where(households.c.number == func.any(list(wanted)))
        .order_by(persons.c.birth_date, persons.c.id)
    )
    known: dict[tuple[str, str], list[Candidate]] = {}
    for row in await tx.execute(query):
        known.setdefault((row.number, row.masked_name), []).append(Candidate(row.masked_name, row.birth_date))
    return {record.row: tuple(known.get((record.household, mask_name(record.name)), ())) for record in records}
