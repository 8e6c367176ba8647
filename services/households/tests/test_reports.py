"""What families say themselves: by the door without login, by the hotline; who read their data; what they contest."""

from base64 import b64decode
from typing import Any

import pytest
from fastapi import FastAPI

from households.reports.rules import heard, spoken
from households.reports.service.filing import PURPOSE
from kit.cipher import FieldCipher
from kit.door import Limiter, TooOften

from .conftest import DONGCHUAN, LUQUAN, PINGSHAN, Clerk, Database, People

SAID, CALLER = "金丝雀说孩子病了要花很多钱", "金丝雀大姐"


@pytest.fixture
def citizen(clerk: Clerk, app: FastAPI) -> Clerk:
    """Somebody without a token; each test knocks as a new caller."""
    app.state.door_limiter = Limiter.of("60/minute", "600/minute")
    return clerk


async def _knock(citizen: Clerk, path: str, body: dict[str, Any], **headers: str) -> Any:
    return await citizen.http.post(f"/v1/door/{path}", json=body, headers=headers)


async def test_report_is_filed_without_login_and_followed_by_its_receipt(
    clerk: Clerk, citizen: Clerk, people: People, db: Database, cipher: FieldCipher
) -> None:
    person = people.person()
    home = await clerk.made("/v1/households", people.household(person))
    body = {
        "region_code": PINGSHAN,
        "kind": "illness",
        "text": SAID,
        "name": CALLER,
        "phone": "13900001234",
        "certificate": person["certificate"],
    }
    filed = await _knock(citizen, "self-reports", body)
    assert filed.status_code == 201, filed.text
    receipt = filed.json()["receipt"]
    [event] = await db.events(home["id"], "SelfReportFiled")
    assert (event["data"]["kind"], event["data"]["channel"]) == ("illness", "door")
    assert SAID not in str(event["data"])
    report = event["data"]["report_id"]
    sealed = b64decode(event["data"]["text_sealed"])
    assert cipher.open(PURPOSE, "self_reports", "text", report, sealed) == SAID

    typed = receipt.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    told = (await _knock(citizen, "self-reports:status", {"receipt": typed})).json()
    assert (told["state"], told["outcome"]) == ("filed", None)
    wrong = await _knock(citizen, "self-reports:status", {"receipt": "0000-0000-0000-0000"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "door-key-unknown")

    one = f"/v1/self-reports/{report}"
    early = await clerk.post(f"{one}:settle", {"outcome": "confirmed"}, version=1)
    assert early.json()["code"] == "out-of-turn"
    shown = (await clerk.get(one)).json()
    assert (shown["household_id"], shown["overdue"]) == (home["id"], False)
    assert shown["accept_by"] > shown["filed_on"]
    await clerk.made(f"{one}:accept", {}, version=1)
    clear = await clerk.made(f"{one}:reveal", {})
    assert (clear["text"], clear["contact"]["name"]) == (SAID, CALLER)
    await clerk.made(f"{one}:settle", {"outcome": "confirmed"}, version=2)
    told = (await _knock(citizen, "self-reports:status", {"receipt": receipt})).json()
    assert (told["state"], told["outcome"]) == ("settled", "confirmed")
    [settled] = await db.events(home["id"], "SelfReportSettled")
    assert (settled["fact_id"], settled["revision"]) == (event["fact_id"], 3)
    for (table,) in await db.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name IN"
        " ('self_reports', 'door_keys', 'event_log', 'audit_log', 'idempotency_keys')"
    ):
        everything = str([tuple(row) for row in await db.rows(f"SELECT to_jsonb(t)::text FROM {table} t")])
        for secret in (SAID, CALLER, "13900001234", receipt, SAID.encode().hex(), receipt.encode().hex()):
            assert secret not in everything, table


async def test_the_door_tells_nobody_who_is_registered_where(
    clerk: Clerk, citizen: Clerk, people: People, db: Database
) -> None:
    person = people.person()
    home = await clerk.made("/v1/households", people.household(person, region="530113001001"))
    body = {"region_code": PINGSHAN, "kind": "work", "certificate": person["certificate"]}
    first = await _knock(citizen, "self-reports", body)
    nobody = await _knock(citizen, "self-reports", body | {"certificate": people.certificate()})
    assert (first.status_code, first.json().keys()) == (nobody.status_code, nobody.json().keys())
    assert await db.events(home["id"], "SelfReportFiled") == []
    assert (await _knock(citizen, "self-reports", body | {"region_code": "530128001000"})).status_code == 422
    assert (await _knock(citizen, "self-reports", body | {"certificate": "1"})).status_code == 422

    [listed] = [
        row
        for row in (await clerk.get("/v1/self-reports?state=filed&path=5301/530128/&page_size=200")).json()["items"]
        if row["kind"] == "work"
    ][:1]
    here = await clerk.made("/v1/households", people.household())
    linked = await clerk.made(f"/v1/self-reports/{listed['id']}:link", {"household_id": here["id"]}, version=1)
    assert linked["household_id"] == here["id"]
    [event] = await db.events(here["id"], "SelfReportFiled")
    assert (event["fact_id"], event["revision"]) == (event["fact_id"], 2)
    again = await clerk.post(f"/v1/self-reports/{listed['id']}:link", {"household_id": here["id"]}, version=2)
    assert again.json()["code"] == "report-linked"
    assert (await clerk.of(DONGCHUAN).get(f"/v1/self-reports/{listed['id']}")).status_code == 404


async def test_who_knocks_too_often_waits(citizen: Clerk, app: FastAPI) -> None:
    app.state.door_limiter = Limiter.of("3/hour", "600/minute")
    body = {"receipt": "0000-0000-0000-0000"}
    answers = [await _knock(citizen, "self-reports:status", body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert answers[3].json()["code"] == "too-often"
    assert int(answers[3].headers["retry-after"]) > 0
    other = await _knock(citizen, "self-reports:status", body, **{"x-forwarded-for": "203.0.113.9"})
    assert other.status_code == 404
    app.state.door_limiter = Limiter.of("100/hour", "1/hour")
    await _knock(citizen, "self-reports:status", body, **{"x-forwarded-for": "203.0.113.1"})
    crowded = await _knock(citizen, "self-reports:status", body, **{"x-forwarded-for": "203.0.113.2"})
    assert crowded.status_code == 429
    app.state.door_limiter = Limiter.of("60/minute", "600/minute")


async def test_limiter_forgets_after_its_window() -> None:
    limiter = Limiter.of("1/second", "10/second")
    await limiter.admit("somebody", "door")
    with pytest.raises(TooOften):
        await limiter.admit("somebody", "door")
    await limiter.admit("somebody", "another door")


async def test_hotline_takes_a_report_for_a_household(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household())
    body = {"region_code": PINGSHAN, "kind": "water", "household_id": home["id"]}
    receipt = await clerk.made("/v1/hotline-reports", body)
    assert receipt["receipt"].count("-") == 3
    [event] = await db.events(home["id"], "SelfReportFiled")
    assert (event["data"]["channel"], event["data"]["text_sealed"]) == ("hotline", None)
    denied = await clerk.of(LUQUAN, rights="reports:read").post("/v1/hotline-reports", body)
    assert (denied.status_code, denied.json()["code"]) == (403, "missing-right")


async def test_household_sees_who_read_it_and_contests_one_fact(
    clerk: Clerk, citizen: Clerk, people: People, db: Database
) -> None:
    home = await clerk.made("/v1/households", people.household())
    other = await clerk.made("/v1/households", people.household())
    reader = clerk.of(LUQUAN, subject="reader.7")
    await reader.get(f"/v1/households/{home['id']}")
    await reader.post(f"/v1/persons/{home['members'][0]['id']}:reveal")
    expense = {"kind": "medical", "amount": "12000.00", "window_from": "2023-01-01", "window_to": "2023-06-30"}
    fact = (await clerk.made(f"/v1/households/{home['id']}/expenses", expense))["fact_id"]
    code = (await clerk.made(f"/v1/households/{home['id']}/door-codes", {}))["code"]

    told = (await _knock(citizen, "households:about", {"code": code})).json()
    assert [item["what"] for item in told["readings"]][-2:] == ["查看姓名、证件和电话明文", "查看户信息"]
    assert all(item.keys() == {"at", "department", "what"} for item in told["readings"])
    staff = (await clerk.get(f"/v1/households/{home['id']}/readings")).json()
    assert "reader.7" in {item["subject"] for item in staff}

    theirs = await _knock(citizen, "contests", {"code": code, "fact_id": fact, "text": SAID})
    assert theirs.status_code == 201, theirs.text
    twice = await _knock(citizen, "contests", {"code": code, "fact_id": fact})
    assert twice.json()["code"] == "contest-open"
    foreign = (await clerk.made(f"/v1/households/{other['id']}/expenses", expense))["fact_id"]
    refused = await _knock(citizen, "contests", {"code": code, "fact_id": foreign})
    assert (refused.status_code, refused.json()["code"]) == (422, "fact-not-theirs")
    [raised] = await db.events(home["id"], "ContestRaised")
    assert raised["data"]["contested_fact_id"] == fact
    [standing] = (await clerk.get(f"/v1/households/{home['id']}/contests")).json()
    path = f"/v1/contests/{standing['id']}:settle"
    await clerk.made(path, {"outcome": "upheld"}, version=1)
    assert (await clerk.post(path, {"outcome": "upheld"}, version=2)).json()["code"] == "contest-settled"
    [settled] = await db.events(home["id"], "ContestSettled")
    assert (settled["fact_id"], settled["revision"]) == (raised["fact_id"], 2)

    newer = (await clerk.made(f"/v1/households/{home['id']}/door-codes", {}))["code"]
    assert (await _knock(citizen, "households:about", {"code": code})).status_code == 404
    [contest] = (await _knock(citizen, "households:about", {"code": newer})).json()["contests"]
    assert contest["outcome"] == "upheld"


def test_receipts_survive_being_typed() -> None:
    for byte in (b"\x00" * 10, b"\xff" * 10, bytes(range(10))):
        receipt = spoken(byte)
        assert heard(receipt.lower()) == heard(receipt.replace("-", "")) == receipt
