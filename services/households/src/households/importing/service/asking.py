"""Asking that an import be taken back, or that this be stopped; what its state refuses meanwhile."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..queries import Job, job
from ..rules import TAKEN, ImportUnknown, JobState, NotApplied, NotUndoing, UndoneAlready, UndoUnderWay
from ..tables import import_households, import_jobs


async def start_undo(tx: AsyncConnection, job_id: UUID, *, subject: str, department: str) -> None:
    """Let an applied import be taken back; one whose undoing was stopped goes on.

    Raises:
        ImportUnknown, NotApplied, UndoUnderWay, UndoneAlready: as they say.
    """
    found = await held_job(tx, job_id)
    if found.state is JobState.UNDOING:
        raise UndoUnderWay
    if found.state is JobState.UNDONE:
        raise UndoneAlready
    if found.state not in (JobState.APPLIED, JobState.STOPPED):
        raise NotApplied
    waiting = (import_households.c.job_id == job_id) & import_households.c.state.in_(TAKEN)
    await tx.execute(update(import_households).where(waiting).values(attempts=0))
    row = update(import_jobs).where(import_jobs.c.id == job_id)
    await tx.execute(row.values(state=JobState.UNDOING, undone_by=subject, undone_by_department=department))


async def stop_undo(tx: AsyncConnection, job_id: UUID) -> None:
    """Stop between two steps; what was taken back stays so.

    Raises:
        ImportUnknown, NotUndoing: as they say.
    """
    if (await held_job(tx, job_id)).state is not JobState.UNDOING:
        raise NotUndoing
    await tx.execute(update(import_jobs).where(import_jobs.c.id == job_id).values(state=JobState.STOPPED))


async def held_job(tx: AsyncConnection, job_id: UUID) -> Job:
    """One job in scope, held until the transaction ends.

    Raises:
        ImportUnknown: not there or not in scope.
    """
    found = await job(tx, job_id, held=True)
    if found is None:
        raise ImportUnknown
    return found


def check_not_undone(found: Job) -> None:
    """An import that is being undone, or was, takes nothing any more.

    Raises:
        UndoUnderWay, UndoneAlready: as they say.
    """
    if found.state is JobState.UNDONE:
        raise UndoneAlready
    if found.state in (JobState.UNDOING, JobState.STOPPED):
        raise UndoUnderWay
