"""Applying: some households of a job at a time, each in one transaction with its events and its mark in the job.

1. Lock the households that are registered; compare with what the newest export said: the same content changes nothing.
2. Read the others, from their sealed records, or from their rows where they may be judged differently now.
3. Tell the registry, then income, conditions, expenses and helpers; whoever is refused is parked.
4. Mark each household; remember what was said, and what stood before, so that it can be undone.
   A crash before the commit leaves all of it as it was.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from events.locks import locked
from kit import audit, clock
from kit.cipher import FieldCipher
from kit.errors import Refusal
from kit.scope import covers

from ...registry import service as registry
from ..queries import Content, Imported, Job, contents, counted, ready, sealed_rows
from ..rules import MOST_ATTEMPTS, CouldNotTake, Gazetteer, HeldElsewhere, JobState, State, Trouble
from ..tables import import_jobs
from .acting import act_as
from .entries import Statement, household_entry, keeps_nothing
from .facts import tell
from .marks import Mark, mark, remember
from .reading import Reader, read_household, troubles_of
from .records import open_record
from .trace import Snapshot, kept, kept_of_new, snapshots, trace
from .upload import open_rows


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A household on its way in."""

    imported: Imported
    statement: Statement
    troubles: list[Trouble] = field(default_factory=list)
    household_id: UUID | None = None
    state: State = State.READY
    outcome: registry.Outcome | None = None
    helpers: tuple[UUID, ...] = ()
    trace: str | None = None

    @property
    def number(self) -> str:
        """户编号"""
        return self.statement.record.number


async def apply_some(tx: AsyncConnection, job: Job, *, gazetteer: Gazetteer, cipher: FieldCipher, limit: int) -> int:
    """Take the next households of a job, which the transaction holds; gives how many, 0 when the job is finished."""
    await act_as(tx, job, subject=job.subject, department=job.department)
    waiting = await ready(tx, job.id, limit)
    if not waiting:
        await _finish(tx, job)
        return 0
    homes = await registry.households_by_number(tx, [item.number for item in waiting])
    await locked(tx, [home.id for home in homes.values()])
    known = await contents(tx, [item.number for item in waiting])
    said = {item.position for item in waiting if _says_the_same(item, homes.get(item.number), known, job)}
    reader = Reader(gazetteer=gazetteer, scope=job.scope)
    fresh = [item for item in waiting if item.position not in said]
    candidates = await _candidates(tx, job, fresh, reader, cipher)
    await _take(tx, job, [item for item in candidates if not item.troubles], homes, known, cipher)
    unchanged = [_unchanged(item, homes[item.number].id) for item in waiting if item.position in said]
    await mark(tx, job.id, [*unchanged, *map(_mark, candidates)])
    refused = sum(bool(item.troubles) for item in candidates)
    await _heartbeat(tx, job, taken=len(waiting) - refused, refused=refused)
    return len(waiting)


def _says_the_same(item: Imported, home: registry.Household | None, known: Mapping[str, Content], job: Job) -> bool:
    newest = known.get(item.number)
    ours = home is not None and covers(job.scope, home.path) and home.merged_into is None
    return ours and newest is not None and newest.exported_on <= job.exported_on and newest.digest == item.digest


async def _candidates(
    tx: AsyncConnection, job: Job, items: Sequence[Imported], reader: Reader, cipher: FieldCipher
) -> list[Candidate]:
    # the relay shares this process: reading must not hold its loop
    found = await asyncio.to_thread(_opened, job, items, reader, cipher)
    changed = [item for item in items if item.position not in found]
    if changed:
        rows = await sealed_rows(tx, job.id, [item.position for item in changed])
        found |= await asyncio.to_thread(_read_again, job, changed, rows, reader, cipher)
    return [found[item.position] for item in items]


def _opened(job: Job, items: Sequence[Imported], reader: Reader, cipher: FieldCipher) -> dict[int, Candidate]:
    """Those of whom the record still says what their rows say, by place in the file."""
    columns = frozenset(workbook.HOUSEHOLD_LAYOUT.places(job.headers))
    found = {}
    for item in items:
        record = open_record(item.record, job.id, item.position, reader, cipher)
        if record is not None:
            statement = Statement(record=record, columns=columns, exported_on=job.exported_on)
            found[item.position] = Candidate(imported=item, statement=statement)
    return found


def _read_again(
    job: Job, items: Sequence[Imported], sealed: Mapping[int, bytes], reader: Reader, cipher: FieldCipher
) -> dict[int, Candidate]:
    found = {}
    for item in items:
        rows = open_rows(sealed[item.position], job.id, item.position, cipher)
        read = read_household(job.headers, rows, reader, job.exported_on)
        found[item.position] = Candidate(imported=item, statement=read.statement, troubles=list(read.troubles))
    return found


async def _take(
    tx: AsyncConnection,
    job: Job,
    candidates: Sequence[Candidate],
    homes: Mapping[str, registry.Household],
    known: Mapping[str, Content],
    cipher: FieldCipher,
) -> None:
    for item in candidates:
        if home := homes.get(item.number):
            item.household_id = home.id
            _compare(item, home, known.get(item.number), job)
    fresh = [item for item in candidates if item.state is State.READY and not item.troubles]
    older = [item for item in candidates if item.state is State.OLDER]
    before = await snapshots(tx, [item.household_id for item in (*fresh, *older) if item.household_id])
    new, standing = [item for item in fresh if not item.household_id], [item for item in fresh if item.household_id]
    await _register(tx, job, new, cipher)
    await _align(tx, job, standing, cipher)
    newest = [item for item in fresh if not item.troubles]
    await _tell(tx, [*newest, *older], known, cipher)
    await remember(tx, [_content(item, job.exported_on) for item in newest])
    await _keep_traces(tx, [*newest, *older], before, known)


async def _keep_traces(
    tx: AsyncConnection,
    items: Sequence[Candidate],
    before: Mapping[UUID, Snapshot],
    known: Mapping[str, Content],
) -> None:
    taken = {item.household_id: known.get(item.number) for item in items if item.household_id}
    people = {id_ for stand in before.values() for id_ in stand.people}
    after = await snapshots(tx, before.keys(), also=people)
    traces = {id_: kept(trace(before[id_], stand, taken.get(id_))) for id_, stand in after.items()}
    for item in items:
        if item.household_id:
            item.trace = traces.get(item.household_id) or kept_of_new(taken[item.household_id])


def _compare(item: Candidate, home: registry.Household, known: Content | None, job: Job) -> None:
    if not covers(job.scope, home.path):
        item.troubles += _troubles(job, item.statement, [HeldElsewhere(pointer="/household")])
    elif home.merged_into is not None:
        item.troubles += _troubles(job, item.statement, [registry.HouseholdMergedAway(pointer="/household")])
    elif known is not None and known.exported_on > job.exported_on:
        item.state = State.OLDER


async def _register(tx: AsyncConnection, job: Job, items: Sequence[Candidate], cipher: FieldCipher) -> None:
    if items:
        entries = [household_entry(item.statement, None) for item in items]
        _settle(job, items, await registry.register_households(tx, entries, cipher=cipher))


async def _align(tx: AsyncConnection, job: Job, items: Sequence[Candidate], cipher: FieldCipher) -> None:
    if not items:
        return
    standing = await _standing(tx, items, cipher)
    entries = [household_entry(item.statement, standing.get(item.number)) for item in items]
    _settle(job, items, await registry.align_households(tx, entries, cipher=cipher))


async def _standing(
    tx: AsyncConnection, items: Sequence[Candidate], cipher: FieldCipher
) -> dict[str, registry.HouseholdEntry]:
    """What is registered, for files that lack columns; empty where the file says everything itself."""
    if all(keeps_nothing(item.statement.columns) for item in items):
        return {}
    homes = await registry.households_by_number(tx, [item.number for item in items])
    people = await registry.members(tx, [home.id for home in homes.values()])
    return {
        number: registry.HouseholdEntry(
            facts=registry.HouseholdFacts(
                **{item.name: getattr(home, item.name) for item in fields(registry.HouseholdFacts)}
            ),
            members=tuple(registry.stated(person, cipher) for person in people[home.id]),
            stated_on=home.stated_on,
        )
        for number, home in homes.items()
    }


_STATES = {
    registry.Status.REGISTERED: State.REGISTERED,
    registry.Status.CHANGED: State.CHANGED,
    registry.Status.UNCHANGED: State.UNCHANGED,
}


def _settle(job: Job, items: Sequence[Candidate], outcomes: Sequence[registry.Outcome]) -> None:
    for item, outcome in zip(items, outcomes, strict=True):
        if outcome.refusal is not None:
            refusals = outcome.refusal.several or (outcome.refusal,)
            item.troubles += _troubles(job, item.statement, refusals)
        else:
            item.household_id, item.state = outcome.household_id, _STATES[outcome.status]
            item.outcome = outcome


async def _tell(
    tx: AsyncConnection, items: Sequence[Candidate], known: Mapping[str, Content], cipher: FieldCipher
) -> None:
    """Tell the other capabilities; an older export speaks of its own months only."""
    said = {item.household_id: item.statement for item in items if item.household_id}
    older = {item.household_id for item in items if item.household_id and item.state is State.OLDER}
    before = {content.household_id: content.helpers for content in known.values()}
    new = {item.outcome.registered.id: item.outcome for item in items if item.outcome and item.outcome.registered}
    told = await tell(tx, said, new=new, older=older, helpers_before=before, cipher=cipher)
    for item in items:
        if item.household_id in told.changed and item.state is State.UNCHANGED:
            item.state = State.CHANGED
        item.helpers = told.helpers.get(item.household_id, ()) if item.household_id else ()


def _troubles(job: Job, statement: Statement, refusals: Collection[Refusal]) -> list[Trouble]:
    return troubles_of(refusals, workbook.HOUSEHOLD_LAYOUT.places(job.headers), job.headers, statement)


def _content(item: Candidate, exported_on: date) -> Content:
    return Content(
        household_id=item.household_id or UUID(int=0),
        number=item.number,
        digest=item.imported.digest,
        exported_on=exported_on,
        helpers=item.helpers,
    )


def _unchanged(item: Imported, household_id: UUID) -> Mark:
    attempts = item.attempts + 1
    return Mark(position=item.position, state=State.UNCHANGED, attempts=attempts, household_id=household_id)


def _mark(item: Candidate) -> Mark:
    attempts = item.imported.attempts + 1
    if item.troubles:
        again = attempts < MOST_ATTEMPTS
        state = State.READY if again else State.PARKED
        return Mark(position=item.imported.position, state=state, attempts=attempts, problems=tuple(item.troubles))
    return Mark(
        position=item.imported.position,
        state=item.state,
        attempts=attempts,
        household_id=item.household_id,
        trace=item.trace,
    )


async def _heartbeat(tx: AsyncConnection, job: Job, *, taken: int, refused: int) -> None:
    await tx.execute(update(import_jobs).where(import_jobs.c.id == job.id).values(heartbeat_at=clock.now()))
    detail = {"taken": taken, "refused": refused}
    await audit.record(tx, action="apply_import", entity="import", entity_id=job.id, detail=detail)


async def _finish(tx: AsyncConnection, job: Job) -> None:
    now = clock.now()
    counts = (await counted(tx, [job.id]))[job.id]
    done = update(import_jobs).where(import_jobs.c.id == job.id)
    await tx.execute(done.values(state=JobState.APPLIED, heartbeat_at=now, finished_at=now, counts=counts))
    detail = {state.value: count for state, count in counts.items()}
    await audit.record(tx, action="finish_import", entity="import", entity_id=job.id, detail=detail)


async def give_up(tx: AsyncConnection, job: Job) -> None:
    """Park the one household that could not be taken for a reason we did not foresee."""
    [waiting] = await ready(tx, job.id, 1)
    column = workbook.HOUSEHOLD_LAYOUT.places(job.headers)["household"][0]
    trouble = _unforeseen(waiting, column, job.headers[column - 1])
    await mark(
        tx, job.id, [Mark(position=waiting.position, state=State.PARKED, attempts=MOST_ATTEMPTS, problems=(trouble,))]
    )


def _unforeseen(imported: Imported, column: int, header: str) -> Trouble:
    refusal = CouldNotTake()
    return Trouble(
        kind=refusal.code.replace("-", "_"), row=0, column=column, header=header, household=imported.number,
        cause_zh=refusal.zh, cause_en=refusal.en, remedy_zh=refusal.fix_zh, remedy_en=refusal.fix_en,
    )  # fmt: skip
