"""The national sheet of villages: previewed, taken once, never reverted by an older one, beside what is registered."""

import io
from datetime import date
from typing import Any

import pytest

import workbook

from .conftest import DONGCHUAN, IMPORTS, REGIONS, Clerk, Database, People

COUNTY, TOWNSHIP = "禄劝彝族苗族自治县", "屏山街道"
CODES = ("530128001207", "530128001208")
NAMES = {
    line.split(",")[0]: line.split(",")[1]
    for line in REGIONS.read_text(encoding="utf-8").splitlines()
    if line.startswith(CODES)
}
HEADERS = ("县", "乡", "村", "是否脱贫村", "总户数（户）", "总人口数", "自然村数", "村民小组数")
TOLD = ("是", "412", "1,603", "9", "")


def village(code: str, *told: str) -> tuple[str, ...]:
    return (COUNTY, TOWNSHIP, NAMES[code], *(told or TOLD))


def sheet(*rows: tuple[str, ...], on: str = "2023-10-15", headers: tuple[str, ...] = HEADERS) -> bytes:
    return workbook.write_xlsx(headers, rows, title="（自定义）行政村信息", exported_on=date.fromisoformat(on))


def csv(*rows: tuple[str, ...], on: str = "2023-10-15") -> bytes:
    lines = [["（自定义）行政村信息"], [f"导出时间:{on}"], [*HEADERS], *map(list, rows)]
    text = io.StringIO()
    for line in lines:
        text.write(",".join(f'"{cell}"' for cell in line) + "\r\n")
    return text.getvalue().encode("gb18030")


async def sent(clerk: Clerk, data: bytes, path: str = "/v1/village-sheets", **fields: str) -> dict[str, Any]:
    answer = await clerk.send("POST", path, files={"file": ("a.xlsx", data)}, data=fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def seen(clerk: Clerk, code: str) -> dict[str, Any]:
    path = f"5301/530128/530128001/{code}/"
    [found] = (await clerk.get("/v1/village-facts", params={"path": path})).json()["items"]
    return dict(found)


@pytest.mark.parametrize(("code", "write"), [(CODES[0], sheet), (CODES[1], csv)])
async def test_a_sheet_is_previewed_taken_once_and_shown_beside_what_is_registered(
    code: str, write: Any, importer: Clerk, clerk: Clerk, people: People, db: Database
) -> None:
    data, count = write(village(code)), await db.count()
    expected = await sent(importer, data, "/v1/village-sheets:preview")
    assert (expected["exported_on"], expected["states"], expected["problems"]) == ("2023-10-15", {"new": 1}, [])
    assert await db.count() == count
    assert await sent(importer, data) == expected
    assert await db.count() == count + 1
    before = await seen(importer, code)
    await clerk.made("/v1/households", people.household(people.person(), people.person("之子"), region=code))
    told = await seen(importer, code)
    facts = ("lifted", "households", "persons", "hamlets", "groups", "stated_on", "name")
    assert [told[name] for name in facts] == [True, 412, 1603, 9, None, "2023-10-15", NAMES[code]]
    grown = [told[name] - before[name] for name in ("registered", "members")]
    assert grown == [1, 2]

    count = await db.count()
    assert (await sent(importer, data))["states"] == {"unchanged": 1}
    assert (await sent(importer, write(village(code, "否", "1", "2", "3", "4"), on="2023-09-01")))["states"] == {
        "older": 1
    }
    assert await db.count() == count
    later = write(village(code, "是", "415", "", "9", "12"), on="2024-01-05")
    assert (await sent(importer, later))["states"] == {"changed": 1}
    told = await seen(importer, code)
    assert [told[name] for name in facts[:6]] == [True, 415, None, 9, 12, "2024-01-05"]
    events = await db.rows("SELECT revision, data FROM event_log WHERE type LIKE '%.VillageDescribed.%'"
                           " AND data ->> 'code' = :code ORDER BY seq", code=code)  # fmt: skip
    assert [(row.revision, row.data["households"]) for row in events] == [(1, 412), (2, 415)]
    # columns that a file lacks leave what stands
    short = sheet(village(code, "否")[:4], on="2024-02-05", headers=HEADERS[:4])
    assert (await sent(importer, short))["states"] == {"changed": 1}
    told = await seen(importer, code)
    assert [told[name] for name in facts[:5]] == [False, 415, None, 9, 12]


async def test_rows_with_a_problem_are_named_and_left_out(importer: Clerk, db: Database) -> None:
    nowhere = (COUNTY, TOWNSHIP, "没有的村", *TOLD)
    rows = [village(CODES[0], "也许", "4", "5", "6", "7"), nowhere, village(CODES[1], "是", "四百", "5", "6", "7")]
    found = await sent(importer, sheet(*rows, on="2024-03-01"))
    assert found["states"] == {}
    kinds = [(item["kind"], item["reference"]) for item in found["problems"]]
    assert kinds == [("unknown_value", "D4"), ("unknown_village", "C5"), ("bad_number", "E6")]
    assert all(item[name] for item in found["problems"] for name in ("cause_zh", "cause_en", "remedy_zh", "remedy_en"))
    twice = await sent(importer, sheet(village(CODES[0]), village(CODES[0]), on="2024-03-01"))
    assert [(item["kind"], item["also"]) for item in twice["problems"]] == [("village_twice", [5])]
    away = importer.of(DONGCHUAN, rights=IMPORTS)
    outside = await sent(away, sheet(village(CODES[0]), on="2024-03-01"))
    assert [item["kind"] for item in outside["problems"]] == ["village_outside_area"]
    assert outside["states"] == {}


async def test_other_files_and_other_days_are_refused(importer: Clerk, clerk: Clerk) -> None:
    async def code(data: bytes, who: Clerk = importer, **fields: str) -> tuple[int, str]:
        answer = await who.send("POST", "/v1/village-sheets", files={"file": ("a.xlsx", data)}, data=fields)
        return answer.status_code, answer.json()["code"]

    people = sheet((*village(CODES[0])[:3], "1", "张三"), headers=("县", "乡", "村", "户编号", "姓名"))
    assert await code(people) == (422, "another-sheet")
    assert await code(sheet(village(CODES[0]), on="2031-01-01")) == (422, "export-date-future")
    bare = "\r\n".join(",".join(line) for line in (HEADERS, village(CODES[0], *"是1234"))).encode()
    assert await code(bare) == (422, "export-date-missing")
    assert (await sent(importer, bare, exported_on="2023-01-01"))["exported_on"] == "2023-01-01"
    assert await code(b"\x00\x01") == (422, "not-a-workbook")
    assert (await code(sheet(village(CODES[0])), clerk))[0] == 403
