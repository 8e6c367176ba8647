"""Undoing an applied import: some households at a time, each in one transaction with its events and its mark.

1. Read the households that the import changed, the last of the file first, and lock them.
2. Compare the rows it changed with the versions it left: where somebody changed one since, or recorded anything about
   a household that it registered, the household is left whole and named. Of one that it registered everything is its.
3. Bring the rows back in their next versions, with the ordinary events; history keeps both.
4. Mark each household. A crash before the commit leaves all of it as it was.

A member who went to another household of the file is free once that one is undone, so its household is tried again.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.locks import locked
from kit import audit, clock

from ...conditions import service as conditions
from ...income import service as income
from ...measures import service as measures
from ...registry import service as registry
from ...support import service as support
from ..queries import Imported, Job, contents, counted, of_job, spoken_of, traced
from ..rules import (
    MOST_ATTEMPTS,
    ChangedSince,
    CouldNotTake,
    JobState,
    State,
    Trouble,
    from_refusal,
)
from ..said import Said, say
from ..tables import import_contents, import_jobs
from .acting import act_as
from .marks import Mark, mark, remember
from .trace import Snapshot, Touched, Trace, leavers, read, snapshots, trace, version

_WORDS: Final = {
    "home": ("户信息", "household"),
    "people": ("成员", "members"),
    "elsewhere": ("成员已在他户", "a member is elsewhere"),
    "figures": ("收入", "income"),
    "expenses": ("支出", "expenses"),
    "conditions": ("保障问题", "conditions"),
    "helpers": ("帮扶责任人", "helpers"),
    "given": ("帮扶措施", "measures"),
    "content": ("之后的导入", "a later import"),
    "since": ("导入后登记的其他事项", "other records since"),
    "untraced": ("导入时未留存原值", "nothing was kept of what stood before"),
}


@dataclass(slots=True, kw_only=True)
class _Back:
    """A household on its way back; `amiss` says what keeps it."""

    imported: Imported
    trace: Trace | None
    amiss: set[str] = field(default_factory=set)


async def undo_some(tx: AsyncConnection, job: Job, *, limit: int) -> int:
    """Take back the next households of a job, which the transaction holds; gives how many, 0 when it is finished."""
    await act_as(tx, job, subject=job.undone_by or job.subject, department=job.undone_by_department or job.department)
    found = await traced(tx, job.id, limit)
    if not found:
        await _finish(tx, job)
        return 0
    items = [_Back(imported=item, trace=read(told) if told else None) for item, told in found]
    await _judge(tx, job, items)
    await _restore(tx, [item for item in items if not item.amiss])
    await mark(tx, job.id, [_mark(job, item) for item in items])
    await _heartbeat(tx, job, items)
    return len(items)


async def _judge(tx: AsyncConnection, job: Job, items: Sequence[_Back]) -> None:
    ids = [item.imported.household_id for item in items if item.imported.household_id]
    await locked(tx, ids)
    now = await snapshots(tx, ids, also=leavers(item.trace for item in items if item.trace))
    latest = await contents(tx, [item.imported.number for item in items])
    new = [item.imported.household_id for item in items if item.trace and item.trace.registered]
    spoken = await spoken_of(tx, job.id, [id_ for id_ in new if id_])
    homes = {person.household_id for stand in now.values() for person in stand.people.values()}
    own = await of_job(tx, job.id, homes)
    for item in items:
        stand = now.get(item.imported.household_id) if item.imported.household_id else None
        if item.trace is None or stand is None:
            item.amiss.add("untraced")
            continue
        if item.trace.registered:
            item.trace = replace(trace(None, stand, item.trace.content), version=item.trace.version)
        item.amiss |= set(_changed(item.trace, stand, own))
        if stand.home.id in spoken:
            item.amiss.add("since")
        content = latest.get(item.imported.number)
        if item.imported.state is not State.OLDER and (content is None or content.digest != item.imported.digest):
            item.amiss.add("content")


def _changed(told: Trace, stand: Snapshot, own: Collection[UUID]) -> Iterator[str]:
    if (told.registered or told.home is not None) and stand.home.version != told.version:
        yield "home"
    for kind in ("figures", "expenses", "conditions", "helpers", "given"):
        touched, rows = getattr(told, kind), getattr(stand, kind)
        if any(version(rows[id_]) != left for id_, left in touched.versions.items()):
            yield kind
    for id_, left in told.people.versions.items():
        person = stand.people[id_]
        back = person.household_id != stand.home.id or not person.active
        if id_ in told.people.new or not back:
            if person.version != left or back:
                yield "people"
        elif person.active:
            yield "elsewhere"
        elif person.version != left and person.household_id not in own:
            yield "people"


async def _restore(tx: AsyncConnection, items: Sequence[_Back]) -> None:
    back = [(item.imported.household_id, item.trace) for item in items if item.imported.household_id and item.trace]
    if not back:
        return
    await support.restore_helpers(tx, *_of(told.helpers for _, told in back))
    await measures.restore_measures(tx, *_of(told.given for _, told in back))
    await conditions.restore_conditions(tx, *_of(told.conditions for _, told in back))
    await conditions.restore_expenses(tx, *_of(told.expenses for _, told in back))
    await income.restore_figures(tx, *_of(told.figures for _, told in back))
    await registry.restore_households(tx, [_restoration(id_, told) for id_, told in back])
    await say(tx, [row for id_, told in back for row in _said_before(id_, told.said)])
    await _forget(tx, items)


def _of(touched: Any) -> tuple[list[Any], list[UUID]]:
    told = list(touched)
    return [row for item in told for row in item.was], [id_ for item in told for id_ in item.new]


def _restoration(household_id: UUID, told: Trace) -> registry.Restoration:
    return registry.Restoration(
        household_id=household_id,
        home=told.home,
        registered=told.registered,
        people=told.people.was,
        joined=told.people.new,
    )


def _said_before(household_id: UUID, touched: Touched[Said]) -> Iterator[Said]:
    yield from touched.was
    for person_id in touched.new:
        yield Said(
            person_id=person_id,
            household_id=household_id,
            resident_insurance=None,
            employee_insurance=None,
            work_place=None,
            work_months=None,
        )


async def _forget(tx: AsyncConnection, items: Sequence[_Back]) -> None:
    """The newest export that stands is the one before; the same file may be taken again."""
    newest = [item for item in items if item.imported.state is not State.OLDER and item.trace]
    await remember(tx, [item.trace.content for item in newest if item.trace and item.trace.content])
    never = [item.imported.household_id for item in newest if item.trace and not item.trace.content]
    await tx.execute(delete(import_contents).where(import_contents.c.household_id == func.any(never)))


def _mark(job: Job, item: _Back) -> Mark:
    row = item.imported
    attempts = row.attempts + 1
    state, problems = State.UNDONE, tuple[Trouble, ...]()
    if item.amiss == {"elsewhere"} and attempts < MOST_ATTEMPTS:
        state = row.state
    elif item.amiss:
        state, problems = State.KEPT, (_trouble(job, row, ChangedSince(_WORDS[name] for name in item.amiss)),)
    return Mark(position=row.position, state=state, attempts=attempts, problems=problems, household_id=row.household_id)


def _trouble(job: Job, row: Imported, refusal: ChangedSince | CouldNotTake) -> Trouble:
    return from_refusal(refusal, row=0, column=1, header=job.headers[0], household=row.number)


async def _heartbeat(tx: AsyncConnection, job: Job, items: Sequence[_Back]) -> None:
    await tx.execute(update(import_jobs).where(import_jobs.c.id == job.id).values(heartbeat_at=clock.now()))
    back = sum(not item.amiss for item in items)
    detail = {"undone": back, "left": len(items) - back}
    await audit.record(tx, action="undo_import", entity="import", entity_id=job.id, detail=detail)


async def _finish(tx: AsyncConnection, job: Job) -> None:
    now = clock.now()
    counts = (await counted(tx, [job.id]))[job.id]
    done = update(import_jobs).where(import_jobs.c.id == job.id)
    await tx.execute(done.values(state=JobState.UNDONE, heartbeat_at=now, undone_at=now, counts=counts))
    detail = {state.value: count for state, count in counts.items()}
    await audit.record(tx, action="finish_undo", entity="import", entity_id=job.id, detail=detail)


async def give_up_undo(tx: AsyncConnection, job: Job) -> None:
    """Leave the one household that could not be taken back for a reason we did not foresee."""
    [(row, _)] = await traced(tx, job.id, 1)
    kept = Mark(
        position=row.position,
        state=State.KEPT,
        attempts=row.attempts + 1,
        problems=(_trouble(job, row, CouldNotTake()),),
        household_id=row.household_id,
    )
    await mark(tx, job.id, [kept])
