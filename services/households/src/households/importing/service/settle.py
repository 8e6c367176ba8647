"""Settling what is parked: correct the cells and take the household after all, or leave it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.cipher import FieldCipher
from kit.errors import Invalid

from ..queries import Imported, Job, counted, imported, job
from ..rules import ImportedHouseholdUnknown, ImportUnknown, JobState, NotParked, State, StillWrong, Trouble
from ..tables import import_households, import_jobs
from .asking import check_not_undone, held_job
from .marks import Mark, mark
from .reading import Reader, Rows, read_household
from .records import digest
from .upload import gazetteer, open_rows, seal_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """更正: the text that a cell should have had."""

    row: int
    column: int
    text: str = field(repr=False)


async def start(tx: AsyncConnection, job_id: UUID) -> Job:
    """Let a previewed job be applied; one that is under way or done stays as it is.

    Raises:
        ImportUnknown: not there or not in scope.
        UndoUnderWay, UndoneAlready: as they say.
    """
    found = await held_job(tx, job_id)
    check_not_undone(found)
    if found.state is JobState.PREVIEWED:
        await _set_applying(tx, job_id)
    return await known_job(tx, job_id)


async def known_job(tx: AsyncConnection, job_id: UUID) -> Job:
    """One job in scope.

    Raises:
        ImportUnknown: not there or not in scope.
    """
    found = await job(tx, job_id)
    if found is None:
        raise ImportUnknown
    return found


async def take_after_all(
    tx: AsyncConnection,
    job_id: UUID,
    position: int,
    corrections: Sequence[Correction],
    *,
    cipher: FieldCipher,
) -> Imported:
    """Judge a parked household anew, with cells corrected, and take it if nothing is wrong any more.

    Raises:
        NotParked: nothing about it waits.
        StillWrong: something is; each problem is named, nothing changes.
    """
    parent, waiting = await _parked(tx, job_id, position)
    rows = _corrected(open_rows(waiting.rows or b"", job_id, position, cipher), corrections, len(parent.headers))
    reader = Reader(gazetteer=await gazetteer(tx), scope=parent.scope)
    found = read_household(parent.headers, rows, reader, parent.exported_on)
    if found.troubles or found.statement.record.number != waiting.number:
        raise StillWrong(several=[_fault(trouble) for trouble in found.troubles])
    row = (import_households.c.job_id == job_id) & (import_households.c.position == position)
    sealed = seal_rows(rows, job_id, position, cipher)
    await tx.execute(update(import_households).where(row).values(rows=sealed, digest=digest(found.statement, cipher)))
    await mark(tx, job_id, [Mark(position=position, state=State.READY, attempts=0)])
    await _set_applying(tx, job_id)
    return await _known(tx, job_id, position)


async def drop(tx: AsyncConnection, job_id: UUID, position: int) -> Imported:
    """Leave a parked household out; its rows are forgotten."""
    _, waiting = await _parked(tx, job_id, position)
    kept = Mark(position=position, state=State.DROPPED, attempts=waiting.attempts, problems=waiting.problems)
    await mark(tx, job_id, [kept])
    await _count(tx, job_id)
    return await _known(tx, job_id, position)


async def _count(tx: AsyncConnection, job_id: UUID) -> None:
    counts = (await counted(tx, [job_id]))[job_id]
    await tx.execute(update(import_jobs).where(import_jobs.c.id == job_id).values(counts=counts))


async def _parked(tx: AsyncConnection, job_id: UUID, position: int) -> tuple[Job, Imported]:
    parent = await held_job(tx, job_id)
    check_not_undone(parent)
    waiting = await _known(tx, job_id, position)
    if waiting.state is not State.PARKED:
        raise NotParked
    return parent, waiting


async def _known(tx: AsyncConnection, job_id: UUID, position: int) -> Imported:
    found = await imported(tx, job_id, position)
    if found is None:
        raise ImportedHouseholdUnknown
    return found


async def _set_applying(tx: AsyncConnection, job_id: UUID) -> None:
    row = update(import_jobs).where(import_jobs.c.id == job_id)
    await tx.execute(row.values(state=JobState.APPLYING, finished_at=None))


def _corrected(rows: Rows, corrections: Sequence[Correction], width: int) -> Rows:
    result: Mapping[int, list[str]] = {number: [*cells, *[""] * (width - len(cells))] for number, cells in rows.items()}
    for place, correction in enumerate(corrections):
        if correction.row not in result or not 1 <= correction.column <= width:
            raise Invalid(
                code="no-such-cell",
                zh="该户没有此单元格",
                en="the household has no such cell",
                fix_zh="按问题清单中的行号和列号填写",
                fix_en="use row and column of the listed problem",
                pointer=f"/corrections/{place}",
            )
        result[correction.row][correction.column - 1] = correction.text
    return result


def _fault(trouble: Trouble) -> Invalid:
    return Invalid(
        code=trouble.kind.replace("_", "-"),
        zh=f"{trouble.reference}:{trouble.cause_zh}",
        en=f"{trouble.reference}: {trouble.cause_en}",
        fix_zh=trouble.remedy_zh,
        fix_en=trouble.remedy_en,
        pointer="/corrections",
    )
