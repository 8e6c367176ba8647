"""Reading and writing requests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from .rules import Answered, RequestState
from .tables import help_requests

OPEN: Final = tuple(state.value for state in RequestState if state.open)

# Only the department that was asked answers, and the highest revision says how the request stands.
_ANSWER: Final = text("""
    UPDATE help_requests AS h SET
        state = new.state, revision = new.revision, taken_on = new.taken_on, answered_on = new.answered_on,
        answered_by = new.answered_by, reason = new.reason, reference = new.reference, provided_on = new.provided_on,
        number = new.number
    FROM unnest(CAST(:request_id AS uuid[]), CAST(:service AS text[]), CAST(:revision AS integer[]),
                CAST(:state AS text[]), CAST(:taken_on AS date[]), CAST(:answered_on AS date[]),
                CAST(:answered_by AS text[]), CAST(:reason AS text[]), CAST(:reference AS uuid[]),
                CAST(:provided_on AS date[]), CAST(:number AS bigint[]))
         AS new(request_id, service, revision, state, taken_on, answered_on, answered_by, reason, reference,
                provided_on, number)
    WHERE h.id = new.request_id AND h.service = new.service AND h.revision < new.revision
""")
# Whether an answer came before is not asked: a replay may not know it yet, and what was answered stays answered.
_WITHDRAW: Final = text("""
    UPDATE help_requests AS h SET withdrawn_on = :on
    WHERE h.household_id = :household AND h.withdrawn_on IS NULL
      AND (h.alert_id = ANY(CAST(:ended AS uuid[])) OR h.case_id = ANY(CAST(:ended AS uuid[])))
    RETURNING h.id, h.household_id, h.service, h.path
""")
_MOVE: Final = text("""
    UPDATE help_requests SET path = new.path
    FROM unnest(CAST(:households AS uuid[]), CAST(:paths AS text[])) AS new(household_id, path)
    WHERE help_requests.household_id = new.household_id
""")


async def add(tx: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write requests down."""
    await tx.execute(insert(help_requests), list(rows))


async def answer(tx: AsyncConnection, answers: Sequence[Answered]) -> None:
    """Write how requests stand, one answer each."""
    columns = {field.name: [getattr(item, field.name) for item in answers] for field in fields(Answered)}
    await tx.execute(_ANSWER, columns)


async def asked_for(tx: AsyncConnection, alert_ids: Collection[UUID]) -> set[UUID]:
    """Those of the alerts because of which help was asked: few of many."""
    query = select(help_requests.c.alert_id).where(help_requests.c.alert_id.in_(alert_ids))
    return set((await tx.execute(query)).scalars())


async def withdraw(tx: AsyncConnection, household_id: UUID, ended: Collection[UUID], on: date) -> Sequence[Row[Any]]:
    """Mark what was asked because of alerts or cases that ended; the requests, ids ascending."""
    given = {"household": household_id, "ended": list(ended), "on": on}
    return sorted((await tx.execute(_WITHDRAW, given)).all(), key=lambda row: str(row.id))


async def move(tx: AsyncConnection, moved: Mapping[UUID, str]) -> None:
    """Give requests the new path of their household."""
    await tx.execute(_MOVE, {"households": list(moved), "paths": list(moved.values())})


async def one(tx: AsyncConnection, request_id: UUID) -> Row[Any] | None:
    """One request; None outside one's scope."""
    return (await tx.execute(select(help_requests).where(help_requests.c.id == request_id))).one_or_none()


async def of_household(tx: AsyncConnection, household_id: UUID) -> Sequence[Row[Any]]:
    """All that was asked for a household, the newest first."""
    query = select(help_requests).where(help_requests.c.household_id == household_id)
    return (await tx.execute(query.order_by(help_requests.c.asked_on.desc(), help_requests.c.id.desc()))).all()


async def of_cases(tx: AsyncConnection, case_ids: Collection[UUID]) -> dict[UUID, list[Row[Any]]]:
    """What was asked for cases, the oldest first."""
    query = select(help_requests).where(help_requests.c.case_id.in_(case_ids))
    found: dict[UUID, list[Row[Any]]] = {}
    for row in await tx.execute(query.order_by(help_requests.c.asked_on, help_requests.c.id)):
        found.setdefault(row.case_id, []).append(row)
    return found


async def overdue(tx: AsyncConnection, on: date) -> Sequence[Row[Any]]:
    """Requests that are owed an answer since before a day, the oldest due first."""
    owed = help_requests.c.state.in_(OPEN) & help_requests.c.withdrawn_on.is_(None)
    late = (owed, help_requests.c.due_on < on)
    query = select(help_requests).where(*late).order_by(help_requests.c.due_on, help_requests.c.id)
    return (await tx.execute(query)).all()


async def page(
    tx: AsyncConnection,
    filters: Mapping[str, object],
    *,
    path: str,
    overdue_on: date | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Requests, the oldest first."""
    columns = help_requests.c
    query = select(help_requests).where(columns.path.startswith(path, autoescape=True))
    for name, value in filters.items():
        if value is not None:
            query = query.where(columns[name] == value)
    if overdue_on is not None:
        query = query.where(columns.state.in_(OPEN), columns.withdrawn_on.is_(None), columns.due_on < overdue_on)
    if after is not None:
        query = query.where(tuple_(columns.asked_on, columns.id) > after)
    return (await tx.execute(query.order_by(columns.asked_on, columns.id).limit(limit))).all()
