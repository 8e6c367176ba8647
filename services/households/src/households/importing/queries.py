"""Reading imports; row security decides what is there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Text, cast, func, null, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from .rules import CHANGED, TAKEN, JobState, State, Trouble, trouble_of
from .tables import import_contents, import_households, import_jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """导入任务"""

    id: UUID
    scope: tuple[str, ...]
    subject: str
    department: str
    state: JobState
    exported_on: date
    title: str
    headers: tuple[str, ...]
    households: int
    members: int
    traceparent: str | None
    created_at: datetime
    heartbeat_at: datetime | None
    finished_at: datetime | None
    undone_by: str | None = None
    undone_by_department: str | None = None
    undone_at: datetime | None = None
    counts: Mapping[State, int] | None = None


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class Imported:
    """导入的户: a household of a file and what became of it."""

    job_id: UUID
    position: int
    number: str
    state: State
    attempts: int
    digest: bytes
    rows: bytes | None
    record: bytes | None
    problems: tuple[Trouble, ...]
    household_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """最近一次导入的内容 of a household."""

    household_id: UUID
    number: str
    digest: bytes
    exported_on: date
    helpers: tuple[UUID, ...]


_JOB = [import_jobs.c[item.name] for item in fields(Job)]
_OF_IMPORTED = [item.name for item in fields(Imported)]
_IMPORTED = [import_households.c[name] for name in _OF_IMPORTED]
_WITHOUT_ROWS = [null().label("rows") if column.name == "rows" else column for column in _IMPORTED]


async def job(tx: AsyncConnection, job_id: UUID, *, held: bool = False) -> Job | None:
    """One job, if in scope; `held`, until the transaction ends."""
    query = select(*_JOB).where(import_jobs.c.id == job_id)
    row = (await tx.execute(query.with_for_update() if held else query)).one_or_none()
    return _job(row) if row else None


async def jobs_page(tx: AsyncConnection, *, before: UUID | None, limit: int) -> list[Job]:
    """Jobs in scope, the newest first."""
    query = select(*_JOB)
    if before is not None:
        query = query.where(import_jobs.c.id < before)
    return [_job(row) for row in await tx.execute(query.order_by(import_jobs.c.id.desc()).limit(limit))]


async def next_job(tx: AsyncConnection) -> Job | None:
    """The oldest job that is being applied or undone and that nobody holds; held until the transaction ends."""
    working = import_jobs.c.state.in_([JobState.APPLYING, JobState.UNDOING])
    query = select(*_JOB).where(working).order_by(import_jobs.c.id).limit(1)
    row = (await tx.execute(query.with_for_update(skip_locked=True))).one_or_none()
    return _job(row) if row else None


async def progress(tx: AsyncConnection, jobs: Collection[Job]) -> dict[UUID, Mapping[State, int]]:
    """How many households of each job are in which state; counted where they change."""
    known = {job.id: job.counts for job in jobs if job.counts is not None}
    changing = [job.id for job in jobs if job.counts is None]
    return known | (await counted(tx, changing) if changing else {})


async def counted(tx: AsyncConnection, job_ids: Collection[UUID]) -> dict[UUID, Mapping[State, int]]:
    """The same, counted."""
    query = (
        select(import_households.c.job_id, import_households.c.state, func.count())
        .where(import_households.c.job_id == func.any(list(job_ids)))
        .group_by(import_households.c.job_id, import_households.c.state)
    )
    found: dict[UUID, dict[State, int]] = {job_id: {} for job_id in job_ids}
    for job_id, state, count in await tx.execute(query):
        found[job_id][State(state)] = count
    return {**found}


async def ready(tx: AsyncConnection, job_id: UUID, limit: int) -> list[Imported]:
    """Households that wait to be taken, without their rows; those tried before come last."""
    query = (
        select(*_WITHOUT_ROWS)
        .where(import_households.c.job_id == job_id, import_households.c.state == State.READY)
        .order_by(import_households.c.attempts, import_households.c.position)
        .limit(limit)
    )
    return [_imported(row) for row in await tx.execute(query)]


async def sealed_rows(tx: AsyncConnection, job_id: UUID, positions: Collection[int]) -> dict[int, bytes]:
    """The rows of these households of a job as they are kept, by place in the file."""
    query = select(import_households.c.position, import_households.c.rows).where(
        import_households.c.job_id == job_id, import_households.c.position == func.any(list(positions))
    )
    return {row.position: row.rows or b"" for row in await tx.execute(query)}


async def traced(tx: AsyncConnection, job_id: UUID, limit: int) -> list[tuple[Imported, str | None]]:
    """Households of a job to be taken back with the trace of each, the last first; those tried before come last.

    One that the import changed without a trace was taken before traces were kept.
    """
    changed = import_households.c.state.in_(CHANGED)
    query: Select[Any] = (
        select(*_IMPORTED, cast(import_households.c.trace, Text).label("trace"))
        .where(
            import_households.c.job_id == job_id,
            import_households.c.state.in_(TAKEN),
            or_(changed, import_households.c.trace.is_not(None)),
        )
        .order_by(import_households.c.attempts, import_households.c.position.desc())
        .limit(limit)
    )
    return [(_imported(row), row.trace) for row in await tx.execute(query)]


async def of_job(tx: AsyncConnection, job_id: UUID, household_ids: Collection[UUID]) -> set[UUID]:
    """Which of these households the job took."""
    query = select(import_households.c.household_id).where(
        import_households.c.job_id == job_id, import_households.c.household_id == func.any(list(household_ids))
    )
    return set((await tx.execute(query)).scalars())


_FOREIGN = text("""
    SELECT DISTINCT household_id FROM event_log
    WHERE household_id = ANY(CAST(:households AS uuid[])) AND correlation_id <> :job_id
""")


async def spoken_of(tx: AsyncConnection, job_id: UUID, household_ids: Collection[UUID]) -> set[UUID]:
    """Which of these households anything was recorded about that was not this job."""
    told = {"households": list(household_ids), "job_id": job_id}
    return set((await tx.execute(_FOREIGN, told)).scalars())


async def imported_page(
    tx: AsyncConnection, job_id: UUID, *, state: State | None, after: int, limit: int, rule: str | None = None
) -> list[Imported]:
    """Households of a job in the order of the file; `rule` is one that will find something in them."""
    query = select(*_IMPORTED).where(import_households.c.job_id == job_id, import_households.c.position > after)
    if state is not None:
        query = query.where(import_households.c.state == state)
    if rule is not None:
        query = query.where(import_households.c.suspicions.contains([{"rule": rule}]))
    return [_imported(row) for row in await tx.execute(query.order_by(import_households.c.position).limit(limit))]


async def suspicions_of(
    tx: AsyncConnection, job_id: UUID, positions: Collection[int]
) -> dict[int, list[dict[str, Any]]]:
    """What the checks will find in these households of a job, by place in the file."""
    query = select(import_households.c.position, import_households.c.suspicions).where(
        import_households.c.job_id == job_id, import_households.c.position == func.any(list(positions))
    )
    return {row.position: row.suspicions or [] for row in await tx.execute(query)}


_FORESEEN = text("""
    SELECT found ->> 'rule' AS rule, count(*) AS findings, count(DISTINCT position) AS households
    FROM import_households, jsonb_array_elements(suspicions) AS found
    WHERE job_id = :job_id GROUP BY 1 ORDER BY 1
""")


async def suspicion_counts(tx: AsyncConnection, job_id: UUID) -> dict[str, tuple[int, int]]:
    """How many findings in how many households of a job each rule will have."""
    return {row.rule: (row.findings, row.households) for row in await tx.execute(_FORESEEN, {"job_id": job_id})}


async def imported(tx: AsyncConnection, job_id: UUID, position: int) -> Imported | None:
    """One household of a job; held until the transaction ends."""
    query = select(*_IMPORTED).where(import_households.c.job_id == job_id, import_households.c.position == position)
    row = (await tx.execute(query.with_for_update())).one_or_none()
    return _imported(row) if row else None


async def contents(tx: AsyncConnection, numbers: Sequence[str]) -> dict[str, Content]:
    """What the newest export said about households, by 户编号."""
    query = select(import_contents).where(import_contents.c.number == func.any(list(numbers)))
    rows = (await tx.execute(query)).mappings()
    return {row["number"]: Content(**{**row, "helpers": tuple(row["helpers"])}) for row in rows}


def _job(row: Row[Any]) -> Job:
    told = row._mapping
    known = {"state": JobState(told["state"]), "scope": tuple(told["scope"]), "headers": tuple(told["headers"])}
    counts = told["counts"] and {State(state): count for state, count in told["counts"].items()}
    return Job(**{**told, **known, "counts": counts})


def _imported(row: Sequence[Any]) -> Imported:
    told = dict(zip(_OF_IMPORTED, row, strict=False))
    told["state"] = State(told["state"])
    told["problems"] = tuple(map(trouble_of, told["problems"]))
    return Imported(**told)
