"""A village collective: shares to households, dividends to the cent that survive a killed worker, bonus and assets."""

import asyncio
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import RSAKey
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from households.assets.rules import (
    BonusCapUnknown,
    BonusIncomeUnknown,
    BonusRoom,
    BonusTooLarge,
    Weakness,
    check_bonus,
    parts_of,
    weakness,
)
from households.assets.runner import DistributionRunner
from kit.testing import Clerk as Office
from kit.testing import credit_code

from .conftest import CITY, DONGCHUAN, LUQUAN, Clerk, Database, People

_vouchers = count(1)


@pytest.fixture(scope="session")
async def villages(nobody: Clerk, imported: dict[str, Any]) -> list[str]:
    """Villages of 禄劝 that no other test uses."""
    found = (await nobody.get("/v1/regions?level=village&parent=530128110000&page_size=200")).json()["items"]
    return [region["code"] for region in found]


@pytest.fixture
def village(villages: list[str]) -> str:
    return villages.pop()


async def _collective(clerk: Clerk, region: str, shares: str = "100.00") -> dict[str, Any]:
    body = {"region_code": region, "name": "股份经济合作社", "total_shares": shares}
    return await clerk.made("/v1/collectives", body)


async def _homes(clerk: Clerk, people: People, region: str, number: int) -> list[dict[str, Any]]:
    return [await clerk.made("/v1/households", people.household(region=region)) for _ in range(number)]


async def _quantify(clerk: Clerk, collective: dict[str, Any], shares: dict[str, str]) -> Any:
    lines = [{"household_id": id_, "shares": number} for id_, number in shares.items()]
    return await clerk.post(
        f"/v1/collectives/{collective['id']}/shares:quantify", {"since": "2024-01-01", "lines": lines}
    )


def _decided(amount: str, **told: Any) -> dict[str, Any]:
    return {
        "reference": f"FH-{next(_vouchers)}",
        "amount": amount,
        "paid_on": "2024-05-30",
        "first_month": "2023-06",
        "last_month": "2024-05",
        **told,
    }


async def _paid_out(engine: AsyncEngine, *, at_once: int = 200) -> None:
    runner = DistributionRunner(engine, at_once=at_once)
    async with asyncio.timeout(60):
        while await runner.step():
            pass


async def _payments(clerk: Clerk, home: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    answer = await clerk.get(f"/v1/households/{home['id']}/income-statement?on=2024-06-15")
    return [(p["kind"], p["month"], p["last_month"], p["amount"]) for p in answer.json()["payments"]]


async def test_shares_are_quantified_within_the_total_and_seen_in_the_area(
    clerk: Clerk, people: People, db: Database, village: str
) -> None:
    collective = await _collective(clerk, village)
    again = await clerk.post(
        "/v1/collectives", {"region_code": village, "name": "股份经济合作社", "total_shares": "100"}
    )
    assert (again.status_code, again.json()["id"]) == (200, collective["id"])
    other = await clerk.post("/v1/collectives", {"region_code": village, "name": "另一社", "total_shares": "100.00"})
    assert other.json()["code"] == "collective-known"
    town = await clerk.post("/v1/collectives", {"region_code": village[:9] + "000", "name": "乡", "total_shares": "1"})
    assert town.json()["code"] == "village-unknown"
    first, second = await _homes(clerk, people, village, 2)
    told = await _quantify(clerk, collective, {first["id"]: "40.00", second["id"]: "20.50"})
    assert {row["shares"] for row in told.json()} == {"40.00", "20.50"}
    before = await db.count()
    much = await _quantify(clerk, collective, {first["id"]: "80.00"})
    assert (much.status_code, much.json()["code"]) == (409, "too-many-shares")
    await _quantify(clerk, collective, {first["id"]: "40.00"})
    assert await db.count() == before, "refused and repeated, nothing is published"
    [event] = await db.events(first["id"], "SharesQuantified")
    assert (event["data"]["shares"], event["revision"]) == ("40.00", 1)
    less = {"total_shares": "60.00"}
    path = f"/v1/collectives/{collective['id']}"
    assert (await clerk.send("PATCH", path, json=less, version=1)).json()["code"] == "too-many-shares"
    assert (await clerk.send("PATCH", path, json={"total_shares": "60.50"}, version=1)).json()["version"] == 2
    [mine] = (await clerk.get(f"/v1/households/{second['id']}/shares")).json()
    assert mine["shares"] == "20.50"
    assert len((await clerk.get(f"{path}/shares?page_size=1")).json()["items"]) == 1
    stranger = clerk.of(DONGCHUAN)
    assert (await stranger.get(path)).json()["code"] == "collective-unknown"
    assert (await _quantify(stranger, collective, {first["id"]: "1.00"})).status_code == 404
    listed = (await clerk.get(f"/v1/collectives?path={LUQUAN}&page_size=500")).json()["items"]
    assert collective["id"] in {row["id"] for row in listed}


async def test_a_dividend_goes_to_the_cent_to_every_shareholder_and_into_the_statement(
    clerk: Clerk, people: People, db: Database, worker_engine: AsyncEngine, village: str
) -> None:
    collective = await _collective(clerk, village)
    path = f"/v1/collectives/{collective['id']}/distributions"
    nobody = await clerk.post(path, _decided("100.00"))
    assert nobody.json()["code"] == "no-shares"
    homes = await _homes(clerk, people, village, 3)
    shares = dict(zip([home["id"] for home in homes], ("30.00", "30.00", "30.00"), strict=True))
    await _quantify(clerk, collective, shares)
    body = _decided("1000.00")
    distribution = await clerk.made(path, body)
    assert (distribution["state"], distribution["waiting"], distribution["kept"]) == ("paying", 3, "100.00")
    assert (await clerk.post(path, body)).status_code == 200
    assert (await clerk.post(path, body | {"amount": "1000.01"})).json()["code"] == "distribution-stands"
    await _paid_out(worker_engine)
    told = (await clerk.get(f"/v1/distributions/{distribution['id']}")).json()
    assert (told["state"], told["waiting"]) == ("paid", 0)
    for home in homes:
        assert await _payments(clerk, home) == [("property", "2023-06", "2024-05", "300.00")]
    [event] = await db.events(homes[0]["id"], "DividendPaid")
    assert (event["data"]["first_month"], event["data"]["amount"], event["region"]) == ("2023-06", "300.00", village)

    one = f"/v1/distributions/{distribution['id']}"
    terms = {"amount": "1000.01", "first_month": "2023-06", "last_month": "2024-05"}
    assert (await clerk.send("PUT", one, json=terms)).status_code == 428
    better = await clerk.send("PUT", one, json=terms, version=1)
    assert (better.json()["version"], better.json()["waiting"]) == (2, 1), "one household's part has changed"
    await _paid_out(worker_engine)
    amounts = [Decimal(amount) for home in homes for *_, amount in await _payments(clerk, home)]
    assert sum(amounts) + Decimal(better.json()["kept"]) == Decimal("1000.01")
    more = await clerk.send("PUT", one, json=terms | {"amount": "2000.00"}, version=2)
    assert more.json()["waiting"] == 3
    await _paid_out(worker_engine)
    assert await _payments(clerk, homes[1]) == [("property", "2023-06", "2024-05", "600.00")]
    assert (await clerk.post(f"{one}:void", version=2)).status_code == 412
    gone = await clerk.post(f"{one}:void", version=3)
    assert gone.json()["void"] is True
    await _paid_out(worker_engine)
    assert await _payments(clerk, homes[1]) == []
    assert (await clerk.send("PUT", one, json=terms, version=4)).json()["code"] == "distribution-void"
    events = await db.events(homes[1]["id"], "DividendPaid")
    assert [e["revision"] for e in events] == list(range(1, len(events) + 1))
    assert [(e["void"], e["data"]["amount"]) for e in events[-2:]] == [(False, "600.00"), (True, "600.00")]
    [shown] = (await clerk.get(f"/v1/households/{homes[1]['id']}/dividends")).json()
    assert (shown["void"], shown["amount"]) == (True, "600.00")
    months = await clerk.post(path, _decided("1.00", last_month="2023-05"))
    assert months.json()["code"] == "distribution-months"


class _Killed(BaseException):
    """As kill -9: nothing catches it."""


async def test_a_worker_killed_amid_a_distribution_goes_on_and_pays_nobody_twice(
    clerk: Clerk, people: People, db: Database, worker_engine: AsyncEngine, village: str
) -> None:
    collective = await _collective(clerk, village)
    homes = await _homes(clerk, people, village, 7)
    await _quantify(clerk, collective, {home["id"]: f"{place}.37" for place, home in enumerate(homes, start=1)})
    distribution = await clerk.made(f"/v1/collectives/{collective['id']}/distributions", _decided("333.33"))
    runner = DistributionRunner(worker_engine, at_once=2)
    assert await runner.step()

    def kill(connection: object) -> None:
        raise _Killed

    event.listen(worker_engine.sync_engine, "commit", kill)
    try:
        with pytest.raises(_Killed):
            await runner.step()
    finally:
        event.remove(worker_engine.sync_engine, "commit", kill)
    amid = (await clerk.get(f"/v1/distributions/{distribution['id']}")).json()
    assert (amid["state"], amid["waiting"]) == ("paying", 5)
    await asyncio.gather(*(_paid_out(worker_engine, at_once=2) for _ in range(3)))
    lines = (await clerk.get(f"/v1/distributions/{distribution['id']}/lines")).json()["items"]
    told = [await db.events(home["id"], "DividendPaid") for home in homes]
    assert [len(events) for events in told] == [1] * 7
    paid = sum(Decimal(events[0]["data"]["amount"]) for events in told)
    assert paid + Decimal(distribution["kept"]) == Decimal("333.33")
    assert all(line["paid"] for line in lines)
    ordered = sorted(lines, key=lambda line: Decimal(line["shares"]))
    amounts = [Decimal(line["amount"]) for line in ordered]
    assert amounts == sorted(amounts)


async def test_the_household_that_stands_is_paid_for_one_that_was_merged(
    clerk: Clerk, people: People, worker_engine: AsyncEngine, village: str
) -> None:
    collective = await _collective(clerk, village)
    gone, stays = await _homes(clerk, people, village, 2)
    await _quantify(clerk, collective, {gone["id"]: "50.00", stays["id"]: "50.00"})
    distribution = await clerk.made(f"/v1/collectives/{collective['id']}/distributions", _decided("80.00"))
    places = [{"person_id": member["id"], "relation": "其他"} for member in gone["members"]]
    body = {"into_household_id": stays["id"], "on": "2024-05-01", "members": places}
    await clerk.made(f"/v1/households/{gone['id']}:merge", body, version=1)
    await _paid_out(worker_engine)
    assert [amount for *_, amount in await _payments(clerk, stays)] == ["40.00", "40.00"]
    lines = (await clerk.get(f"/v1/distributions/{distribution['id']}/lines")).json()["items"]
    assert {line["payee_id"] for line in lines} == {stays["id"]}
    assert len((await clerk.get(f"/v1/households/{stays['id']}/dividends")).json()) == 2


async def test_cadres_get_a_part_of_new_operating_income_only_once_the_county_has_set_its_cap(
    clerk: Clerk, app: FastAPI, signer: RSAKey, village: str, db: Database
) -> None:
    collective = await _collective(clerk, village)
    path = f"/v1/collectives/{collective['id']}"
    bonus = {"year": 2023, "reference": "JL-1", "amount": "900.00", "decided_on": "2024-03-01"}
    before = await db.count()
    unknown = await clerk.post(f"{path}/cadre-bonuses", bonus)
    assert (unknown.status_code, unknown.json()["code"]) == (409, "bonus-income-unknown")
    assert await db.count() == before

    async def earned(year: int, source: str, amount: str) -> dict[str, Any]:
        return await clerk.made(f"{path}/incomes", {"year": year, "source": source, "amount": amount})

    last = await earned(2022, "operating", "50000.00")
    await earned(2023, "operating", "59999.99")
    await earned(2023, "photovoltaic", "900000.00")
    await earned(2023, "fixed_asset", "900000.00")
    capless = await clerk.post(f"{path}/cadre-bonuses", bonus)
    assert (capless.status_code, capless.json()["code"]) == (409, "bonus-cap-unknown")
    assert "县级尚未制定" in str(capless.json())
    cap = {
        "name": "collective.cadre_bonus.share", "path": LUQUAN, "valid_from": "2024-02-01", "value": "0.1",
        "document": "禄劝县村集体经济收益分配办法（演示）", "clause": "§9", "confidence": "demo",
    }  # fmt: skip
    office = Office.before(
        app, rights="households-policy:read households-policy:write households-policy:approve", signer=signer
    )
    await office.sets(cap)
    early = await clerk.post(f"{path}/cadre-bonuses", bonus | {"decided_on": "2024-01-31"})
    assert early.json()["code"] == "bonus-cap-unknown", "the cap holds from its day on"
    room = (await clerk.get(f"{path}/bonus-room?year=2023")).json()
    assert (room["new_income"], room["allowed"], room["spent"]) == ("9999.99", "999.99", "0.00")
    made = await clerk.made(f"{path}/cadre-bonuses", bonus)
    assert (await clerk.post(f"{path}/cadre-bonuses", bonus)).json() == made
    more = await clerk.post(f"{path}/cadre-bonuses", bonus | {"reference": "JL-2", "amount": "100.00"})
    assert (more.status_code, more.json()["code"]) == (409, "bonus-too-large")
    await clerk.made(f"{path}/cadre-bonuses", bonus | {"reference": "JL-3", "amount": "99.99"})
    await clerk.made(f"/v1/cadre-bonuses/{made['id']}:void", None, version=1)
    assert (await clerk.get(f"{path}/bonus-room?year=2023")).json()["spent"] == "99.99"
    stands = await clerk.post(f"{path}/incomes", {"year": 2022, "source": "operating", "amount": "1.00"})
    assert stands.json()["code"] == "collective-income-stands"
    lower = await clerk.send("PUT", f"/v1/collective-incomes/{last['id']}", json={"amount": "60000.00"}, version=1)
    assert lower.json()["revision"] == 2
    assert (await clerk.get(f"{path}/bonus-room?year=2023")).json()["allowed"] == "0.00"

    async def state() -> str:
        rows = (await clerk.get(f"/v1/collective-weakness?path={LUQUAN}&year=2023")).json()
        return next(row["state"] for row in rows if row["region_code"] == village)

    assert await state() == "unknown", "without a line nothing is safe"
    line = cap | {"name": "collective.weak_line", "path": CITY, "valid_from": "2023-01-01", "value": "100000"}
    await office.sets(line)
    assert await state() == "weak"
    await office.http.aclose()


async def test_an_idle_asset_is_run_and_returned(clerk: Clerk, people: People, db: Database, village: str) -> None:
    collective = await _collective(clerk, village)
    [home] = await _homes(clerk, people, village, 1)
    body = {"kind": "building", "name": "闲置农房一处", "since": "2024-01-10", "household_id": home["id"]}
    asset = await clerk.made(f"/v1/collectives/{collective['id']}/assets", body)
    entity = await clerk.made(
        "/v1/entities",
        {"kind": "tourism", "name": "民宿", "credit_code": credit_code(9_901), "region_code": village},
    )
    path = f"/v1/assets/{asset['id']}"
    lease = {"operator_id": entity["id"], "since": "2024-03-01", "yearly_rent": "12000.00"}
    idle = f"/v1/assets?idle=true&path={LUQUAN}&page_size=500"
    assert asset["id"] in {row["id"] for row in (await clerk.get(idle)).json()["items"]}
    assert (await clerk.post(f"{path}:return", {"on": "2024-03-01"}, version=1)).json()["code"] == "asset-idle"
    nobody = await clerk.post(f"{path}:lease", lease | {"operator_id": str(uuid4())}, version=1)
    assert nobody.json()["code"] == "operator-unknown"
    assert (await clerk.post(f"{path}:lease", lease | {"since": "2024-01-09"}, version=1)).json()[
        "code"
    ] == "asset-dates"
    leased = await clerk.post(f"{path}:lease", lease, version=1)
    assert (leased.json()["idle"], leased.json()["operator_id"]) == (False, entity["id"])
    assert (await clerk.post(f"{path}:lease", lease, version=2)).json()["code"] == "asset-busy"
    assert asset["id"] not in {row["id"] for row in (await clerk.get(idle)).json()["items"]}
    back = await clerk.post(f"{path}:return", {"on": "2024-06-01"}, version=2)
    assert (back.json()["idle"], back.json()["revision"]) == (True, 3)
    told = [(e["name"], e["revision"]) for e in await db.events(collective["id"]) if e["fact_id"] == UUID(asset["id"])]
    assert told == [("AssetRegistered", 1), ("AssetLeased", 2), ("AssetReturned", 3)]
    assert (await clerk.of(DONGCHUAN).get(path)).status_code == 404


_YUAN = st.integers(0, 10**9).map(lambda fen: Decimal(fen).scaleb(-2))
_SHARES = st.lists(st.integers(1, 10**6).map(lambda n: Decimal(n).scaleb(-2)), min_size=1, max_size=60)


@given(_YUAN, _SHARES, st.integers(0, 10**6))
def test_parts_and_what_is_kept_are_the_amount(amount: Decimal, shares: list[Decimal], own: int) -> None:
    total = sum(shares) + Decimal(own).scaleb(-2)
    parts, kept = parts_of(amount, shares, total)
    assert sum(parts) + kept == amount
    assert kept >= 0
    assert own or not kept
    largest = max(range(len(shares)), key=lambda place: (shares[place], -place))
    assert parts[largest] == max(parts), "nobody gets more than who has most"


@given(st.none() | st.integers(-(10**8), 10**8), st.none() | st.integers(0, 100), _YUAN, _YUAN)
def test_a_bonus_is_given_only_where_all_of_it_is_known_to_fit(
    fen: int | None, percent: int | None, spent: Decimal, amount: Decimal
) -> None:
    room = BonusRoom(
        year=2023,
        new_income=None if fen is None else Decimal(fen).scaleb(-2),
        share=None if percent is None else Decimal(percent) / 100,
        policy_id=None if percent is None else uuid4(),
        spent=spent,
    )
    if fen is None:
        expected: type[Exception] | None = BonusIncomeUnknown
    elif percent is None:
        expected = BonusCapUnknown
    else:
        expected = None if (spent + amount) * 10_000 <= max(0, fen) * percent else BonusTooLarge
    if expected is None:
        assert check_bonus(room, amount) == room.policy_id
    else:
        with pytest.raises(expected):
            check_bonus(room, amount)


def test_unknown_income_or_line_is_never_strong() -> None:
    assert weakness(None, Decimal(1)) is Weakness.UNKNOWN
    assert weakness(Decimal(10**9), None) is Weakness.UNKNOWN
    assert weakness(Decimal(1), Decimal(1)) is Weakness.NOT_WEAK
