"""Reading and writing funds and aid; which applications the caller may see, row security decides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Table, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import AidState, Application, Donation, Draw, Fund
from .tables import aid_applications, aid_donations, aid_draws, aid_funds

OPEN: Final = (AidState.APPLIED.value, AidState.GRANTED.value)


async def fund(tx: AsyncConnection, fund_id: UUID) -> Fund | None:
    """One fund."""
    return (await rows.by_id(tx, aid_funds, Fund, [fund_id])).get(fund_id)


async def donation(tx: AsyncConnection, donation_id: UUID) -> Donation | None:
    """One donation."""
    return (await rows.by_id(tx, aid_donations, Donation, [donation_id])).get(donation_id)


async def of_receipt(tx: AsyncConnection, fund_id: UUID, receipt: str) -> Donation | None:
    """The standing donation of a receipt."""
    same = {"fund_id": fund_id, "receipt": receipt, "void": False}
    row = (await tx.execute(select(aid_donations).filter_by(**same))).first()
    return rows.of(Donation, row) if row else None


async def undrawn(tx: AsyncConnection, fund_id: UUID) -> list[Donation]:
    """The donations of a fund that have something left."""
    left = (aid_donations.c.fund_id == fund_id) & ~aid_donations.c.void & (aid_donations.c.left > 0)
    return [rows.of(Donation, row) for row in await tx.execute(select(aid_donations).where(left))]


async def application(tx: AsyncConnection, application_id: UUID, *, to_change: bool = False) -> Application | None:
    """One in scope."""
    found = await rows.by_id(tx, aid_applications, Application, [application_id], to_change=to_change)
    return _stated(found[application_id]) if application_id in found else None


async def open_of(tx: AsyncConnection, household_id: UUID, fund_id: UUID, purpose: str) -> Application | None:
    """The open application of a household to a fund for a purpose."""
    same = {"household_id": household_id, "fund_id": fund_id, "purpose": purpose}
    wanted = select(aid_applications).filter_by(**same).where(aid_applications.c.state.in_(OPEN))
    row = (await tx.execute(wanted)).first()
    return _stated(rows.of(Application, row)) if row else None


async def paid_to(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Row[Any]]:
    """The aid that reached households, revoked since or not."""
    c = aid_applications.c
    columns: tuple[Any, ...] = (c.id, c.household_id, c.purpose, c.paid_on, c.void)
    paid = (c.household_id.in_(households), c.paid_on.is_not(None))
    return (await tx.execute(select(*columns).where(*paid))).all()


async def draws_of(tx: AsyncConnection, application_id: UUID) -> list[Draw]:
    """What an application drew."""
    wanted = select(aid_draws).where(aid_draws.c.application_id == application_id)
    return [rows.of(Draw, row) for row in await tx.execute(wanted.order_by(aid_draws.c.donation_id))]


async def put(tx: AsyncConnection, table: Table, facts: Sequence[Fund | Donation | Application]) -> None:
    """Insert or replace."""
    await rows.put(tx, table, facts)


_DRAW: Final = text("""
    WITH part AS (
        SELECT * FROM unnest(CAST(:donations AS uuid[]), CAST(:amounts AS numeric[])) AS part(donation_id, amount)
    ), taken AS (
        UPDATE aid_donations AS gift SET "left" = gift."left" - part.amount FROM part WHERE gift.id = part.donation_id
    )
    INSERT INTO aid_draws (application_id, donation_id, amount, returned)
    SELECT :application, donation_id, amount, false FROM part
""")
_RETURN: Final = text("""
    WITH back AS (
        UPDATE aid_draws SET returned = true WHERE application_id = :application AND NOT returned
        RETURNING donation_id, amount
    )
    UPDATE aid_donations AS gift SET "left" = gift."left" + back.amount FROM back WHERE gift.id = back.donation_id
""")


async def take(tx: AsyncConnection, parts: Sequence[Draw]) -> None:
    """Draw on donations; the database refuses more than is left."""
    given = {"donations": [part.donation_id for part in parts], "amounts": [part.amount for part in parts]}
    await tx.execute(_DRAW, {"application": parts[0].application_id, **given})


async def give_back(tx: AsyncConnection, application_id: UUID) -> None:
    """What an application drew may be granted again."""
    await tx.execute(_RETURN, {"application": application_id})


async def funds_page(tx: AsyncConnection, *, after: UUID | None, limit: int) -> list[Fund]:
    """Funds in the order of ids."""
    wanted = select(aid_funds).order_by(aid_funds.c.id).limit(limit)
    wanted = wanted if after is None else wanted.where(aid_funds.c.id > after)
    return [rows.of(Fund, row) for row in await tx.execute(wanted)]


async def donations_page(
    tx: AsyncConnection, fund_id: UUID, *, lapsing_by: date | None, after: tuple[date, UUID] | None, limit: int
) -> list[Donation]:
    """Donations of a fund as they came; `lapsing_by` keeps what must be granted by a day and is not."""
    c = aid_donations.c
    wanted = select(aid_donations).where(c.fund_id == fund_id).order_by(c.received_on, c.id).limit(limit)
    if lapsing_by is not None:
        wanted = wanted.where(~c.void, c.left > 0, c.use_by <= lapsing_by)
    if after is not None:
        wanted = wanted.where(tuple_(c.received_on, c.id) > after)
    return [rows.of(Donation, row) for row in await tx.execute(wanted)]


async def applications_page(
    tx: AsyncConnection, filters: Mapping[str, object], *, after: UUID | None, limit: int
) -> list[Application]:
    """Applications in scope in the order of ids."""
    c = aid_applications.c
    wanted = select(aid_applications).order_by(c.id).limit(limit)
    for name, value in filters.items():
        if value is not None:
            wanted = wanted.where(c[name] == value)
    if after is not None:
        wanted = wanted.where(c.id > after)
    return [_stated(rows.of(Application, row)) for row in await tx.execute(wanted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """基金收支, yuan.

    Attributes:
        received: donations that stand.
        granted: drawn by grants, whichever area they went to.
        left: what no grant has drawn; `lapsed`, what of it donors' terms no longer allow.
    """

    received: Decimal
    granted: Decimal
    left: Decimal
    lapsed: Decimal


_BALANCE: Final = text("""
    SELECT coalesce(sum(amount), 0.00) AS received, coalesce(sum("left"), 0.00) AS "left",
           coalesce(sum("left") FILTER (WHERE use_by < :on), 0.00) AS lapsed,
           coalesce(sum(amount - "left"), 0.00) AS granted
    FROM aid_donations WHERE fund_id = :fund AND NOT void
""")


async def balance(tx: AsyncConnection, fund_id: UUID, on: date) -> Balance:
    """收支 of a fund on a day."""
    return rows.of(Balance, (await tx.execute(_BALANCE, {"fund": fund_id, "on": on})).one())


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """救助情况 of an area by purpose: households and yuan that reached them, applications that wait."""

    purpose: str
    households: int
    paid: Decimal
    waiting: int


async def helped(tx: AsyncConnection, path: str) -> list[Helped]:
    """How many households aid reached, and with how much."""
    c = aid_applications.c
    paid = c.state == AidState.PAID.value
    found = await tx.execute(
        select(
            c.purpose,
            func.count(c.household_id.distinct()).filter(paid).label("households"),
            func.coalesce(func.sum(c.amount).filter(paid), Decimal("0.00")).label("paid"),
            func.count().filter(c.state.in_(OPEN)).label("waiting"),
        )
        .where(c.path.startswith(path, autoescape=True))
        .group_by(c.purpose)
        .order_by(c.purpose)
    )
    return [rows.of(Helped, row) for row in found]


def _stated(found: Application) -> Application:
    return replace(found, state=AidState(found.state))
