"""Suspicious data: found as households change, verified by officers, listed by village, gone when it is put right."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import workbook
from households.checks.runner import CheckRunner
from households.checks.service import check_some, checking
from households.importing.runner import ImportRunner
from kit.cipher import FieldCipher
from kit.database import engine
from kit.testing import Clerk as Office
from stack.postgres import Dsns

from .conftest import DONGCHUAN, REGIONS, RIGHTS, Clerk, Database, People

REGION = "530128001015"
VILLAGE = f"5301/530128/530128001/{REGION}/"

Check = Callable[[], Awaitable[None]]


@pytest.fixture
async def check(database: Dsns, cipher: FieldCipher) -> AsyncIterator[Check]:
    """Check whatever is due."""
    held = engine(database.worker)

    async def check() -> None:
        async with asyncio.timeout(60):
            while await CheckRunner(held, cipher).step():
                pass

    yield check
    await held.dispose()


async def today(clerk: Clerk) -> str:
    return str((await clerk.get("/v1/business-date")).json()["business_date"])


async def findings(clerk: Clerk, home: dict[str, Any], **wanted: str) -> dict[str, dict[str, Any]]:
    answer = await clerk.get("/v1/findings", params={"household_id": home["id"], **wanted})
    assert answer.status_code == 200, answer.text
    return {item["rule"]: item for item in answer.json()["items"]}


def sound(people: People, **told: Any) -> dict[str, Any]:
    return people.person(education="初中", labour_skill="ordinary", health=["健康"], **told)


async def patched(clerk: Clerk, person: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    answer = await clerk.send("PATCH", f"/v1/persons/{person['id']}", json=changes, version=person["version"])
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_finding_comes_with_a_change_and_goes_with_the_next(clerk: Clerk, check: Check, people: People) -> None:
    head = sound(people) | {"labour_skill": "none"}
    home = await clerk.made("/v1/households", people.household(head))
    assert await findings(clerk, home) == {}
    await check()
    found = (await findings(clerk, home))["able-without-labour"]
    assert (found["state"], found["severity"], found["since"]) == ("open", "error", await today(clerk))
    assert found["person_id"] == home["members"][0]["id"]
    assert found["number"] == home["number"]
    assert found["evidence"] == {
        "cases": ["able"], "fields": ["birth_date", "health", "labour_skill", "school_stage"],
    }  # fmt: skip
    assert "张小三" not in str(found)
    await patched(clerk, home["members"][0], {"labour_skill": "ordinary"})
    await check()
    assert await findings(clerk, home) == {}
    gone = (await findings(clerk, home, state="gone"))["able-without-labour"]
    assert (gone["id"], gone["until"]) == (found["id"], await today(clerk))


async def test_measures_and_figures_are_heard_too(clerk: Clerk, check: Check, people: People) -> None:
    monitored = {"category": "unstable", "identified_on": "2023-10-01", "causes": ["water", "other"]}
    home = await clerk.made("/v1/households", people.household(sound(people), **monitored))
    await check()
    assert set(await findings(clerk, home)) == {"no-measure", "water-without-help", "labour-without-development"}
    for category, causes in (("water", ["water"]), ("industry", ["other"])):
        told = {"category": category, "causes": causes, "started_on": "2024-06-01"}
        await clerk.made(f"/v1/households/{home['id']}/measures", told)
    figure = {
        "window_from": "2023-06-01", "window_to": "2024-05-31", "purpose": "identification", "source": "survey",
        "wage": "50", "business": "9000", "property": "0", "transfer": "0", "business_cost": "0",
        "persons": 1,
    }  # fmt: skip
    await clerk.made(f"/v1/households/{home['id']}/income-figures", figure)
    await check()
    assert set(await findings(clerk, home)) == {"tiny-wage"}


async def test_what_an_officer_verified_stays_until_its_values_change(
    clerk: Clerk, check: Check, db: Database, people: People
) -> None:
    head = sound(people) | {"labour_skill": "none"}
    home = await clerk.made("/v1/households", people.household(head, people.person("配偶")))
    await check()
    rule = "able-without-labour"
    found = (await findings(clerk, home))[rule]
    base = f"/v1/findings/{found['id']}"
    words = {"reason": "照料重病老人，入户核实"}
    assert (await clerk.post(f"{base}:exempt", words)).status_code == 428
    past = await clerk.post(f"{base}:exempt", words | {"until": "2024-06-29"}, version=found["version"])
    assert (past.status_code, past.json()["code"]) == (422, "until-past")
    answer = await clerk.post(f"{base}:exempt", words, version=found["version"])
    assert answer.json()["state"] == "exempt"
    assert (await clerk.post(f"{base}:exempt", words, version=found["version"])).status_code == 412
    await check()
    assert rule not in await findings(clerk, home)
    assert (await findings(clerk, home, state="exempt"))[rule]["id"] == found["id"]
    [listed] = [row for row in (await clerk.get("/v1/finding-exemptions")).json()["items"] if row["rule"] == rule]
    assert (listed["number"], listed["reason"], listed["officer"]) == (home["number"], words["reason"], "clerk")

    # another value of the same person leaves it, one that the rule reads strikes it out
    person = await patched(clerk, home["members"][0], {"phone": "13800001234"})
    await check()
    assert rule in await findings(clerk, home, state="exempt")
    await patched(clerk, person, {"school_stage": "学龄前儿童"})
    await check()
    again = (await findings(clerk, home))[rule]
    assert again["since"] == found["since"]
    [ended] = [
        row
        for row in (await clerk.get("/v1/finding-exemptions?ended=true")).json()["items"]
        if row["finding_id"] == found["id"]
    ]
    assert (ended["ended_on"], ended["ended_by"]) == (await today(clerk), "changed")
    [audited] = await db.rows(
        "SELECT detail FROM audit_log WHERE action = 'end_exemption' AND entity_id = :id", id=ended["id"]
    )
    assert audited.detail == {"why": "changed"}


async def test_an_exemption_is_withdrawn(clerk: Clerk, check: Check, people: People) -> None:
    home = await clerk.made("/v1/households", people.household(sound(people) | {"health": ["健康", "残疾"]}))
    await check()
    found = (await findings(clerk, home))["healthy-and-ill"]
    base = f"/v1/findings/{found['id']}"
    far = clerk.of(DONGCHUAN)
    assert (await far.post(f"{base}:exempt", {"reason": "x"}, version=1)).status_code == 404
    exempt = (await clerk.post(f"{base}:exempt", {"reason": "已核实"}, version=found["version"])).json()
    opened = await clerk.post(f"{base}:withdraw-exemption", version=exempt["version"])
    assert opened.json()["state"] == "open"
    twice = await clerk.post(f"{base}:withdraw-exemption", version=opened.json()["version"])
    assert (twice.status_code, twice.json()["code"]) == (409, "not-exempt")
    await check()
    assert "healthy-and-ill" in await findings(clerk, home)


async def test_the_list_of_a_village_is_paged_counted_and_written(clerk: Clerk, check: Check, people: People) -> None:
    homes = [
        await clerk.made(
            "/v1/households", people.household(sound(people) | {"health": ["健康", "残疾"]}, region=REGION)
        )
        for _ in range(3)
    ]
    await check()
    path = f"/v1/findings?path={VILLAGE}&severity=error&page_size=2"
    first = (await clerk.get(path)).json()
    rest = (await clerk.get(f"{path}&page_token={first['next_page_token']}")).json()
    assert rest["next_page_token"] is None
    assert sorted(item["number"] for item in first["items"] + rest["items"]) == sorted(home["number"] for home in homes)
    [count] = (await clerk.get(f"/v1/finding-counts?path={VILLAGE}")).json()
    assert count == {
        "region_code": REGION, "path": VILLAGE, "rule": "healthy-and-ill", "findings": 3, "households": 3,
    }  # fmt: skip
    far = clerk.of(DONGCHUAN)
    assert (await far.get(f"/v1/finding-counts?path={VILLAGE}")).json() == []
    assert (await far.get(path)).json()["items"] == []
    assert (await clerk.get("/v1/findings?colour=red")).status_code == 422
    answer = await clerk.post("/v1/findings:export", {"path": VILLAGE})
    assert answer.status_code == 200
    [sheet] = workbook.read_sheets(answer.content)
    assert sheet.rows[0][0] == "疑点数据清单"
    assert {row[3] for row in sheet.rows[3:]} == {home["number"] for home in homes}
    assert {row[4] for row in sheet.rows[3:]} == {"张*三"}


async def test_rules_are_told_with_the_values_they_read(clerk: Clerk) -> None:
    told = (await clerk.get("/v1/check-rules")).json()
    known = {rule["id"]: rule for rule in told["rules"]}
    labour = known["able-without-labour"]
    assert [(limit["name"], limit["value"]) for limit in labour["limits"]] == [
        ("check.labour_age_from", "16.000000"), ("check.labour_age_to", "60.000000"),
    ]  # fmt: skip
    assert labour["decided"]
    assert {"labour-export", "destitute-migrant"} <= {rule["id"] for rule in told["not_decided_here"]}
    before = (await clerk.get("/v1/check-rules?on=2020-12-31")).json()["rules"]
    assert [rule["decided"] for rule in before if rule["id"] == "able-without-labour"] == [False]


async def test_a_new_policy_value_checks_everybody_again(
    app: FastAPI, signer: RSAKey, clerk: Clerk, check: Check, people: People
) -> None:
    region = "530128001012"
    head = sound(people, born=date(1956, 1, 2)) | {"labour_skill": "none"}
    home = await clerk.made("/v1/households", people.household(head, region=region))
    await check()
    assert await findings(clerk, home) == {}
    office = Office.before(
        app, rights="households-policy:read households-policy:write households-policy:approve", signer=signer
    )
    value = {
        "name": "check.labour_age_to", "path": f"5301/530128/530128001/{region}/", "valid_from": "2024-06-01",
        "value": "70", "document": "某县〔2024〕6号", "clause": "第三条", "confidence": "official",
    }  # fmt: skip
    await office.sets(value)
    await office.http.aclose()
    await check()
    assert set(await findings(clerk, home)) == {"able-without-labour"}


async def test_an_export_tells_of_insurance_and_work(
    clerk: Clerk, check: Check, worker_engine: AsyncEngine, cipher: FieldCipher, people: People
) -> None:
    importer = clerk.of("5301/", rights=f"{RIGHTS} imports:write", subject="importer")
    headers = (
        *("县", "乡", "村", "户编号", "户类型", "姓名", "证件号码", "与户主关系", "文化程度", "健康状况", "劳动技能"),
        *("是否参加城乡居民基本医疗保险", "是否参加城镇职工基本医疗保险", "务工所在地", "务工时间（月）"),
    )
    village = next(
        line.split(",")[1] for line in REGIONS.read_text(encoding="utf-8").splitlines() if line.startswith(REGION)
    )
    number, person = people.number(), people.person()
    told = ("禄劝彝族苗族自治县", "屏山街道", village, number, "脱贫户", "张小三", person["certificate"], "户主")

    async def take(*cells: str, on: date) -> None:
        data = workbook.write_xlsx(headers, [[*told, *cells]], title="（自定义）监测对象信息", exported_on=on)
        answer = await importer.send("POST", "/v1/imports", files={"file": ("a.xlsx", data)})
        assert answer.json()["parked"] == 0, answer.text
        assert (await importer.post(f"/v1/imports/{answer.json()['id']}:apply")).status_code == 202
        while await ImportRunner(worker_engine, cipher).step():
            pass
        await check()

    await take("初中", "健康", "普通劳动力", "是", "是", "广东省", "", on=date(2024, 3, 1))
    [home] = (await clerk.post("/v1/households:search", {"number": number})).json()
    found = await findings(clerk, home)
    assert {rule: item["evidence"]["cases"] for rule, item in found.items()} == {
        "one-insurance": ["both"], "work-place-and-months": ["place-only"],
    }  # fmt: skip
    await take("初中", "健康", "普通劳动力", "是", "否", "广东省", "8", on=date(2024, 4, 1))
    assert await findings(clerk, home) == {}


async def test_the_day_brings_a_finding_and_ends_an_exemption(
    clerk: Clerk, check: Check, worker_engine: AsyncEngine, cipher: FieldCipher, people: People
) -> None:
    on = date.fromisoformat(await today(clerk))
    elder = sound(people, born=on.replace(year=on.year - 76) + timedelta(days=7)) | {"health": ["健康", "残疾"]}
    home = await clerk.made("/v1/households", people.household(elder))
    await check()
    found = await findings(clerk, home)
    assert set(found) == {"healthy-and-ill"}
    [finding] = found.values()
    until = {"reason": "已核实", "until": str(on + timedelta(days=3))}
    assert (
        await clerk.post(f"/v1/findings/{finding['id']}:exempt", until, version=finding["version"])
    ).status_code == 200
    await check()
    states = {}
    for days in (3, 4, 6, 7):
        async with worker_engine.connect() as tx, tx.begin() as never_kept:
            await tx.execute(
                text("SELECT set_config('app.subject', 'system', true), set_config('app.department', '', true)")
            )
            day = on + timedelta(days=days)
            await tx.execute(text("INSERT INTO business_days VALUES (:day, now())"), {"day": day})
            while await check_some(tx, cipher=cipher):
                pass
            rows = await tx.execute(
                text("SELECT rule, state, since - :on AS after FROM findings WHERE household_id = :id ORDER BY rule"),
                {"id": UUID(home["id"]), "on": on},
            )
            states[days] = [tuple(row) for row in rows]
            await never_kept.rollback()
    assert states == {
        3: [("healthy-and-ill", "exempt", 0)],
        4: [("healthy-and-ill", "open", 0)],
        6: [("healthy-and-ill", "open", 0)],
        7: [("healthy-and-ill", "open", 0), ("old-labour", "open", 7)],
    }


async def test_a_household_that_cannot_be_checked_waits_a_day_and_holds_up_nobody(
    clerk: Clerk, check: Check, db: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [
        await clerk.made("/v1/households", people.household(sound(people) | {"health": ["健康", "残疾"]}))
        for _ in range(3)
    ]
    stumbling = homes[1]["members"][0]["id"]
    plain = checking.judge

    def stumble(family: Any, *told: Any) -> Any:
        if str(family.members[0].id) == stumbling:
            raise ZeroDivisionError
        return plain(family, *told)

    monkeypatch.setattr(checking, "judge", stumble)
    await check()
    assert [list(await findings(clerk, home)) for home in homes] == [["healthy-and-ill"], [], ["healthy-and-ill"]]
    [waits] = await db.rows("SELECT due_on FROM household_checks WHERE household_id = :id", id=UUID(homes[1]["id"]))
    assert waits.due_on == date.fromisoformat(await today(clerk)) + timedelta(days=1)
    monkeypatch.undo()
    await patched(clerk, homes[1]["members"][0], {"phone": "13800001234"})
    await check()
    assert list(await findings(clerk, homes[1])) == ["healthy-and-ill"]
