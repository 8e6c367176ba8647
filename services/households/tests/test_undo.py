"""An import is taken back: what nobody changed since is as before, what somebody changed stays and is named."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

import workbook
from households.importing.runner import ImportRunner
from households.importing.service import undo
from stack.postgres import Dsns

from .conftest import IMPORTS, LUQUAN, REGIONS, Clerk, Database, People, Run, started, uploaded
from .import_files import HEADERS, SAMPLES, household, killed_worker, row, sheet, until

REGION = "530128001013"
VILLAGE = next(
    line.split(",")[1] for line in REGIONS.read_text(encoding="utf-8").splitlines() if line.startswith(REGION)
)
PATH = f"5301/530128/530128001/{REGION}/"
FIRST, SECOND = date(2023, 10, 15), date(2023, 10, 25)
MORE = (*HEADERS, "成员联系电话", "务工所在地", "务工时间（月）")

Undo = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


async def worked(runner: ImportRunner) -> None:
    async with asyncio.timeout(90):
        while await runner.step():
            pass


@pytest.fixture
def undone(importer: Clerk, runner: ImportRunner) -> Undo:
    async def undone(job: dict[str, Any]) -> dict[str, Any]:
        assert (await importer.post(f"/v1/imports/{job['id']}:undo")).status_code == 202
        await worked(runner)
        return await shown(importer, job)

    return undone


async def shown(clerk: Clerk, job: dict[str, Any]) -> dict[str, Any]:
    return dict((await clerk.get(f"/v1/imports/{job['id']}")).json())


def here(person: dict[str, Any], number: str, **told: str) -> dict[str, str]:
    return row(person, 村=VILLAGE, 户编号=number, **told)


async def exported(clerk: Clerk, path: str = PATH) -> dict[str, list[dict[str, str]]]:
    """The rows of the exported workbook by household."""
    answer = await clerk.post("/v1/households:export", {"path": path, "on": str(SECOND)})
    assert answer.status_code == 200, answer.text
    [sheet] = workbook.read_sheets(answer.content)
    headers = sheet.rows[2]
    told: dict[str, list[dict[str, str]]] = {}
    for cells in sheet.rows[3:]:
        line = dict(zip(headers, cells, strict=False))
        told.setdefault(line["户编号"], []).append(line)
    return told


async def kept(clerk: Clerk, job: dict[str, Any]) -> dict[str, str]:
    answer = await clerk.get(f"/v1/imports/{job['id']}/households?state=kept")
    return {item["number"]: item["problems"][0]["cause_en"] for item in answer.json()["items"]}


async def test_everything_is_as_before_but_for_the_household_that_somebody_changed(
    importer: Clerk, take: Run, undone: Undo, db: Database, people: People
) -> None:
    numbers = [people.number() for _ in range(4)]
    heads = [people.person() for _ in numbers]
    wife, son = people.person("配偶"), people.person("之子")
    first = [
        here(
            heads[0], numbers[0], 劳动技能="技能劳动力", 帮扶责任人="李四", 帮扶责任人单位="农业农村局",
            是否解决安全饮用水="否", 合规自付支出="300",
        ),
        here(
            wife, numbers[0], 帮扶责任人="李四", 帮扶责任人单位="农业农村局",
            是否解决安全饮用水="否", 合规自付支出="300",
        ),
        here(heads[1], numbers[1], 监测对象类别="脱贫不稳定户", 识别监测时间="202306"),
        here(son, numbers[1], 监测对象类别="脱贫不稳定户", 识别监测时间="202306", 成员联系电话="13800001111"),
        here(heads[2], numbers[2]),
    ]  # fmt: skip
    await take(sheet(*first, on=FIRST, headers=MORE))
    before = await exported(importer)
    assert len(before) == 3
    second = [
        # renamed, another skill, another helper, the water solved, more earned, the wife gone
        here(
            heads[0] | {"name": "张大三"}, numbers[0], 劳动技能="普通劳动力", 工资性收入="30000", 合规自付支出="900",
            帮扶责任人="王五", 帮扶责任人单位="水务局", 是否解决安全饮用水="是", 成员联系电话="13900002222",
        ),
        # another category and cause, a child born, the son moved to the new household
        here(
            heads[1], numbers[1],
            **{"监测对象类别": "突发严重困难户", "识别监测时间": "202307", "致贫/返贫风险1": "因病"},
        ),
        here(
            people.person("之女", male=False), numbers[1],
            **{"监测对象类别": "突发严重困难户", "识别监测时间": "202307", "致贫/返贫风险1": "因病"},
        ),
        here(heads[2], numbers[2], 工资性收入="1", 劳动技能="普通劳动力"),
        here(heads[3], numbers[3], 帮扶责任人="赵六", 帮扶责任人单位="水务局", 是否解决安全饮用水="否"),
        here(son, numbers[3], 帮扶责任人="赵六", 帮扶责任人单位="水务局", 是否解决安全饮用水="否"),
    ]  # fmt: skip
    job = await take(sheet(*second, on=SECOND, headers=MORE))
    assert job["states"] == {"changed": 3, "registered": 1}
    assert await exported(importer) != before
    [member] = (await household(importer, numbers[2]))["members"]
    changes = {"labour_skill": "weak"}
    answer = await importer.send("PATCH", f"/v1/persons/{member['id']}", json=changes, version=member["version"])
    assert answer.status_code == 200, answer.text
    versions = {number: (await household(importer, number))["version"] for number in numbers[:2]}

    job = await undone(job)
    assert (job["state"], job["states"], job["undone_by"]) == ("undone", {"undone": 3, "kept": 1}, "importer")
    assert job["done"] == 4
    assert await kept(importer, job) == {numbers[2]: "changed after the import (members); left as it is"}
    after = await exported(importer)
    assert {number: after.get(number) for number in (numbers[0], numbers[1])} == {
        number: before[number] for number in (numbers[0], numbers[1])
    }
    assert after.keys() == before.keys()
    assert (await household(importer, numbers[2]))["members"][0]["labour_skill"] == "weak"

    # history keeps both, listeners were told by ordinary events
    for number, version in versions.items():
        home = await household(importer, number)
        assert home["version"] == version + 1
        assert [event["name"] for event in await db.events(home["id"])].count("HouseholdUpdated") == 2
    new = await household(importer, numbers[3])
    assert (new["size"], new["members"]) == (0, [])
    names = [event["name"] for event in await db.events(new["id"])]
    assert names.count("PersonLeft") == 2
    [*_, void] = await db.events(new["id"], "IncomeRecorded")
    assert void["void"]

    # the same file may be taken again, and says the same
    again = await take(sheet(*second, on=SECOND, headers=MORE))
    assert again["states"] == {"changed": 3, "unchanged": 1}
    assert [item["name"] for item in await db.events(new["id"])].count("PersonJoined") == 4
    assert (await household(importer, numbers[3]))["size"] == 2


async def test_a_sample_is_taken_back_but_for_the_household_changed_by_hand(
    importer: Clerk, take: Run, undone: Undo, people: People
) -> None:
    [told] = workbook.read_sheets((SAMPLES / "luquan_2023.xlsx").read_bytes())
    headers, claims = told.rows[2], told.rows[2].index("理赔收入")
    # Whoever has imported the sample before: each household says something new.
    rows = [(*cells[:claims], str(int(cells[claims] or 0) + 7), *cells[claims + 1 :]) for cells in told.rows[3:]]
    data = workbook.write_xlsx(headers, rows, title="（自定义）监测对象信息", exported_on=SECOND)
    before = await exported(importer, LUQUAN)
    job = await take(data)
    taken = job["states"].get("registered", 0) + job["states"].get("changed", 0)
    assert taken > 300
    listed = (await importer.get(f"/v1/imports/{job['id']}/households")).json()["items"]
    by_hand = next(item["number"] for item in listed if item["state"] in ("registered", "changed"))
    home = await household(importer, by_hand)
    changes = {"no_labour": not home["no_labour"]}
    answer = await importer.send("PATCH", f"/v1/households/{home['id']}", json=changes, version=home["version"])
    assert answer.status_code == 200, answer.text
    changed = (await exported(importer, LUQUAN))[by_hand]
    job = await undone(job)
    assert (job["states"]["undone"], job["states"].get("kept", 0)) in ((taken - 1, 1), (taken, 0))
    after = await exported(importer, LUQUAN)
    kept_numbers = set(await kept(importer, job))
    assert kept_numbers <= {by_hand}
    assert {number: rows for number, rows in after.items() if number != by_hand} == {
        number: rows for number, rows in before.items() if number != by_hand
    }
    assert not kept_numbers or after[by_hand] == changed


async def test_what_was_recorded_about_a_new_household_keeps_it(
    importer: Clerk, take: Run, undone: Undo, people: People
) -> None:
    numbers = [people.number() for _ in range(2)]
    job = await take(sheet(*(here(people.person(), number) for number in numbers), headers=MORE))
    home = await household(importer, numbers[0])
    told = {"category": "industry", "causes": ["other"], "started_on": "2024-06-01"}
    await importer.made(f"/v1/households/{home['id']}/measures", told)
    job = await undone(job)
    assert job["states"] == {"undone": 1, "kept": 1}
    assert await kept(importer, job) == {numbers[0]: "changed after the import (other records since); left as it is"}


async def test_a_later_import_keeps_its_households(importer: Clerk, take: Run, undone: Undo, people: People) -> None:
    number, person = people.number(), people.person()
    first = await take(sheet(here(person, number), headers=MORE))
    second = await take(sheet(here(person, number, 工资性收入="7"), on=SECOND, headers=MORE))
    job = await undone(first)
    assert job["states"] == {"kept": 1}
    assert "a later import" in (await kept(importer, job))[number]
    assert (await undone(second))["states"] == {"undone": 1}


async def test_what_is_not_applied_or_undone_is_refused(
    importer: Clerk, runner: ImportRunner, take: Run, undone: Undo, people: People
) -> None:
    data = sheet(
        here(people.person(), people.number()), here(people.person(), people.number(), 与户主关系="其他"), headers=MORE
    )
    job = await uploaded(importer, data)
    base = f"/v1/imports/{job['id']}"

    async def code(path: str) -> str:
        answer = await importer.post(f"{base}{path}", {} if ":take" in path else None)
        assert answer.status_code == 409, answer.text
        return str(answer.json()["code"])

    assert await code(":undo") == "import-not-applied"
    await started(importer, job)
    await worked(runner)
    assert (await importer.post(f"{base}:undo")).status_code == 202
    [parked] = (await importer.get(f"{base}/households?state=parked")).json()["items"]
    refused = (":undo", ":apply", f"/households/{parked['position']}:take", f"/households/{parked['position']}:drop")
    assert [await code(path) for path in refused] == ["undo-under-way"] * 4
    assert (await importer.post(f"{base}:stop-undo")).json()["state"] == "stopped"
    assert await code(":stop-undo") == "not-undoing"
    assert await code(":apply") == "undo-under-way"
    assert not await runner.step()
    assert (await undone(job))["states"] == {"undone": 1, "parked": 1}
    assert [await code(path) for path in refused] == ["import-undone"] * 4
    far = importer.of("5301/530113/", rights=IMPORTS)
    assert (await far.post(f"{base}:undo")).status_code == 404


async def test_a_killed_worker_goes_on_taking_back(
    importer: Clerk, take: Run, runner: ImportRunner, database: Dsns, keys: Path, db: Database, people: People
) -> None:
    job = await take(sheet(*(here(people.person(), people.number()) for _ in range(60)), headers=MORE))
    assert (await importer.post(f"/v1/imports/{job['id']}:undo")).status_code == 202

    async def taken_back() -> int:
        query = "SELECT count(*) AS n FROM import_households WHERE job_id = CAST(:job AS uuid) AND state = 'undone'"
        [found] = await db.rows(query, job=job["id"])
        return int(found.n)

    async with killed_worker(database, keys):
        await until(taken_back, least=3)
    assert 3 <= await taken_back() <= 60
    deadline = monotonic() + 90
    while (await shown(importer, job))["state"] != "undone":
        await runner.step()
        assert monotonic() < deadline, "not undone within 90 s"
    assert (await shown(importer, job))["states"] == {"undone": 60}
    [found] = await db.rows(
        "SELECT count(*) AS events, count(DISTINCT key) AS keys FROM event_log"
        " JOIN import_households h ON h.household_id = key AND h.job_id = CAST(:job AS uuid)"
        " WHERE type LIKE '%.PersonLeft.%'",
        job=job["id"],
    )
    assert (found.events, found.keys) == (60, 60)


async def test_a_household_that_fails_for_unforeseen_reasons_is_left_alone(
    importer: Clerk, take: Run, undone: Undo, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [people.number() for _ in range(4)]
    job = await take(sheet(*(here(people.person(), number) for number in numbers), headers=MORE))
    stumbling = (await household(importer, numbers[2]))["id"]
    plain = undo._restoration

    def stumble(household_id: Any, told: Any) -> Any:
        if str(household_id) == stumbling:
            raise ZeroDivisionError
        return plain(household_id, told)

    monkeypatch.setattr(undo, "_restoration", stumble)
    job = await undone(job)
    assert (job["state"], job["states"]) == ("undone", {"undone": 3, "kept": 1})
    assert set(await kept(importer, job)) == {numbers[2]}


async def test_all_that_a_file_said_of_a_new_household_is_taken_back(
    importer: Clerk, take: Run, undone: Undo, people: People, db: Database
) -> None:
    told = {"是否解决安全饮用水": "否", "合规自付支出": "3000", "帮扶责任人": "普秀芬", "帮扶责任人单位": "县农业局",
            "产业帮扶": "是"}  # fmt: skip
    number = people.number()
    rows = [here(people.person(relation), number, **told) for relation in ("户主", "配偶", "之子")]
    job = await take(sheet(*rows, headers=(*HEADERS, "产业帮扶")))
    home = await household(importer, number)
    said = [event["name"] for event in await db.events(home["id"])]
    await undone(job)
    taken_back = (await db.events(home["id"]))[len(said) :]
    assert sorted(event["name"] for event in taken_back if event["void"]) == [
        "ExpenseReported", "IncomeRecorded", "MeasureStarted",
    ]  # fmt: skip
    assert sorted(event["name"] for event in taken_back if not event["void"]) == [
        "ConditionResolved", "HelperReleased", "HouseholdUpdated", *["PersonLeft"] * 3,
    ]  # fmt: skip


async def in_list(clerk: Clerk) -> set[str]:
    ids, token = set[str](), ""
    while token is not None:
        page = (
            await clerk.get("/v1/households", params={"path": PATH, **({"page_token": token} if token else {})})
        ).json()
        ids |= {item["id"] for item in page["items"]}
        token = page["next_page_token"]
    return ids


async def test_a_household_whose_registration_was_undone_is_in_no_list_until_a_file_states_it_again(
    importer: Clerk, take: Run, undone: Undo, db: Database, people: People
) -> None:
    number, head = people.number(), people.person()
    listed = {"监测对象类别": "脱贫不稳定户", "识别监测时间": "202306", "致贫/返贫风险1": "因病"}
    await undone(await take(sheet(here(head, number, **listed), on=SECOND, headers=MORE)))
    home = await household(importer, number)
    assert (home["size"], home["ended_on"] is not None, home["category"], home["causes"]) == (0, True, None, [])
    assert number not in await exported(importer)
    assert home["id"] not in await in_list(importer)
    [*_, told] = await db.events(home["id"], "HouseholdUpdated")
    assert (told["data"]["size"], told["data"]["category"]) == (0, None)

    # a file of before the undone one is as good as any other: nothing newer is said of the household
    job = await take(sheet(here(head, number, **listed), on=FIRST, headers=MORE))
    assert job["states"] == {"changed": 1}
    again = await household(importer, number)
    assert (again["id"], again["size"], again["ended_on"], again["category"]) == (home["id"], 1, None, "unstable")
    assert (again["stated_on"], again["decided_on"]) == (str(FIRST), str(FIRST))
    assert number in await exported(importer)
    assert home["id"] in await in_list(importer)
    assert (await undone(job))["states"] == {"undone": 1}
    assert (await household(importer, number))["ended_on"] == home["ended_on"]


async def test_members_whom_a_merge_brought_stay_though_an_import_does_not_name_them(
    importer: Clerk, take: Run, people: People
) -> None:
    numbers = [people.number() for _ in range(2)]
    head, son, mother = people.person(), people.person("之子"), people.person()
    file = [here(head, numbers[0]), here(son, numbers[0])]
    await take(sheet(*file, here(mother, numbers[1]), headers=MORE))
    home, other = [await household(importer, number) for number in numbers]
    [guest] = other["members"]
    told = {"into_household_id": home["id"], "on": "2023-11-01",
            "members": [{"person_id": guest["id"], "relation": "其他"}]}  # fmt: skip
    merged = await importer.post(f"/v1/households/{other['id']}:merge", told, version=other["version"])
    assert merged.status_code == 200, merged.text
    # the son is gone, who was of the household itself; whom the merge brought the file cannot know
    job = await take(sheet(here(head, numbers[0]), on=date(2023, 11, 15), headers=MORE))
    assert job["states"] == {"changed": 1}
    home = await household(importer, numbers[0])
    assert (home["size"], [item["relation"] for item in home["members"]]) == (2, ["户主", "其他"])
    assert guest["id"] in {item["id"] for item in home["members"]}
