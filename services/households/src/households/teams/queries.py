"""Reading teams and gaps; row security decides what is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import TeamRole

from .tables import team_members


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """六位一体成员: name and phone are ciphertext."""

    id: UUID
    version: int
    path: str
    role: TeamRole
    household_id: UUID | None
    name: bytes | None
    masked_name: str
    phone: bytes | None
    masked_phone: str | None
    organisation: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class VillageGap:
    """帮扶缺口: lifted households of a village, and how many of them nobody helps."""

    path: str
    lifted: int
    unhelped: int


async def member(tx: AsyncConnection, member_id: UUID) -> TeamMember | None:
    """One member, if in scope."""
    row = (await tx.execute(select(team_members).where(team_members.c.id == member_id))).mappings().one_or_none()
    return _member(row) if row else None


async def members_below(tx: AsyncConnection, path: str, on: date) -> list[TeamMember]:
    """Who has a place in the teams below a path on a day."""
    until = team_members.c.until
    query = (
        select(team_members)
        .where(func.starts_with(team_members.c.path, path), team_members.c.since <= on)
        .where(or_(until.is_(None), until > on))
        .order_by(team_members.c.path, team_members.c.role, team_members.c.id)
    )
    return [_member(row) for row in (await tx.execute(query)).mappings()]


def _member(row: Mapping[Any, Any]) -> TeamMember:
    return TeamMember(**{**row, "role": TeamRole(row["role"])})


_LIFTED = "h.household_type IN ('lifted', 'lifted_no_policy') AND h.merged_into IS NULL AND h.ended_on IS NULL"
# A path holds digits and slashes: what begins with it lies before the same with the next character behind.
_BELOW = "h.path >= :path AND h.path < :path || ':'"
_ACTIVE = "a.since <= :on AND (a.until IS NULL OR a.until > :on)"
# Whoever helps a household that was merged into another one helps that one.
_UNHELPED = f"""
    NOT EXISTS (SELECT FROM helper_assignments a WHERE a.household_id = h.id AND {_ACTIVE})
    AND NOT EXISTS (
        SELECT FROM households m JOIN helper_assignments a ON a.household_id = m.id
        WHERE m.merged_into = h.id AND {_ACTIVE})
"""  # noqa: S608 - constant conditions
# First the villages of the page: helpers are looked up for their households alone, as a city has too many.
_VILLAGES = text(f"""
    WITH villages AS MATERIALIZED (
        SELECT h.path FROM households h WHERE {_LIFTED} AND {_BELOW} AND h.path > :after
        GROUP BY h.path ORDER BY h.path LIMIT :limit
    )
    SELECT h.path, count(*) AS lifted, count(*) FILTER (WHERE {_UNHELPED}) AS unhelped
    FROM households h JOIN villages USING (path) WHERE {_LIFTED}
    GROUP BY h.path ORDER BY h.path
""")  # noqa: S608 - constant conditions
_HOUSEHOLDS = text(f"""
    SELECT h.id FROM households h
    WHERE {_LIFTED} AND {_BELOW} AND (CAST(:after AS uuid) IS NULL OR h.id > :after) AND {_UNHELPED}
    ORDER BY h.id LIMIT :limit
""")  # noqa: S608 - constant conditions


async def village_gaps(tx: AsyncConnection, path: str, on: date, *, after: str, limit: int) -> list[VillageGap]:
    """Per village below a path: lifted households, and those without an active helper on a day; by path."""
    told = {"path": path, "on": on, "after": after, "limit": limit}
    return [VillageGap(row.path, row.lifted, row.unhelped) for row in await tx.execute(_VILLAGES, told)]


async def unhelped(tx: AsyncConnection, path: str, on: date, *, after: UUID | None, limit: int) -> list[UUID]:
    """Lifted households below a path without an active helper on a day, in the order of their ids."""
    told = {"path": path, "on": on, "after": after, "limit": limit}
    return list((await tx.execute(_HOUSEHOLDS, told)).scalars())
