"""Reading and writing insurance; what the caller may see, row security decides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Table, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import Claim, ClaimState, InsurancePolicy
from .tables import insurance_claims, insurance_policies


async def policy(tx: AsyncConnection, policy_id: UUID, *, to_change: bool = False) -> InsurancePolicy | None:
    """One policy in scope."""
    found = await rows.by_id(tx, insurance_policies, InsurancePolicy, [policy_id], to_change=to_change)
    return found.get(policy_id)


async def claim(tx: AsyncConnection, claim_id: UUID, *, to_change: bool = False) -> Claim | None:
    """One claim in scope."""
    found = await rows.by_id(tx, insurance_claims, Claim, [claim_id], to_change=to_change)
    return stated(found[claim_id]) if claim_id in found else None


async def of_number(tx: AsyncConnection, *, department: str, policy_number: str) -> InsurancePolicy | None:
    """The standing policy of an insurer's number."""
    same = {"department": department, "policy_number": policy_number, "void": False}
    row = (await tx.execute(select(insurance_policies).filter_by(**same))).first()
    return rows.of(InsurancePolicy, row) if row else None


async def claim_of_number(tx: AsyncConnection, *, department: str, claim_number: str) -> Claim | None:
    """The standing claim of an insurer's number."""
    same = {"department": department, "claim_number": claim_number, "void": False}
    row = (await tx.execute(select(insurance_claims).filter_by(**same))).first()
    return stated(rows.of(Claim, row)) if row else None


async def claims_on(tx: AsyncConnection, policy_id: UUID) -> list[Claim]:
    """The standing claims on a policy."""
    standing = (insurance_claims.c.policy_id == policy_id) & ~insurance_claims.c.void
    return [stated(rows.of(Claim, row)) for row in await tx.execute(select(insurance_claims).where(standing))]


async def paid_to(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Row[Any]]:
    """The claims that were said to be paid to households, taken back since or not."""
    c = insurance_claims.c
    columns: tuple[Any, ...] = (c.id, c.household_id, c.kind, c.paid_on, (c.paid_on.is_(None) | c.void).label("void"))
    told = (c.household_id.in_(households), c.pay_revision > 0)
    return (await tx.execute(select(*columns).where(*told))).all()


async def put(tx: AsyncConnection, table: Table, facts: Sequence[InsurancePolicy | Claim]) -> None:
    """Insert or replace."""
    await rows.put(tx, table, facts)


async def policies_page(
    tx: AsyncConnection, filters: Mapping[str, object], *, on: date | None, after: UUID | None, limit: int
) -> list[InsurancePolicy]:
    """Policies in scope in the order of ids; `on` keeps those that insure on a day."""
    c = insurance_policies.c
    wanted = select(insurance_policies).order_by(c.id).limit(limit)
    for name, value in filters.items():
        if value is not None:
            wanted = wanted.where(c[name] == value)
    if on is not None:
        wanted = wanted.where(~c.void, c.starts_on <= on, c.ends_on >= on)
    if after is not None:
        wanted = wanted.where(c.id > after)
    return [rows.of(InsurancePolicy, row) for row in await tx.execute(wanted)]


async def claims_page(
    tx: AsyncConnection, filters: Mapping[str, object], *, after: UUID | None, limit: int
) -> list[Claim]:
    """Claims in scope in the order of ids."""
    c = insurance_claims.c
    wanted = select(insurance_claims).order_by(c.id).limit(limit)
    for name, value in filters.items():
        if value is not None:
            wanted = wanted.where(c[name] == value)
    if after is not None:
        wanted = wanted.where(c.id > after)
    return [stated(rows.of(Claim, row)) for row in await tx.execute(wanted)]


_MONITORED: Final = """
    FROM directory_persons AS person JOIN directory_households AS home ON home.id = person.household_id
    LEFT JOIN LATERAL (
        SELECT true AS insured, max(held.paid_by_donation) > 0 AS donated FROM insurance_policies AS held
        WHERE held.person_id = person.id AND held.kind = 'medical' AND NOT held.void
          AND held.starts_on <= :on AND held.ends_on >= :on
        HAVING count(*) > 0
    ) AS cover ON true
    WHERE home.category IS NOT NULL AND home.risk_eliminated IS NOT TRUE AND home.path ^@ :path
"""
_VILLAGES: Final = text(f"""
    SELECT home.region_code AS region, count(*) AS persons, count(cover.insured) AS insured,
           count(*) FILTER (WHERE cover.donated) AS donated
    {_MONITORED} AND home.region_code > :after GROUP BY home.region_code ORDER BY home.region_code LIMIT :limit
""")
_UNINSURED: Final = text(f"""
    SELECT person.id AS person_id, person.masked_name, home.id AS household_id, home.number AS household_number,
           home.region_code AS region
    {_MONITORED} AND cover.insured IS NULL AND (home.region_code, person.id) > (:region, CAST(:after AS uuid))
    ORDER BY home.region_code, person.id LIMIT :limit
""")
_NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageCover:
    """惠民保覆盖: persons of monitored households in a village, those insured, those by donated cover."""

    region: str
    persons: int
    insured: int
    donated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninsured:
    """未参保人员: somebody of a monitored household whom no 惠民保 insures."""

    person_id: UUID
    masked_name: str
    household_id: UUID
    household_number: str
    region: str


async def villages(tx: AsyncConnection, *, path: str, on: date, after: str | None, limit: int) -> list[VillageCover]:
    """惠民保 of monitored persons by village on a day."""
    given = {"path": path, "on": on, "after": after or "", "limit": limit}
    return [rows.of(VillageCover, row) for row in await tx.execute(_VILLAGES, given)]


async def uninsured(
    tx: AsyncConnection, *, path: str, on: date, after: tuple[str, UUID] | None, limit: int
) -> list[Uninsured]:
    """Monitored persons without 惠民保 on a day, by village."""
    region, person = after or ("", _NOBODY)
    given = {"path": path, "on": on, "region": region, "after": person, "limit": limit}
    return [rows.of(Uninsured, row) for row in await tx.execute(_UNINSURED, given)]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCover:
    """年度参保: policies that begin in a year, the households behind them, and who pays, yuan."""

    year: int
    kind: str
    policies: int
    households: int
    paid_by_household: Decimal
    paid_by_subsidy: Decimal
    paid_by_donation: Decimal


_YEARS: Final = text("""
    SELECT CAST(extract(year FROM starts_on) AS integer) AS year, kind, count(*) AS policies,
           count(DISTINCT household_id) AS households, sum(paid_by_household) AS paid_by_household,
           sum(paid_by_subsidy) AS paid_by_subsidy, sum(paid_by_donation) AS paid_by_donation
    FROM insurance_policies WHERE NOT void AND household_id IS NOT NULL AND path ^@ :path
    GROUP BY 1, 2 ORDER BY 1, 2
""")


async def years(tx: AsyncConnection, path: str) -> list[YearCover]:
    """How insurance grows from year to year (扩面)."""
    return [rows.of(YearCover, row) for row in await tx.execute(_YEARS, {"path": path})]


def stated(found: Claim) -> Claim:
    """A row's claim with its state as the rules know it."""
    return replace(found, state=ClaimState(found.state))
