"""Reading reports, contests, receipts, and who read what about a household; row security decides what is there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import ReportChannel, ReportKind

from .rules import ContestOutcome, Opens, ReportOutcome, ReportState, state_of
from .tables import contests, door_keys, self_reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """自主申报: text and contact are ciphertext."""

    id: UUID
    version: int
    region_code: str
    path: str
    household_id: UUID | None
    kind: ReportKind
    channel: ReportChannel
    filed_on: date
    accepted_on: date | None = None
    settled_on: date | None = None
    outcome: ReportOutcome | None = None
    text: bytes | None = None
    contact: bytes | None = None

    @property
    def state(self) -> ReportState:
        """How far it is."""
        return state_of(self.accepted_on, self.settled_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """异议: text is ciphertext."""

    id: UUID
    version: int
    household_id: UUID
    fact_id: UUID
    raised_on: date
    settled_on: date | None = None
    outcome: ContestOutcome | None = None
    text: bytes | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """查阅记录: somebody read, found or revealed something of the household."""

    at: datetime
    department: str
    subject: str
    action: str


async def report(tx: AsyncConnection, report_id: UUID) -> Report | None:
    """One report, if in scope."""
    query = select(self_reports).where(self_reports.c.id == report_id)
    row = (await tx.execute(query)).mappings().one_or_none()
    return _report(row) if row else None


async def reports_page(
    tx: AsyncConnection, *, state: ReportState | None, path: str, after: UUID | None, limit: int
) -> list[Report]:
    """Reports below a path in the order in which they were filed."""
    query = select(self_reports).where(self_reports.c.path.startswith(path, autoescape=True))
    accepted, settled = self_reports.c.accepted_on, self_reports.c.settled_on
    conditions = {
        ReportState.FILED: accepted.is_(None) & settled.is_(None),
        ReportState.ACCEPTED: accepted.is_not(None) & settled.is_(None),
        ReportState.SETTLED: settled.is_not(None),
    }
    if state is not None:
        query = query.where(conditions[state])
    if after is not None:
        query = query.where(self_reports.c.id > after)
    return [_report(row) for row in (await tx.execute(query.order_by(self_reports.c.id).limit(limit))).mappings()]


def _report(row: Mapping[Any, Any]) -> Report:
    told = {"kind": ReportKind(row["kind"]), "channel": ReportChannel(row["channel"])}
    return Report(**{**row, **told, "outcome": row["outcome"] and ReportOutcome(row["outcome"])})


async def contest(tx: AsyncConnection, contest_id: UUID) -> Contest | None:
    """One contest, if in scope."""
    row = (await tx.execute(select(contests).where(contests.c.id == contest_id))).mappings().one_or_none()
    return _contest(row) if row else None


async def contests_of(
    tx: AsyncConnection, *, household_id: UUID | None = None, standing: bool = False, limit: int = 200
) -> list[Contest]:
    """Contests, the latest first; of one household, or of all in scope."""
    query = select(contests)
    if household_id is not None:
        query = query.where(contests.c.household_id == household_id)
    if standing:
        query = query.where(contests.c.settled_on.is_(None))
    rows = (await tx.execute(query.order_by(contests.c.id.desc()).limit(limit))).mappings()
    return [_contest(row) for row in rows]


def _contest(row: Mapping[Any, Any]) -> Contest:
    return Contest(**{**row, "outcome": row["outcome"] and ContestOutcome(row["outcome"])})


async def opened_by(tx: AsyncConnection, digest: bytes, opens: Opens, on: date) -> tuple[UUID, str] | None:
    """What a receipt or code opens, and in which area."""
    query = select(door_keys.c.target_id, door_keys.c.path).where(
        door_keys.c.digest == digest,
        door_keys.c.opens == opens,
        or_(door_keys.c.valid_until.is_(None), door_keys.c.valid_until >= on),
    )
    row = (await tx.execute(query)).one_or_none()
    return (row.target_id, row.path) if row else None


_THEIRS = text("""
    SELECT EXISTS (SELECT FROM income_figures WHERE fact_id = :fact AND household_id = ANY(CAST(:homes AS uuid[])))
        OR EXISTS (SELECT FROM expenses WHERE fact_id = :fact AND household_id = ANY(CAST(:homes AS uuid[])))
        OR EXISTS (SELECT FROM conditions WHERE fact_id = :fact AND household_id = ANY(CAST(:homes AS uuid[])))
        OR EXISTS (SELECT FROM helper_assignments WHERE id = :fact AND household_id = ANY(CAST(:homes AS uuid[])))
        OR EXISTS (SELECT FROM department_facts d WHERE d.fact_id = :fact AND (
            d.household_id = ANY(CAST(:homes AS uuid[])) OR EXISTS (
                SELECT FROM memberships m
                WHERE m.person_id = d.person_id AND m.household_id = ANY(CAST(:homes AS uuid[])))))
""")


async def fact_is_theirs(tx: AsyncConnection, fact_id: UUID, household_ids: Collection[UUID]) -> bool:
    """Whether a recorded fact speaks of one of these households or of somebody who belongs to it."""
    return bool(await tx.scalar(_THEIRS, {"fact": fact_id, "homes": list(household_ids)}))


_READINGS = text("""
    SELECT at, department, subject, action FROM audit_log
    WHERE action = ANY(CAST(:actions AS text[])) AND (
        (entity = 'households' AND entity_id = ANY(CAST(:homes AS text[])))
        OR (entity = 'persons' AND entity_id IN (
            SELECT person_id::text FROM memberships WHERE household_id = ANY(CAST(:ids AS uuid[])))))
    ORDER BY at DESC LIMIT :limit
""")


async def readings(
    tx: AsyncConnection, household_ids: Collection[UUID], actions: Collection[str], limit: int
) -> list[Reading]:
    """Who read something of these households or their persons, the latest first."""
    homes = [str(id_) for id_ in household_ids]
    told = {"homes": homes, "ids": list(household_ids), "actions": list(actions), "limit": limit}
    return [Reading(row.at, row.department, row.subject, row.action) for row in await tx.execute(_READINGS, told)]
