"""Reading findings and exemptions; row security decides what is there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ..registry.tables import households, persons
from .rules import FindingState
from .tables import finding_exemptions, findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """疑点: as it stands.

    Attributes:
        since: 业务日期 on which it was found.
        evidence: `cases` and `fields`; no values.
    """

    id: UUID
    version: int
    household_id: UUID
    person_id: UUID | None
    rule: str
    state: FindingState
    since: date
    until: date | None
    digest: bytes
    evidence: dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """疑点清单的一行: a finding with where it is and whom it concerns, masked."""

    finding: Finding
    number: str
    region_code: str
    path: str
    masked_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """疑点数: of a village and a rule."""

    region_code: str
    path: str
    rule: str
    findings: int
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """免查: verified as correct by an officer, until its last day or for good."""

    id: UUID
    finding_id: UUID
    household_id: UUID
    digest: bytes
    reason: str
    officer: str
    since: date
    until: date | None
    ended_on: date | None
    ended_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """查询条件 of the list."""

    path: str | None = None
    rules: Collection[str] | None = None
    state: FindingState = FindingState.OPEN
    household_id: UUID | None = None


_FINDING = [findings.c[item.name] for item in fields(Finding)]


async def finding(tx: AsyncConnection, id_: UUID) -> Finding | None:
    """One finding, if in scope."""
    row = (await tx.execute(select(*_FINDING).where(findings.c.id == id_))).one_or_none()
    return _finding(row) if row else None


async def findings_of(tx: AsyncConnection, household_ids: Collection[UUID]) -> dict[UUID, Finding]:
    """Every finding of these households, those that are gone too, by id."""
    query = select(*_FINDING).where(findings.c.household_id == func.any(list(household_ids)))
    return {row.id: _finding(row) for row in await tx.execute(query)}


async def findings_page(
    tx: AsyncConnection, wanted: Wanted, *, after: tuple[UUID, UUID] | None, limit: int
) -> list[Listed]:
    """Findings in the order of households."""
    query = _wanted(
        select(*_FINDING, households.c.number, households.c.region_code, households.c.path, persons.c.masked_name)
        .join(households, households.c.id == findings.c.household_id)
        .outerjoin(persons, persons.c.id == findings.c.person_id),
        wanted,
    )
    if after is not None:
        query = query.where(tuple_(findings.c.household_id, findings.c.id) > after)
    query = query.order_by(findings.c.household_id, findings.c.id).limit(limit)
    return [
        Listed(
            finding=_finding(row),
            number=row.number,
            region_code=row.region_code,
            path=row.path,
            masked_name=row.masked_name,
        )
        for row in await tx.execute(query)
    ]


async def counts(tx: AsyncConnection, wanted: Wanted) -> list[Count]:
    """How many findings each village has of each rule."""
    query = _wanted(
        select(
            households.c.region_code,
            households.c.path,
            findings.c.rule,
            func.count().label("findings"),
            func.count(findings.c.household_id.distinct()).label("households"),
        ).join(households, households.c.id == findings.c.household_id),
        wanted,
    )
    query = query.group_by(households.c.region_code, households.c.path, findings.c.rule)
    query = query.order_by(households.c.path, findings.c.rule)
    return [Count(**row._mapping) for row in await tx.execute(query)]


def _wanted(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(findings.c.state == wanted.state)
    if wanted.path is not None:
        query = query.where(func.starts_with(households.c.path, wanted.path))
    if wanted.rules is not None:
        query = query.where(findings.c.rule == func.any(sorted(wanted.rules)))
    if wanted.household_id is not None:
        query = query.where(findings.c.household_id == wanted.household_id)
    return query


async def standing_exemptions(tx: AsyncConnection, household_ids: Collection[UUID]) -> dict[UUID, Exemption]:
    """Exemptions of these households that stand, by finding."""
    query = select(finding_exemptions).where(
        finding_exemptions.c.household_id == func.any(list(household_ids)), finding_exemptions.c.ended_on.is_(None)
    )
    return {row["finding_id"]: Exemption(**row) for row in (await tx.execute(query)).mappings()}


async def exemptions_page(
    tx: AsyncConnection, *, path: str | None, ended: bool, before: UUID | None, limit: int
) -> Sequence[tuple[Exemption, str, str, UUID | None]]:
    """Exemptions with number of the household, rule and person, the newest first."""
    query = (
        select(finding_exemptions, households.c.number, findings.c.rule, findings.c.person_id)
        .join(findings, findings.c.id == finding_exemptions.c.finding_id)
        .join(households, households.c.id == finding_exemptions.c.household_id)
    )
    if not ended:
        query = query.where(finding_exemptions.c.ended_on.is_(None))
    if path is not None:
        query = query.where(func.starts_with(households.c.path, path))
    if before is not None:
        query = query.where(finding_exemptions.c.id < before)
    rows = (await tx.execute(query.order_by(finding_exemptions.c.id.desc()).limit(limit))).mappings()
    return [
        (Exemption(**{name: row[name] for name in Exemption.__slots__}), row["number"], row["rule"], row["person_id"])
        for row in rows
    ]


def _finding(row: Row[Any]) -> Finding:
    told = {item.name: getattr(row, item.name) for item in fields(Finding)}
    return Finding(**{**told, "state": FindingState(told["state"])})
