"""Workbooks of households that are on the national list already: listing, elimination and measures become facts."""

from datetime import date
from typing import Any

import workbook

from .conftest import Clerk, Database, People, Run
from .import_files import HEADERS, household, row, sheet

MORE = (*HEADERS, "消除监测时间", "风险消除方式", "就业帮扶", "健康帮扶", "饮水安全保障")
FIRST, SECOND, THIRD = date(2023, 10, 15), date(2023, 10, 25), date(2023, 11, 15)
LISTED = {
    "监测对象类别": "脱贫不稳定户",
    "识别监测时间": "202203",
    "致贫/返贫风险1": "因病",
    "风险是否已消除": "否",
    "就业帮扶": "外出务工补贴",
    "健康帮扶": "参加城乡居民基本医疗保险个人缴费补贴",
    "饮水安全保障": "无",
}
GONE = {"风险是否已消除": "是", "消除监测时间": "202306", "风险消除方式": "帮扶消除"}


async def measures(clerk: Clerk, home: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = (await clerk.get(f"/v1/households/{home['id']}/measures")).json()
    return {item["category"]: item for item in found if not item["void"]}


async def test_listing_elimination_and_measures_of_a_file_are_told_once(
    importer: Clerk, take: Run, db: Database, people: People
) -> None:
    numbers = [people.number() for _ in range(2)]
    first = row(people.person(), 户编号=numbers[0], **LISTED)
    second = row(people.person(), 户编号=numbers[1], **LISTED | GONE)
    data = sheet(first, second, on=FIRST, headers=MORE)
    await take(data)
    listed, gone = [await household(importer, number) for number in numbers]
    [told] = await db.events(gone["id"], "HouseholdRegistered")
    assert (told["data"]["eliminated_on"], told["data"]["elimination_way"]) == ("2023-06-01", "helped")
    assert (told["data"]["identified_on"], told["data"]["decided_on"]) == ("2022-03-01", str(FIRST))
    assert (listed["risk_eliminated"], listed["eliminated_on"], listed["elimination_way"]) == (False, None, None)
    given = await measures(importer, listed)
    assert given.keys() == {"employment", "health"}
    assert (given["health"]["causes"], given["employment"]["causes"]) == (["illness"], [])
    assert {(item["source"], item["started_on"]) for item in given.values()} == {("national_export", str(FIRST))}

    count = await db.count()
    await take(data)
    await take(sheet(first, second, on=SECOND, headers=MORE))
    assert await db.count() == count


async def test_a_measure_that_is_there_is_not_recorded_again_and_an_older_export_reverts_nothing(
    importer: Clerk, take: Run, db: Database, people: People
) -> None:
    number, person = people.number(), people.person()
    await take(sheet(row(person, 户编号=number), on=FIRST, headers=MORE))
    home = await household(importer, number)
    own = {"category": "health", "causes": ["illness"], "started_on": "2023-09-01"}
    assert (await importer.post(f"/v1/households/{home['id']}/measures", own)).status_code == 201
    await take(sheet(row(person, 户编号=number, **LISTED | GONE), on=THIRD, headers=MORE))
    given = await measures(importer, home)
    assert (given["health"]["source"], given["health"]["started_on"]) == ("department", "2023-09-01")
    assert given["employment"]["source"] == "national_export"
    count = await db.count()
    await take(sheet(row(person, 户编号=number, **LISTED), on=SECOND, headers=MORE))
    assert await db.count() == count
    home = await household(importer, number)
    assert (home["risk_eliminated"], home["eliminated_on"], home["decided_on"]) == (True, "2023-06-01", str(THIRD))


async def test_a_file_without_the_columns_leaves_them_and_what_is_exported_comes_back_as_it_was(
    importer: Clerk, take: Run, db: Database, people: People
) -> None:
    number, person = people.number(), people.person()
    await take(sheet(row(person, 户编号=number, **LISTED | GONE), on=FIRST, headers=MORE))
    await take(sheet(row(person, 户编号=number, **LISTED | GONE, 工资性收入="30000"), on=SECOND))
    home = await household(importer, number)
    assert (home["eliminated_on"], home["elimination_way"]) == ("2023-06-01", "helped")
    assert (await measures(importer, home)).keys() == {"employment", "health"}
    answer = await importer.post("/v1/households:export", {"path": home["path"], "on": str(SECOND)})
    file = workbook.read_households(answer.content)
    [record] = [record for record in file.households if record.number == number]
    assert (record.eliminated_in, record.elimination_way) == ("2023-06", "帮扶消除")
    assert record.measures == ("employment", "health")
    assert all(record.measures or record.number != number for record in file.households)


async def test_an_undone_import_takes_its_measures_and_its_listing_back(
    importer: Clerk, take: Run, runner: Any, db: Database, people: People
) -> None:
    number, person = people.number(), people.person()
    await take(sheet(row(person, 户编号=number), on=FIRST, headers=MORE))
    home = await household(importer, number)
    job = await take(sheet(row(person, 户编号=number, **LISTED), on=SECOND, headers=MORE))
    assert (await measures(importer, home)).keys() == {"employment", "health"}
    assert (await importer.post(f"/v1/imports/{job['id']}:undo")).status_code == 202
    while await runner.step():
        pass
    assert (await household(importer, number))["category"] is None
    assert await measures(importer, home) == {}
    [*_, last] = await db.events(home["id"], "HouseholdUpdated")
    assert (last["data"]["category"], last["data"]["decided_on"]) == (None, str(FIRST))
