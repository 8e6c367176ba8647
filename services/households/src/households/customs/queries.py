"""Reading village rules and ceremonies; row security decides what is there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from .rules import Spending
from .tables import ceremonies, village_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """村规民约: one wording, from the day on which it stands; `ended` = no rule from that day on."""

    fact_id: UUID
    revision: int
    region_code: str
    since: date
    ended: bool
    document: str
    limits: dict[str, dict[str, Decimal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """红白事: as planned, once held as it came to."""

    id: UUID
    revision: int
    void: bool
    household_id: UUID
    region_code: str
    kind: str
    held_on: date
    held: bool
    figures: dict[str, Decimal]
    fit: str


@dataclass(frozen=True, slots=True)
class Ruleless:
    """无村规民约的村: with how many registered households."""

    region_code: str
    path: str
    households: int


@dataclass(frozen=True, slots=True)
class VillageSpending:
    """村级红白事: one kind in one village, no household named."""

    region_code: str
    path: str
    kind: str
    spending: Spending


async def wordings(tx: AsyncConnection, fact_id: UUID) -> list[Wording]:
    """Every wording of a village's rule, the newest first."""
    query = select(village_rules).where(village_rules.c.fact_id == fact_id)
    return [_wording(row) for row in (await tx.execute(query.order_by(village_rules.c.revision.desc()))).mappings()]


_IN_FORCE = """
    SELECT DISTINCT ON (v.fact_id) v.*, r.path FROM village_rules v
    JOIN regions r ON r.code = v.region_code AND r.valid_to IS NULL
    WHERE v.since <= :on AND starts_with(r.path, :path)
    ORDER BY v.fact_id, v.revision DESC
"""
_RULES = text(f"SELECT * FROM ({_IN_FORCE}) AS rule WHERE NOT ended ORDER BY region_code")  # noqa: S608 - constant
_RULELESS = text(f"""
    SELECT h.region_code, h.path, count(*) AS households FROM households h
    WHERE h.merged_into IS NULL AND starts_with(h.path, :path)
      AND NOT EXISTS (SELECT FROM ({_IN_FORCE}) AS rule WHERE rule.region_code = h.region_code AND NOT rule.ended)
    GROUP BY h.region_code, h.path ORDER BY h.path
""")  # noqa: S608 - constant


async def rules_below(tx: AsyncConnection, path: str, on: date) -> list[Wording]:
    """The rules in force on a day in villages below a path."""
    return [_wording(row) for row in (await tx.execute(_RULES, {"path": path, "on": on})).mappings()]


async def ruleless(tx: AsyncConnection, path: str, on: date) -> list[Ruleless]:
    """Villages with registered households below a path that have no rule on a day."""
    return [Ruleless(**row) for row in (await tx.execute(_RULELESS, {"path": path, "on": on})).mappings()]


async def ceremonies_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Ceremony]:
    """Ceremonies in scope, void ones too."""
    found = await tx.execute(select(ceremonies).where(ceremonies.c.id == func.any(list(ids))))
    return {row["id"]: _ceremony(row) for row in found.mappings()}


async def ceremonies_of(tx: AsyncConnection, *household_ids: UUID) -> list[Ceremony]:
    """Ceremonies of a household and those merged into it, void ones too, the latest first."""
    query = select(ceremonies).where(ceremonies.c.household_id == func.any(list(household_ids)))
    found = await tx.execute(query.order_by(ceremonies.c.held_on.desc(), ceremonies.c.id))
    return [_ceremony(row) for row in found.mappings()]


_SPENDING = text("""
    SELECT c.region_code, r.path, c.kind,
           count(*) FILTER (WHERE this) AS notified,
           count(*) FILTER (WHERE this AND held) AS held,
           count(*) FILTER (WHERE this AND fit = 'over') AS over,
           count(*) FILTER (WHERE this AND fit = 'unknown') AS unknown,
           coalesce(sum(cost) FILTER (WHERE this AND held), 0.00) AS cost,
           round(avg(cost) FILTER (WHERE this AND held), 2) AS mean,
           round(avg(cost) FILTER (WHERE NOT this AND held), 2) AS mean_before
    FROM (SELECT *, CAST(figures ->> 'cost' AS numeric(14, 2)) AS cost, held_on >= make_date(:year, 1, 1) AS this
          FROM ceremonies
          WHERE NOT void AND held_on >= make_date(:year - 1, 1, 1) AND held_on < make_date(:year + 1, 1, 1)) AS c
    JOIN regions r ON r.code = c.region_code AND r.valid_to IS NULL
    WHERE starts_with(r.path, :path)
    GROUP BY c.region_code, r.path, c.kind ORDER BY r.path, c.kind
""")


async def spending_below(tx: AsyncConnection, path: str, year: int) -> list[VillageSpending]:
    """Per village below a path and kind: ceremonies of a year beside those of the year before."""
    found = (await tx.execute(_SPENDING, {"path": path, "year": year})).all()
    return [
        VillageSpending(
            row.region_code,
            row.path,
            row.kind,
            Spending(**{name: row._mapping[name] for name in Spending.__slots__}),
        )
        for row in found
    ]


def _figures(told: Mapping[str, str]) -> dict[str, Decimal]:
    return {measure: Decimal(number) for measure, number in told.items()}


def _wording(row: Mapping[Any, Any]) -> Wording:
    limits = {kind: _figures(told) for kind, told in row["limits"].items()}
    return Wording(**{**{name: row[name] for name in Wording.__slots__}, "limits": limits})


def _ceremony(row: Mapping[Any, Any]) -> Ceremony:
    return Ceremony(**{**row, "figures": _figures(row["figures"])})
