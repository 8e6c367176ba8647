"""差异化考核 of those who help: designated units by the households they answer for, village teams by their village."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import HelperAssigned, TeamMemberAssigned, TeamMemberReleased, TeamRole
from events.received import Handlers, Received
from kit import policy

from . import service
from .rules import (
    CATALOGUE,
    TEAM,
    TEAM_FILLED,
    UNIT,
    UNIT_ASSESSED,
    Assessed,
    Period,
    Sums,
    Value,
    assessed,
    ranked,
    value_of,
)

# Households as they were when a month ended, at every place: the first row of that month or a later one tells, and
# where there is none the profile. Whoever helps a household that was merged into another one by then helps that one,
# and its facts are in nobody's area any more, so the log tells; a household of two units counts for both. Beginning
# anew and ending are revisions of one fact.
_UNITS: Final = text("""
    WITH told AS (
        SELECT DISTINCT ON (household_id, path) household_id, path, "values" AS indicators FROM month_ends
        WHERE path ^@ :area AND month >= :month ORDER BY household_id, path, month
    ), standing AS (
        SELECT household_id, indicators FROM told WHERE indicators <> '{}'
        UNION ALL
        SELECT household_id, indicators FROM profiles AS p WHERE path ^@ :area AND path <> ''
        AND NOT EXISTS (SELECT FROM told WHERE told.household_id = p.household_id AND told.path = p.path)
    ), helping AS (
        SELECT DISTINCT r.data ->> 'organisation' AS unit, p.household_id, p.indicators
        FROM standing AS p
        JOIN (SELECT household_id AS id, household_id AS standing FROM standing
              UNION ALL SELECT household_id, into_id FROM directory_aliases AS a
              WHERE into_id IS NOT NULL AND NOT EXISTS (SELECT FROM standing AS s WHERE s.household_id = a.household_id)
        ) AS family ON family.standing = p.household_id
        JOIN received_log AS r ON r.household_id = family.id AND r.type = :assigned
        WHERE NOT r.void AND CAST(r.data ->> 'since' AS date) <= :on
          AND r.data ->> 'organisation' <> '' AND NOT EXISTS (
              SELECT FROM received_log AS later
              WHERE later.household_id = r.household_id AND later.fact_id = r.fact_id AND later.revision > r.revision
              AND (later.type = :assigned OR later.void OR CAST(later.data ->> 'until' AS date) <= :on))
    )
    SELECT h.unit, true AS stock, e.key AS part, sum(CAST(e.value AS numeric)) AS value
    FROM helping AS h CROSS JOIN LATERAL jsonb_each_text(h.indicators) AS e GROUP BY 1, 3
    UNION ALL
    SELECT h.unit, false, part, count(*) FROM helping AS h JOIN alert_acts AS a USING (household_id)
    CROSS JOIN LATERAL (VALUES ('verdicts.judged', a.verdict <> 'duplicate'),
                               ('verdicts.right', a.verdict IN ('confirmed', 'helped'))) AS said(part, so)
    WHERE a.verdict IS NOT NULL AND a.acted_on BETWEEN :first AND :on AND so GROUP BY 1, 3
    UNION ALL
    SELECT h.unit, false, part, count(*) FROM helping AS h JOIN cases AS c USING (household_id)
    CROSS JOIN LATERAL (VALUES ('cases.timed', c.due_on IS NOT NULL),
                               ('cases.in_time', c.decided_on <= c.due_on)) AS said(part, so)
    WHERE c.decided_on BETWEEN :first AND :on AND c.body ->> 'channel' IS NOT NULL AND so GROUP BY 1, 3
""")
_ROLES: Final = text("""
    SELECT path, array_agg(DISTINCT role) AS roles FROM team_places
    WHERE path = ANY(CAST(:paths AS text[])) AND since <= :on AND coalesce(until > :on, true) GROUP BY path
""")
# An assignment and its end are revisions of one fact, in whatever order they come.
_PLACE: Final = text("""
    INSERT INTO team_places AS known (member_id, revision, path, role, since, until)
    VALUES (:member_id, :revision, :path, :role, :since, :until)
    ON CONFLICT (member_id) DO UPDATE SET
        revision = greatest(known.revision, excluded.revision),
        since = CASE WHEN known.since IS NULL OR (excluded.since IS NOT NULL AND excluded.revision > known.revision)
                     THEN excluded.since ELSE known.since END,
        until = CASE WHEN excluded.revision > known.revision THEN excluded.until ELSE known.until END
""")


@dataclass(frozen=True, slots=True)
class UnitScore:
    """定点帮扶单位考核结果: its households as a month left them, its alerts and cases of the year up to then."""

    unit: str
    households: int
    assessed: Assessed
    rank: int | None


@dataclass(frozen=True, slots=True)
class TeamScore:
    """村级队伍考核结果."""

    score: service.Score
    missing: tuple[TeamRole, ...]


async def assess_units(tx: AsyncConnection, area: str, period: Period, on: date) -> list[UnitScore]:
    """The units that help households of an area, the best first.

    Args:
        tx: the open transaction.
        area: where the households are.
        period: the month that left them so.
        on: its last day, or the business date within it.
    """
    book = await policy.load(tx)
    sums: dict[str, tuple[dict[str, Decimal], dict[str, Decimal]]] = {}
    given = {
        "area": area,
        "month": period.last,
        "on": on,
        "first": on.replace(month=1, day=1),
        "assigned": HelperAssigned.wire_type(),
    }
    for row in await tx.execute(_UNITS, given):
        stock, flow = sums.setdefault(row.unit, ({}, {}))
        (stock if row.stock else flow)[row.part] = Decimal(row.value)
    done = {unit: assessed(_values(Sums(*of)), book, area, on, UNIT) for unit, of in sums.items()}
    ranks = ranked([item.score for item in done.values()])
    scores = [
        UnitScore(unit, int(sums[unit][0]["households"]), item, rank)
        for (unit, item), rank in zip(done.items(), ranks, strict=True)
    ]
    return sorted(scores, key=lambda score: (score.rank is None, score.rank, score.unit))


def _values(now: Sums) -> dict[str, Value]:
    return {name: value_of(CATALOGUE[name], now, Sums()) for name in UNIT_ASSESSED}


async def assess_teams(tx: AsyncConnection, villages: Sequence[str], period: Period, on: date) -> list[TeamScore]:
    """The teams of villages, the best first; a village whose team nobody has told of has none."""
    known = await tx.execute(_ROLES, {"paths": list(villages), "on": on})
    roles: dict[str, set[str]] = {row.path: set(row.roles) for row in known}
    more = {path: {TEAM_FILLED.id: _filled(len(roles.get(path, ())))} for path in villages}
    scores = await service.assess(tx, villages, period, on, TEAM, more)
    return [
        TeamScore(score, tuple(role for role in TeamRole if role not in roles.get(score.area.path, ())))
        for score in scores
    ]


def _filled(taken: int) -> Value:
    places = len(TeamRole)
    share = (Decimal(100) * taken / places).quantize(Decimal("0.01"))
    return Value(TEAM_FILLED, share, Decimal(taken), Decimal(places))


async def on_team_member(tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
    """Somebody takes a place in a village's team, or gives it up."""
    rows: list[Mapping[str, object]] = [
        {
            "member_id": event.data.member_id,
            "revision": event.revision,
            "path": event.data.path,
            "role": event.data.role,
            "since": event.data.since if isinstance(event.data, TeamMemberAssigned) else None,
            "until": None if isinstance(event.data, TeamMemberAssigned) else event.data.until,
        }
        for event in sorted(events, key=lambda event: str(event.data.member_id))
    ]
    await tx.execute(_PLACE, rows)


HANDLERS: Final[Handlers] = dict.fromkeys((TeamMemberAssigned, TeamMemberReleased), (on_team_member,))
"""Input as the directory is: a replay leaves it alone."""
