"""A part of a collective's income is set apart for the neediest, posted, and paid to them to the cent."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import RSAKey
from sqlalchemy.ext.asyncio import AsyncEngine

from households.assets.runner import DistributionRunner
from households.set_asides.rules import (
    Ground,
    NoticeDaysUnknown,
    NoticeRunning,
    SetAsideTooLarge,
    SourceUnknown,
    check_notice,
    check_room,
    ground,
)
from kit.testing import Clerk as Office

from .conftest import DONGCHUAN, LUQUAN, Clerk, Database, People

_numbers = count(1)
MONITORED = {"category": "unstable", "identified_on": "2023-03-01", "risk_eliminated": False, "causes": ["illness"]}


@pytest.fixture(scope="module")
async def villages(nobody: Clerk, imported: dict[str, Any]) -> list[str]:
    """Villages of 禄劝 that no other test uses."""
    found = (await nobody.get("/v1/regions?level=village&parent=530128211000&page_size=200")).json()["items"]
    return [region["code"] for region in found]


@pytest.fixture
async def collective(villages: list[str], clerk: Clerk) -> dict[str, Any]:
    """A collective that was given 20,000 yuan in 2023."""
    body = {"region_code": villages.pop(), "name": "股份经济合作社", "total_shares": "100.00"}
    made = await clerk.made("/v1/collectives", body)
    await clerk.made(
        f"/v1/collectives/{made['id']}/incomes", {"year": 2023, "source": "donation", "amount": "20000.00"}
    )
    return made


@pytest.fixture(scope="module")
async def county(app: FastAPI, signer: RSAKey) -> AsyncIterator[Office]:
    """The county, which has set how long is posted and whose income is low."""
    rights = "households-policy:read households-policy:write households-policy:approve"
    office = Office.before(app, rights=rights, signer=signer)
    value = {"path": LUQUAN, "valid_from": "2024-02-01", "document": "禄劝县村集体经济收益分配办法（演示）",
             "clause": "§9", "confidence": "demo"}  # fmt: skip
    await office.sets(value | {"name": "set_aside.notice_days", "value": "7"})
    await office.sets(value | {"name": "set_aside.income_line", "value": "11000"})
    yield office
    await office.http.aclose()


async def _needy(clerk: Clerk, people: People, collective: dict[str, Any]) -> dict[str, Any]:
    return await clerk.made("/v1/households", people.household(region=collective["region_code"], **MONITORED))


def _decision(*homes: dict[str, Any], **told: Any) -> dict[str, Any]:
    return {
        "reference": f"JY-{next(_numbers)}", "year": 2023, "source": "donation", "amount": "9000.00",
        "decided_on": "2024-03-01", "posted_on": "2024-03-02", "since": "2024-03-10", "until": "2025-03-09",
        "lines": [{"household_id": home["id"], "shares": "1.00"} for home in homes], **told,
    }  # fmt: skip


def _payment(amount: str, **told: Any) -> dict[str, Any]:
    return {
        "reference": f"FF-{next(_numbers)}", "amount": amount, "paid_on": "2024-04-30",
        "first_month": "2024-03", "last_month": "2024-04", **told,
    }  # fmt: skip


async def _paid_out(engine: AsyncEngine) -> None:
    runner = DistributionRunner(engine)
    async with asyncio.timeout(60):
        while await runner.step():
            pass


async def _dividends(clerk: Clerk, home: dict[str, Any]) -> list[tuple[str, str]]:
    answer = await clerk.get(f"/v1/households/{home['id']}/income-statement?on=2024-06-15")
    return [(payment["kind"], payment["amount"]) for payment in answer.json()["payments"]]


async def test_a_donation_is_set_apart_posted_and_paid_as_property_income(
    clerk: Clerk, people: People, county: Office, collective: dict[str, Any], worker_engine: AsyncEngine, db: Database
) -> None:
    homes = [await _needy(clerk, people, collective) for _ in range(3)]
    path = f"/v1/collectives/{collective['id']}/set-asides"
    body = _decision(*homes)
    made = await clerk.made(path, body)
    assert (made["left"], made["closed_on"], made["revision"]) == ("9000.00", None, 1)
    again = await clerk.post(path, body)
    assert (again.status_code, again.json()) == (200, made)
    assert (await clerk.post(path, body | {"amount": "9000.01"})).json()["code"] == "set-aside-stands"
    assert (await clerk.post(path, _decision(homes[0], amount="11000.01"))).json()["code"] == "set-aside-too-large"
    chosen = (await clerk.get(f"/v1/set-asides/{made['id']}/lines")).json()
    assert {(line["household_id"], line["ground"]) for line in chosen} == {(home["id"], "monitored") for home in homes}

    one = f"/v1/set-asides/{made['id']}"
    before = await db.count()
    early = await clerk.post(f"{one}/distributions", _payment("100.00"))
    assert (early.status_code, early.json()["code"]) == (409, "set-aside-not-posted")
    running = await clerk.post(f"{one}:close-notice", {"closed_on": "2024-03-08"}, version=1)
    assert (running.status_code, running.json()["code"]) == (409, "set-aside-notice-running")
    assert await db.count() == before
    closed = await clerk.made(f"{one}:close-notice", {"closed_on": "2024-03-09"}, version=1)
    assert (closed["closed_on"], closed["revision"]) == ("2024-03-09", 2)
    late = await clerk.post(
        f"{one}:choose", {"posted_on": "2024-03-10", "lines": _decision(homes[0])["lines"]}, version=2
    )
    assert late.json()["code"] == "set-aside-notice-over"

    for outside in ("2024-03-09", "2025-03-10"):
        told = await clerk.post(f"{one}/distributions", _payment("100.00", paid_on=outside))
        assert told.status_code in (409, 422), outside
    voucher = _payment("1000.00")
    paid = await clerk.made(f"{one}/distributions", voucher)
    assert (paid["set_aside_id"], paid["kept"], paid["households"], paid["waiting"]) == (made["id"], "0.00", 3, 3)
    assert (await clerk.post(f"{one}/distributions", voucher)).status_code == 200
    own = await clerk.post(f"/v1/collectives/{collective['id']}/distributions", voucher)
    assert own.json()["code"] == "distribution-stands", "one voucher is one payment"
    assert (await clerk.get(one)).json()["left"] == "8000.00"
    assert (await clerk.post(f"{one}/distributions", _payment("8000.01"))).json()["code"] == "set-aside-spent"
    await _paid_out(worker_engine)
    parts = [amount for home in homes for _, amount in await _dividends(clerk, home)]
    assert sorted(parts) == ["333.33", "333.33", "333.34"]
    assert {kind for home in homes for kind, _ in await _dividends(clerk, home)} == {"property"}
    [event] = await db.events(homes[0]["id"], "DividendPaid")
    assert event["data"]["distribution_id"] == paid["id"]

    payment = f"/v1/distributions/{paid['id']}"
    terms = {"first_month": "2024-03", "last_month": "2024-04"}
    more = await clerk.send("PUT", payment, json=terms | {"amount": "1000.01"}, version=1)
    assert (more.status_code, more.json()["code"]) == (409, "set-aside-grows")
    less = await clerk.send("PUT", payment, json=terms | {"amount": "900.00"}, version=1)
    assert less.json()["version"] == 2
    assert (await clerk.get(one)).json()["left"] == "8100.00"
    assert (await clerk.post(f"{one}:void", version=2)).json()["code"] == "set-aside-paid"
    await clerk.made(f"{payment}:void", None, version=2)
    await _paid_out(worker_engine)
    assert [await _dividends(clerk, home) for home in homes] == [[], [], []]
    gone = await clerk.made(f"{one}:void", None, version=2)
    assert (gone["void"], gone["left"]) == (True, "0")
    assert (await clerk.post(f"{one}/distributions", _payment("1.00"))).json()["code"] == "set-aside-void"
    told = await db.events(collective["id"], "IncomeSetAside")
    assert [(event["revision"], event["void"], event["data"]["households"]) for event in told] == [
        (1, False, 3), (2, False, 3), (3, True, 3),
    ]  # fmt: skip
    await clerk.made(path, _decision(homes[0], amount="20000.00"))


async def test_only_the_neediest_are_chosen_and_an_objection_chooses_anew(
    clerk: Clerk, people: People, county: Office, collective: dict[str, Any], db: Database
) -> None:
    region = collective["region_code"]
    needy = await _needy(clerk, people, collective)
    poor, well = [await clerk.made("/v1/households", people.household(region=region)) for _ in range(2)]
    for home, wage in ((poor, "20000.00"), (well, "40000.00")):
        figure = {
            "window_from": "2022-10-01", "window_to": "2023-09-30", "purpose": "official_year",
            "source": "national_export", "wage": wage, "business": "0.00", "property": "0.00", "transfer": "0.00",
            "business_cost": "0.00", "persons": 2, "parts": {},
        }  # fmt: skip
        await clerk.made(f"/v1/households/{home['id']}/income-figures", figure)
    path = f"/v1/collectives/{collective['id']}/set-asides"
    before = await db.count()
    refused = await clerk.post(path, _decision(needy, well))
    assert (refused.status_code, refused.json()["code"]) == (422, "not-needy")
    assert refused.json()["errors"][0]["pointer"] == "/lines/1"
    early = _decision(poor, decided_on="2024-01-30", posted_on="2024-01-31", since="2024-02-20")
    assert (await clerk.post(path, early)).json()["code"] == "not-needy", "no line is in force on that day"
    for wrong, code in (
        (_decision(needy, needy), "named-twice"),
        (_decision(needy, year=2022), "set-aside-source-unknown"),
        (_decision(needy, posted_on="2024-02-29"), "set-aside-dates"),
        (_decision(needy, until="2024-03-01"), "set-aside-dates"),
    ):
        assert (await clerk.post(path, wrong)).json()["code"] == code
    assert (await clerk.post(path, _decision())).status_code == 422
    assert await db.count() == before
    made = await clerk.made(path, _decision(needy))
    one = f"/v1/set-asides/{made['id']}"
    choice = {"posted_on": "2024-03-05", "lines": _decision(poor)["lines"]}
    assert (await clerk.post(f"{one}:choose", choice)).status_code == 428
    anew = await clerk.made(f"{one}:choose", choice, version=1)
    assert (anew["revision"], anew["posted_on"]) == (2, "2024-03-05")
    [line] = (await clerk.get(f"{one}/lines")).json()
    assert (line["household_id"], line["ground"]) == (poor["id"], "low_income")
    soon = await clerk.post(f"{one}:close-notice", {"closed_on": "2024-03-09"}, version=2)
    assert soon.json()["code"] == "set-aside-notice-running", "who was posted anew is posted for all the days"
    stranger = clerk.of(DONGCHUAN)
    assert (await stranger.get(one)).json()["code"] == "set-aside-unknown"
    assert (await stranger.post(f"{one}/distributions", _payment("1.00"))).status_code == 404
    listed = (await clerk.get(path)).json()
    assert [row["id"] for row in listed] == [made["id"]]


async def test_operating_income_is_spent_once(
    clerk: Clerk, people: People, county: Office, collective: dict[str, Any]
) -> None:
    needy = await _needy(clerk, people, collective)
    path = f"/v1/collectives/{collective['id']}"
    for year, amount in ((2022, "0.00"), (2023, "10000.00")):
        await clerk.made(f"{path}/incomes", {"year": year, "source": "operating", "amount": amount})
    region = collective["region_code"]
    village = f"{LUQUAN}{region[:9]}/{region}/"
    cap = {"name": "collective.cadre_bonus.share", "path": village, "valid_from": "2024-03-01", "value": "0.1",
           "document": "禄劝县村集体经济收益分配办法（演示）", "clause": "§9", "confidence": "demo"}  # fmt: skip
    await county.sets(cap)
    bonus = {"year": 2023, "reference": "JL-1", "amount": "1000.00", "decided_on": "2024-03-01"}
    await clerk.made(f"{path}/cadre-bonuses", bonus)
    much = await clerk.post(f"{path}/set-asides", _decision(needy, source="operating", amount="9000.01"))
    assert much.json()["code"] == "set-aside-too-large"
    await clerk.made(f"{path}/set-asides", _decision(needy, source="operating", amount="9000.00"))


_YUAN = st.integers(0, 10**9).map(lambda fen: Decimal(fen).scaleb(-2))


@given(_YUAN, st.none() | _YUAN, st.lists(_YUAN, max_size=5))
def test_no_more_is_set_apart_than_is_known_to_be_there(
    amount: Decimal, earned: Decimal | None, others: list[Decimal]
) -> None:
    if earned is not None and amount + sum(others) <= earned:
        check_room(amount, earned=earned, spoken_for=others)
        return
    with pytest.raises(SourceUnknown if earned is None else SetAsideTooLarge):
        check_room(amount, earned=earned, spoken_for=others)


@given(st.integers(0, 40), st.none() | st.integers(0, 30))
def test_a_notice_hangs_for_the_days_that_are_set_and_never_for_unknown_ones(hung: int, days: int | None) -> None:
    posted = date(2024, 3, 2)
    closed = posted + timedelta(days=hung)
    if days is not None and hung >= days:
        check_notice(posted, closed, Decimal(days))
        return
    with pytest.raises(NoticeDaysUnknown if days is None else NoticeRunning):
        check_notice(posted, closed, None if days is None else Decimal(days))


@given(st.booleans(), st.none() | _YUAN, st.none() | _YUAN)
def test_nobody_is_needy_for_want_of_knowledge(monitored: bool, per_head: Decimal | None, line: Decimal | None) -> None:
    why = ground(monitored=monitored, per_head=per_head, line=line)
    if monitored:
        assert why is Ground.MONITORED
    elif per_head is None or line is None:
        assert why is None
    else:
        assert (why is Ground.LOW_INCOME) == (per_head < line)
