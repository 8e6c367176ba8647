"""Routes of village collectives: shares, incomes, idle assets, distributions."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from kit import policy
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.paging import Page, Paging
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..regions import service as regions
from ..registry import service as registry
from . import service
from .models import (
    AssetIn,
    AssetOut,
    BonusIn,
    BonusOut,
    BonusRoomOut,
    CollectiveIn,
    CollectiveOut,
    CollectivePatch,
    DistributionIn,
    DistributionOut,
    DistributionTerms,
    DividendOut,
    HoldingOut,
    IncomeAmount,
    IncomeIn,
    IncomeOut,
    LeaseIn,
    LineOut,
    ReturnIn,
    SharesIn,
    VillageOut,
)
from .rules import WEAK_LINE, weakness

_TAGS = ["assets 村集体资产"]

router = APIRouter(prefix="/v1", tags=[*_TAGS], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=[*_TAGS], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("assets:read"))]
Write = Annotated[Principal, Depends(needs("assets:write"))]
Below = Annotated[str | None, Query(max_length=80)]


@router.post("/collectives", status_code=201)
async def register_collective(body: CollectiveIn, who: Write, tx: Tx, response: Response) -> CollectiveOut:
    """Register a village's collective (publishes CollectiveRegistered); the same again answers the same (200)."""
    entry = service.CollectiveEntry(**{name: getattr(body, name) for name in CollectiveIn.model_fields})
    collective, new = await service.register_collective(tx, entry)
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/collectives/{collective.id}"
    return _collective(collective, response)


@router.get("/collectives")
async def list_collectives(who: Read, tx: Tx, paging: Paging, path: Below = None) -> Page[CollectiveOut]:
    """Collectives of one's area, or of a part of it."""
    found = await service.collectives_page(tx, path=_path(path), after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_collective, place=lambda row: [str(row.id)])


@router.get("/collectives/{collective_id}")
async def read_collective(collective_id: UUID, who: Read, tx: Tx, response: Response) -> CollectiveOut:
    """A collective."""
    return _collective(await service.get_collective(tx, collective_id), response)


@router.patch("/collectives/{collective_id}")
async def change_collective(
    collective_id: UUID, body: CollectivePatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> CollectiveOut:
    """Change name, credit code or the total of shares (publishes CollectiveUpdated)."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return _collective(await service.change_collective(tx, collective_id, changes, version=version), response)


@router.post("/collectives/{collective_id}/shares:quantify")
async def quantify_shares(collective_id: UUID, body: SharesIn, who: Write, tx: Tx) -> list[HoldingOut]:
    """Say how many shares households have (publishes SharesQuantified)."""
    await regions.happened(tx, since=body.since)
    lines = [service.ShareLine(line.household_id, line.shares) for line in body.lines]
    return [_holding(row) for row in await service.quantify_shares(tx, collective_id, lines, since=body.since)]


@router.get("/collectives/{collective_id}/shares")
async def list_shares(collective_id: UUID, who: Read, tx: Tx, paging: Paging) -> Page[HoldingOut]:
    """Who has shares of a collective."""
    await service.get_collective(tx, collective_id)
    found = await service.holdings_page(tx, collective_id, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_holding, place=lambda row: [str(row.id)])


@audited.get("/households/{household_id}/shares")
async def list_shares_of_household(household_id: UUID, who: Read, tx: Tx) -> list[HoldingOut]:
    """The shares of a household and of those merged into it."""
    await registry.get_household(tx, household_id)
    return [_holding(row) for row in await service.holdings_of(tx, await registry.family_ids(tx, household_id))]


@router.post("/collectives/{collective_id}/incomes", status_code=201)
async def record_income(collective_id: UUID, body: IncomeIn, who: Write, tx: Tx, response: Response) -> IncomeOut:
    """Record what a collective earned (publishes CollectiveIncomeRecorded); the same again changes nothing."""
    told = {name: getattr(body, name) for name in IncomeIn.model_fields}
    return _income(await service.record_income(tx, collective_id, **told), response)


@router.get("/collectives/{collective_id}/incomes")
async def list_incomes(collective_id: UUID, who: Read, tx: Tx) -> list[IncomeOut]:
    """What a collective earned, the latest year first."""
    await service.get_collective(tx, collective_id)
    return [IncomeOut(**asdict(row)) for row in await service.incomes_of(tx, collective_id)]


@router.put("/collective-incomes/{income_id}")
async def correct_income(
    income_id: UUID, body: IncomeAmount, who: Write, tx: Tx, version: IfMatch, response: Response
) -> IncomeOut:
    """Correct an income (publishes CollectiveIncomeRecorded, revised)."""
    return _income(await service.correct_income(tx, income_id, amount=body.amount, version=version), response)


@router.post("/collective-incomes/{income_id}:void")
async def void_income(income_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> IncomeOut:
    """Take an income back (publishes CollectiveIncomeRecorded, void)."""
    return _income(await service.void_income(tx, income_id, version=version), response)


@router.get("/collectives/{collective_id}/bonus-room")
async def read_bonus_room(
    collective_id: UUID, who: Read, tx: Tx, year: Annotated[int, Query(ge=2015, le=2100)]
) -> BonusRoomOut:
    """What of a year's new operating income may go to cadres; null where it is unknown."""
    room = await service.bonus_room(tx, collective_id, year, await regions.today(tx))
    return BonusRoomOut(**asdict(room), allowed=room.allowed)


@router.post("/collectives/{collective_id}/cadre-bonuses", status_code=201)
async def decide_bonus(collective_id: UUID, body: BonusIn, who: Write, tx: Tx, response: Response) -> BonusOut:
    """Give cadres a part of new operating income, within the county's cap (publishes CadreBonusDecided)."""
    await regions.happened(tx, decided_on=body.decided_on)
    told = {name: getattr(body, name) for name in BonusIn.model_fields}
    return _bonus(await service.decide_bonus(tx, collective_id, **told), response)


@router.get("/collectives/{collective_id}/cadre-bonuses")
async def list_bonuses(collective_id: UUID, who: Read, tx: Tx) -> list[BonusOut]:
    """What cadres of a collective were given, void ones too."""
    await service.get_collective(tx, collective_id)
    return [BonusOut(**asdict(row)) for row in await service.bonuses_of(tx, collective_id)]


@router.post("/cadre-bonuses/{bonus_id}:void")
async def void_bonus(bonus_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> BonusOut:
    """It was never given (publishes CadreBonusDecided, void)."""
    return _bonus(await service.void_bonus(tx, bonus_id, version=version), response)


@router.get("/collective-weakness")
async def list_weakness(
    who: Read,
    tx: Tx,
    path: Annotated[str, Query(max_length=80)],
    year: Annotated[int, Query(ge=2015, le=2100)],
) -> list[VillageOut]:
    """Per village below a path: operating income of a year, and whether that is weak (§20)."""
    book, last_day = await policy.load(tx), date(year, 12, 31)
    shown = []
    for village in await service.village_incomes(tx, validate_path(path), year):
        line = book.at(WEAK_LINE, village.path, last_day)
        state = weakness(village.operating, line.value if line else None)
        shown.append(VillageOut(**asdict(village), state=state))
    return shown


@router.post("/collectives/{collective_id}/assets", status_code=201)
async def register_asset(collective_id: UUID, body: AssetIn, who: Write, tx: Tx, response: Response) -> AssetOut:
    """Register an idle asset (publishes AssetRegistered)."""
    await regions.happened(tx, since=body.since)
    entry = service.AssetEntry(**{name: getattr(body, name) for name in AssetIn.model_fields})
    return _asset(await service.register_asset(tx, collective_id, entry), response)


@router.get("/assets")
async def list_assets(
    who: Read, tx: Tx, paging: Paging, path: Below = None, idle: bool | None = None
) -> Page[AssetOut]:
    """Assets of collectives in one's area; `idle=true` are those nobody runs."""
    found = await service.assets_page(tx, path=_path(path), idle=idle, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_asset, place=lambda row: [str(row.id)])


@router.get("/assets/{asset_id}")
async def read_asset(asset_id: UUID, who: Read, tx: Tx, response: Response) -> AssetOut:
    """An asset."""
    return _asset(await service.get_asset(tx, asset_id), response)


@router.post("/assets/{asset_id}:lease")
async def lease_asset(
    asset_id: UUID, body: LeaseIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> AssetOut:
    """Somebody runs the asset from now on (publishes AssetLeased)."""
    await regions.happened(tx, since=body.since)
    told = {name: getattr(body, name) for name in LeaseIn.model_fields}
    return _asset(await service.lease_asset(tx, asset_id, **told, version=version), response)


@router.post("/assets/{asset_id}:return")
async def return_asset(
    asset_id: UUID, body: ReturnIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> AssetOut:
    """The asset is idle again (publishes AssetReturned)."""
    await regions.happened(tx, on=body.on)
    return _asset(await service.return_asset(tx, asset_id, on=body.on, version=version), response)


@router.post("/collectives/{collective_id}/distributions", status_code=201)
async def distribute(
    collective_id: UUID, body: DistributionIn, who: Write, tx: Tx, response: Response
) -> DistributionOut:
    """Part an amount over the shares (publishes DistributionDecided, then DividendPaid); the same voucher again: 200.

    The worker pays it out; follow it by reading it.
    """
    await regions.happened(tx, paid_on=body.paid_on)
    entry = service.DistributionEntry(**{name: getattr(body, name) for name in DistributionIn.model_fields})
    distribution, new = await service.distribute(tx, collective_id, entry)
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/distributions/{distribution.id}"
    return await _distribution(tx, distribution, response)


@router.get("/collectives/{collective_id}/distributions")
async def list_distributions(collective_id: UUID, who: Read, tx: Tx) -> list[DistributionOut]:
    """The distributions of a collective, void ones too."""
    await service.get_collective(tx, collective_id)
    return [await _distribution(tx, row) for row in await service.distributions_of(tx, collective_id)]


@router.get("/distributions/{distribution_id}")
async def read_distribution(distribution_id: UUID, who: Read, tx: Tx, response: Response) -> DistributionOut:
    """A distribution and how many households wait for it."""
    return await _distribution(tx, await service.get_distribution(tx, distribution_id), response)


@router.get("/distributions/{distribution_id}/lines")
async def list_lines(distribution_id: UUID, who: Read, tx: Tx, paging: Paging) -> Page[LineOut]:
    """What each household gets."""
    await service.get_distribution(tx, distribution_id)
    found = await service.lines_page(tx, distribution_id, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_line, place=lambda row: [str(row.id)])


@router.put("/distributions/{distribution_id}")
async def correct_distribution(
    distribution_id: UUID, body: DistributionTerms, who: Write, tx: Tx, version: IfMatch, response: Response
) -> DistributionOut:
    """Another amount or months, over the same shares (publishes DistributionDecided, DividendPaid, revised)."""
    told = {name: getattr(body, name) for name in DistributionTerms.model_fields}
    after = await service.correct_distribution(tx, distribution_id, **told, version=version)
    return await _distribution(tx, after, response)


@router.post("/distributions/{distribution_id}:void")
async def void_distribution(
    distribution_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response
) -> DistributionOut:
    """It was never paid (publishes DistributionDecided and DividendPaid, void)."""
    return await _distribution(tx, await service.void_distribution(tx, distribution_id, version=version), response)


@audited.get("/households/{household_id}/dividends")
async def list_dividends(household_id: UUID, who: Read, tx: Tx) -> list[DividendOut]:
    """What a household was paid by its collective, the latest first; void ones too."""
    await registry.get_household(tx, household_id)
    found = await service.dividends_of(tx, await registry.family_ids(tx, household_id))
    return [_dividend(line, distribution) for line, distribution in found]


def _path(path: str | None) -> str | None:
    return validate_path(path) if path is not None else None


def _after(paging: Paging) -> UUID | None:
    return UUID(str(paging.after[0])) if paging.after else None


def _collective(row: service.Collective, response: Response | None = None) -> CollectiveOut:
    if response is not None:
        response.headers["ETag"] = etag(row.version)
    return CollectiveOut(**asdict(row))


def _holding(row: service.Holding) -> HoldingOut:
    return HoldingOut(**asdict(row))


def _income(row: service.Income, response: Response) -> IncomeOut:
    response.headers["ETag"] = etag(row.revision)
    return IncomeOut(**asdict(row))


def _bonus(row: service.Bonus, response: Response) -> BonusOut:
    response.headers["ETag"] = etag(row.revision)
    return BonusOut(**asdict(row))


def _asset(row: service.Asset, response: Response | None = None) -> AssetOut:
    if response is not None:
        response.headers["ETag"] = etag(row.revision)
    return AssetOut(**asdict(row))


async def _distribution(tx: Tx, row: service.Distribution, response: Response | None = None) -> DistributionOut:
    if response is not None:
        response.headers["ETag"] = etag(row.version)
    return DistributionOut(**asdict(row), waiting=await service.count_waiting(tx, row.id))


def _line(row: service.Line) -> LineOut:
    told = {name: getattr(row, name) for name in LineOut.model_fields if name != "paid"}
    return LineOut(**told, paid=row.told == row.revision)


def _dividend(line: service.Line, distribution: service.Distribution) -> DividendOut:
    told = {
        name: getattr(distribution, name) for name in ("void", "collective_id", "paid_on", "first_month", "last_month")
    }
    return DividendOut(
        id=line.id,
        revision=line.told,
        distribution_id=distribution.id,
        shares=line.shares,
        amount=line.amount,
        **told,
    )
