"""Workbooks of the national system on their way into the register: previewed, applied, parked, settled."""

import json
from datetime import date

import pytest

import workbook
from households.importing.runner import ImportRunner

from .conftest import DONGCHUAN, IMPORTS, LUQUAN, RIGHTS, Clerk, Database, People, Run, uploaded
from .import_files import HEADERS, SAMPLES, household, row, sheet


@pytest.mark.parametrize("name", ["luquan_2023.xlsx", "dongchuan_2023_gb18030.csv"])
async def test_sample_goes_in_but_for_its_parked_households_and_twice_is_once(
    name: str, importer: Clerk, take: Run, db: Database
) -> None:
    data = (SAMPLES / name).read_bytes()
    truth = json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8"))
    before = await db.count()
    preview = await uploaded(importer, data)
    assert (preview["households"], preview["members"]) == (truth["households"], truth["persons"])
    assert (preview["new"], preview["parked"]) == (truth["households_in"], truth["households_parked"])
    assert preview["exported_on"] == "2023-10-15"
    assert await db.count() == before

    job = await take(data)
    assert job["state"] == "applied"
    assert job["states"] == {"registered": truth["households_in"], "parked": truth["households_parked"]}
    events = await db.rows(
        "SELECT split_part(type, '.', 5) AS name, count(*) AS n FROM event_log"
        " JOIN import_households h ON h.household_id = key AND h.job_id = CAST(:job AS uuid) GROUP BY 1",
        job=job["id"],
    )
    counts = {found.name: found.n for found in events}
    file = workbook.read_households(data)
    parked = {
        item.number
        for item in (
            await db.rows(
                "SELECT number FROM import_households WHERE job_id = CAST(:job AS uuid) AND state = 'parked'",
                job=job["id"],
            )
        )
    }
    sound = [told for told in file.households if told.number not in parked]
    assert counts == {
        "HouseholdRegistered": len(sound),
        "PersonJoined": sum(len(told.members) for told in sound),
        "IncomeRecorded": len(sound),
        "ExpenseReported": sum(bool(told.amounts.self_paid) for told in sound),
        "HelperAssigned": sum(len(told.helpers) for told in sound),
    }
    [sums] = await db.rows(
        "SELECT sum(wage) AS wage, min(window_from) AS first, max(window_to) AS last, min(purpose) AS purpose"
        " FROM income_figures JOIN import_households h USING (household_id) WHERE h.job_id = CAST(:job AS uuid)",
        job=job["id"],
    )
    assert sums.wage == sum(told.amounts.wage for told in sound)
    assert (sums.first, sums.last, sums.purpose) == (date(2022, 10, 1), date(2023, 9, 30), "identification")

    count = await db.count()
    again = await uploaded(importer, data)
    assert (again["unchanged"], again["new"], again["changed"]) == (truth["households_in"], 0, 0)
    job = await take(data)
    assert job["states"] == {"unchanged": truth["households_in"], "parked": truth["households_parked"]}
    assert await db.count() == count


async def test_every_problem_is_listed_with_its_cell_its_cause_and_its_remedy(importer: Clerk) -> None:
    job = await uploaded(importer, (SAMPLES / "luquan_2023.xlsx").read_bytes())
    truth = json.loads((SAMPLES / "luquan_2023.xlsx.truth.json").read_text(encoding="utf-8"))
    answer = (await importer.get(f"/v1/imports/{job['id']}/households", params={"state": "parked"})).json()
    found = {
        (problem["kind"], frozenset([problem["household"], *problem["others"]]), problem["person"])
        for item in answer["items"]
        for problem in item["problems"]
    }
    silent = {"disability_certificate_20", "spaces_around_name", "fullwidth_digits", "income_with_comma"}
    two = "same_person_in_two_households"
    assert found == {
        (kind, frozenset(numbers if kind == two else numbers[:1]), None if kind == two else (numbers[1:] or [None])[0])
        for kind, *numbers in truth["quirks"]
        if kind not in silent
    }
    for item in answer["items"]:
        for problem in item["problems"]:
            assert problem["reference"].endswith(str(problem["row"]))
            assert all(problem[name] for name in ("header", "cause_zh", "cause_en", "remedy_zh", "remedy_en"))
    assert sum(job["problems"].values()) == len(found)


async def test_only_households_that_differ_are_published(
    importer: Clerk, take: Run, db: Database, people: People
) -> None:
    first, second = people.number(), people.number()
    one = row(people.person(), 户编号=first, 帮扶责任人="李四", 帮扶责任人单位="农业农村局")
    two = row(people.person(), 户编号=second)
    await take(sheet(one, two))
    count = await db.count()
    later = one | {"工资性收入": "12000", "帮扶责任人": "王五"}
    job = await take(sheet(later, two))
    assert job["states"] == {"changed": 1, "unchanged": 1}
    home = await household(importer, first)
    names = [event["name"] for event in (await db.events(home["id"]))]
    assert names[-3:] == ["HelperAssigned", "HelperReleased", "IncomeRecorded"]
    assert await db.count() == count + 3
    [*_, figure] = await db.events(home["id"], "IncomeRecorded")
    assert (figure["revision"], figure["data"]["wage"]) == (2, "12000.00")


async def test_what_the_file_says_of_guarantees_is_reported_and_solved(
    importer: Clerk, take: Run, db: Database, people: People
) -> None:
    number = people.number()
    told = row(people.person(), 户编号=number)
    await take(sheet(told))
    home = await household(importer, number)
    assert await db.events(home["id"], "ConditionReported") == []
    open_ = {"是否解决安全饮用水": "否", "是否参加城乡居民基本医疗保险": "否", "是否参加城镇职工基本医疗保险": "否"}
    await take(sheet(told | open_, on=date(2023, 11, 15)))
    reported = await db.events(home["id"], "ConditionReported")
    assert sorted(event["data"]["guarantee"] for event in reported) == ["insurance", "water"]
    await take(sheet(told | {"是否解决安全饮用水": "是", "是否参加城乡居民基本医疗保险": "是"}, on=date(2023, 12, 15)))
    resolved = await db.events(home["id"], "ConditionResolved")
    assert {event["fact_id"] for event in resolved} == {event["fact_id"] for event in reported}


async def test_older_export_adds_its_months_and_changes_nothing_else(
    importer: Clerk, take: Run, db: Database, people: People
) -> None:
    number, person = people.number(), people.person()
    newest = row(
        person, 户编号=number, 监测对象类别="脱贫不稳定户", 识别监测时间="202310", **{"致贫/返贫风险1": "因病"}
    )
    await take(sheet(newest, on=date(2023, 12, 15)))
    home = await household(importer, number)
    job = await take(sheet(row(person, 户编号=number, 工资性收入="9000"), on=date(2022, 12, 15)))
    assert job["states"] == {"older": 1}
    assert (await household(importer, number))["category"] == home["category"] == "unstable"
    figures = await db.events(home["id"], "IncomeRecorded")
    assert [event["data"]["window_to"] for event in figures] == ["2023-11-30", "2022-11-30"]


async def test_columns_that_a_file_lacks_leave_what_is_registered(importer: Clerk, take: Run, people: People) -> None:
    number, person = people.number(), people.person()
    full = row(
        person, 户编号=number, 监测对象类别="突发严重困难户", 劳动技能="技能劳动力", 文化程度="初中", 健康状况="残疾"
    )
    await take(sheet(full))
    lacking = tuple(name for name in HEADERS if name not in ("监测对象类别", "劳动技能", "文化程度", "健康状况"))
    job = await take(sheet(full | {"与户主关系": "户主", "工资性收入": "1"}, on=date(2023, 11, 1), headers=lacking))
    assert job["states"] == {"changed": 1}
    home = await household(importer, number)
    assert home["category"] == "sudden"
    assert [(m["labour_skill"], m["education"], m["health"]) for m in home["members"]] == [
        ("skilled", "初中", ["残疾"])
    ]


async def test_a_person_who_moved_between_two_households_of_the_file(
    importer: Clerk, take: Run, people: People
) -> None:
    first, second, mover = people.number(), people.number(), people.person("之子")
    head, other = people.person(), people.person()
    await take(sheet(row(other, 户编号=second), row(head, 户编号=first), row(mover, 户编号=first)))
    job = await take(
        sheet(row(other, 户编号=second), row(mover, 户编号=second), row(head, 户编号=first), on=date(2023, 11, 1))
    )
    assert job["states"] == {"changed": 2}
    assert len((await household(importer, second))["members"]) == 2


async def test_a_person_registered_elsewhere_is_parked_and_blocks_nobody(
    take: Run, importer: Clerk, people: People
) -> None:
    shared = people.person()
    await take(sheet(row(shared, 户编号=people.number())))
    fine, bad = people.number(), people.number()
    job = await take(sheet(row(shared, 户编号=bad), row(people.person(), 户编号=fine)))
    assert job["states"] == {"parked": 1, "registered": 1}
    parked = (await importer.get(f"/v1/imports/{job['id']}/households?state=parked")).json()["items"]
    [problem] = parked[0]["problems"]
    assert (problem["kind"], problem["header"], problem["row"]) == ("registered_elsewhere", "证件号码", 4)


async def test_parked_household_is_settled_by_correcting_its_cells(
    importer: Clerk, runner: ImportRunner, take: Run, people: People
) -> None:
    number, dropped = people.number(), people.number()
    job = await take(
        sheet(
            row(people.person(), 户编号=number, 工资性收入="一万二"),
            row(people.person(), 户编号=dropped, 与户主关系="其他"),
        )
    )
    assert job["states"] == {"parked": 2}
    base = f"/v1/imports/{job['id']}/households"
    [first, second] = (await importer.get(f"{base}?state=parked")).json()["items"]
    [problem] = first["problems"]
    refused = await importer.post(f"{base}/{first['position']}:take", {})
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["code"] == "income-not-a-number"
    cell = {"row": problem["row"], "column": problem["column"], "text": "12000"}
    await importer.made(f"{base}/{first['position']}:take", {"corrections": [cell]})
    await importer.made(f"{base}/{second['position']}:drop", None)
    while await runner.step():
        pass
    assert (await importer.get(f"/v1/imports/{job['id']}")).json()["states"] == {"registered": 1, "dropped": 1}
    assert (await household(importer, number))["number"] == number
    assert (await importer.post(f"{base}/{second['position']}:take", {})).status_code == 409


async def test_problem_workbook_is_corrected_and_uploaded_again(importer: Clerk, take: Run, people: People) -> None:
    number = people.number()
    job = await take(
        sheet(row(people.person(), 户编号=number, 工资性收入="一万二"), row(people.person(), 户编号=people.number()))
    )
    answer = await importer.post(f"/v1/imports/{job['id']}:problem-workbook")
    assert answer.status_code == 200
    file = workbook.read_households(answer.content)
    assert [problem.household for problem in file.problems] == [number]
    told = [list(cells) for cells in file.table.sheet.rows]
    told[3][HEADERS.index("工资性收入")] = "12000"
    corrected = workbook.write_xlsx(told[2], told[3:], title=told[0][0], exported_on=file.table.exported_on)
    assert (await take(corrected))["states"] == {"registered": 1}


async def test_area_of_the_uploader_holds(clerk: Clerk, take: Run, people: People) -> None:
    east = clerk.of(DONGCHUAN, rights=IMPORTS)
    number = people.number()
    data = sheet(row(people.person(), 户编号=number))
    preview = await uploaded(east, data)
    assert preview["problems"] == {"village_outside_area": 1}
    job = await take(data, clerk.of(LUQUAN, rights=IMPORTS))
    assert job["states"] == {"registered": 1}
    assert (await east.get(f"/v1/imports/{job['id']}")).status_code == 404
    assert (await east.post(f"/v1/imports/{job['id']}:problem-workbook")).status_code == 404
    assert job["id"] not in (await east.get("/v1/imports")).text
    assert job["id"] in (await clerk.of("5301/", rights=IMPORTS).get("/v1/imports")).text


async def test_a_number_held_in_another_area_is_not_taken_over(
    clerk: Clerk, take: Run, importer: Clerk, people: People
) -> None:
    number = people.number()
    registered = people.household(region="530113001001", number=number)
    await clerk.made("/v1/households", registered)
    job = await take(sheet(row(people.person(), 户编号=number)), clerk.of(LUQUAN, rights=IMPORTS))
    assert job["states"] == {"parked": 1}
    assert (await household(importer, number))["region_code"] == "530113001001"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\0", 422, "not-a-workbook"),
        (workbook.write_xlsx(["商品"], [["土豆"]], title="表"), 422, "header-not-found"),
        (sheet(headers=("户编号", "姓名", "村")), 422, "missing-columns"),
        (sheet(on=date(2999, 1, 1)), 422, "export-date-future"),
        (workbook.write_xlsx(HEADERS, [], title="表"), 422, "export-date-missing"),
        (b" " * ((20 << 20) + 1), 413, "too-large"),
        (b" " * (33 << 20), 413, "too-large"),
    ],
)
async def test_file_that_cannot_be_read_is_refused_with_a_remedy(
    importer: Clerk, data: bytes, status: int, code: str
) -> None:
    answer = await importer.send("POST", "/v1/imports", files={"file": ("a.xlsx", data)})
    assert answer.status_code == status
    problem = answer.json()
    assert problem["code"] == code
    assert problem["remedy"]
    assert problem["en"]["remedy"]


async def test_export_date_may_come_with_the_file(importer: Clerk) -> None:
    data = workbook.write_xlsx(HEADERS, [], title="表")
    assert (await uploaded(importer, data, exported_on="2023-10-15"))["exported_on"] == "2023-10-15"


async def test_without_the_right_nothing_is_taken(clerk: Clerk) -> None:
    answer = await clerk.send("POST", "/v1/imports", files={"file": ("a.xlsx", sheet())})
    assert (answer.status_code, answer.json()["code"]) == (403, "missing-right")


async def test_nobody_is_named_in_clear(importer: Clerk, db: Database, people: People) -> None:
    person = people.person(name="欧阳修远")
    job = await uploaded(importer, sheet(row(person, 户编号=people.number(), 工资性收入="很多", 帮扶责任人="诸葛孔明")))
    kept = await db.rows(
        "SELECT j::text || h::text FROM import_jobs j JOIN import_households h ON h.job_id = j.id"
        " WHERE j.id = CAST(:job AS uuid)",
        job=job["id"],
    )
    shown = (await importer.get(f"/v1/imports/{job['id']}/households")).text
    for secret in ("欧阳修远", person["certificate"], "诸葛孔明", "很多"):
        assert secret not in shown
        assert secret not in kept[0][0]
        assert secret.encode().hex() not in kept[0][0]


async def test_what_is_exported_can_be_imported_and_changes_nothing(
    importer: Clerk, clerk: Clerk, take: Run, db: Database, people: People
) -> None:
    number, second = people.number(), people.number()
    told = {
        "户编号": number,
        "监测对象类别": "边缘易致贫户",
        "户类型": "一般农户",
        "识别监测时间": "202306",
        "风险是否已消除": "否",
    }
    shared = told | {"致贫/返贫风险1": "务工就业不稳", "整户无劳动能力兜底保障户": "否", "是否解决安全饮用水": "否"}
    head = row(
        people.person(),
        **shared,
        劳动技能="技能劳动力",
        文化程度="初中",
        帮扶责任人="=李四",
        帮扶责任人联系电话="13800000000",
    )
    child = row(people.person("之子"), **shared, 在校生状况="小学", 帮扶责任人="王五", 帮扶责任人单位="水务局")
    await take(sheet(head, child, row(people.person(), 户编号=second)))
    answer = await importer.post("/v1/households:export", {"path": "5301/530128/530128001/", "on": "2023-10-15"})
    assert answer.status_code == 200, answer.text
    file = workbook.read_households(answer.content)
    [record] = [found for found in file.households if found.number == number]
    assert file.problems == ()
    assert [member.name for member in record.members] == [head["姓名"], child["姓名"]]
    assert sorted(helper.name for helper in record.helpers) == ["=李四", "王五"]
    assert (record.category, record.causes, record.safe_water) == ("边缘易致贫户", ("因务工就业不稳",), False)
    assert record.amounts.per_head == 20900
    count = await db.count()
    job = await take(answer.content)
    assert set(job["states"]) <= {"unchanged", "older"}
    assert await db.count() == count
    assert (
        await clerk.of("5301/", rights=IMPORTS.replace("households:reveal", "")).post("/v1/households:export", {})
    ).status_code == 403


async def test_a_village_is_found_as_soon_as_it_stands(importer: Clerk, take: Run, people: People) -> None:
    number = people.number()
    data = sheet(row(people.person(), 户编号=number) | {"村": "新桥村民委员会"})
    assert (await take(data))["states"] == {"parked": 1}
    village = {"code": "530128001988", "name": "新桥村民委员会", "level": "village", "parent_code": "530128001000"}
    await importer.of("5301/", rights=RIGHTS).made("/v1/regions:import?valid_from=2020-01-01", [village])
    assert (await take(data))["states"] == {"registered": 1}
