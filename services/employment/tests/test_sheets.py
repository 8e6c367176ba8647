"""The national sheet of work: taken part by part, again without effect, later with ends."""

from pathlib import Path
from typing import Any

import pytest

from directory.testing import Person, World, somebody
from kit.testing import Clerk
from workbook import read_sheets, write_csv

SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "luquan_2023_work.xlsx"
HEADERS = [
    "县", "乡", "行政村", "户编号", "姓名", "证件号码", "是否已务工", "开始时间", "结束时间",
    "务工所在省", "务工所在市", "务工所在县", "务工企业名称", "所属行业", "就业渠道", "年度交通费补助",
]  # fmt: skip


def row(person: Person, **given: str) -> list[str]:
    told = {
        "县": "禄劝彝族苗族自治县", "户编号": person.number, "姓名": "张小三", "证件号码": person.certificate,
        "是否已务工": "是", "开始时间": "2023年03月", "务工所在县": "慈溪市", "就业渠道": "自主就业",
    }  # fmt: skip
    return [(told | given).get(header, "") for header in HEADERS]


def sheet(*rows: list[str]) -> bytes:
    return write_csv(HEADERS, rows, title="已外出务工信息")


async def take(clerk: Clerk, data: bytes, after_row: int = 0) -> dict[str, Any]:
    return await clerk.done("/v1/spells:import", files={"file": ("work", data)}, data={"after_row": str(after_row)})


@pytest.mark.slow
async def test_the_sample_of_a_county_goes_in_part_by_part_and_again_without_effect(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    data = SAMPLE.read_bytes()
    first = await take(clerk, data)
    assert (first["recorded"], first["more"]) == (400, True)
    second = await take(clerk, data, first["last_row"])
    assert (second["recorded"], second["refused"], second["more"]) == (200, 1, False)
    assert second["rows"][0]["reference"] == "F451", "the one certificate that was mistyped in the sample"
    before = await world.rows("SELECT max(seq) FROM event_log")
    again = [await take(clerk, data), await take(clerk, data, first["last_row"])]
    assert [part["unchanged"] for part in again] == [400, 200]
    assert await world.rows("SELECT max(seq) FROM event_log") == before


async def test_a_later_sheet_tells_the_end_and_fills_what_was_not_known(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = await world.registers(somebody())
    spell = await clerk.done(
        "/v1/spells",
        {"person": person.named, "started_on": "2023-03-01", "channel": "workshop", "monthly_wage": "3000.00"},
    )
    told = await take(clerk, sheet(row(person, 结束时间="2023年09月", 务工企业名称="慈溪某厂")))
    assert (told["corrected"], told["recorded"]) == (1, 0)
    now = (await clerk.get(f"/v1/spells/{spell['id']}")).json()
    assert (now["employer"], now["ended_on"], now["channel"], now["monthly_wage"]) == (
        "慈溪某厂", "2023-09-30", "workshop", "3000.00",
    )  # fmt: skip
    published = [(name, revision) for name, revision, *_ in await world.published(person.household_id)]
    assert published == [("EmploymentStarted", 1), ("EmploymentStarted", 2), ("EmploymentEnded", 1)]


async def test_rows_with_a_problem_are_named_and_left_out(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    good, elsewhere, away = somebody(), await world.registers(somebody()), somebody()
    wrong = good.certificate[:-2] + str((int(good.certificate[-2]) + 1) % 10) + good.certificate[-1]
    data = sheet(
        row(good),
        row(good, 证件号码=wrong),
        row(elsewhere, 户编号="不是数字/1"),
        row(away, 是否已务工="否", 开始时间=""),
        row(away, 开始时间="2024年02月"),
        row(away, 开始时间="2023年05月", 结束时间="2023年01月"),
    )
    answer = await take(clerk, data)
    assert (answer["recorded"], answer["skipped"], answer["refused"]) == (1, 1, 4)
    assert [(found["row"], found["problem"]["code"]) for found in answer["rows"]] == [
        (5, "bad-check-digit"),
        (6, "other-household"),
        (8, "in-future"),
        (9, "months-reversed"),
    ]
    assert answer["rows"][0]["reference"] == "F5"
    assert good.certificate[:14] not in str(answer)


async def test_a_preview_says_what_would_be_done_and_does_nothing(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    known, unknown = await world.registers(somebody()), somebody()
    wrong = known.certificate[:-2] + str((int(known.certificate[-2]) + 1) % 10) + known.certificate[-1]
    data = sheet(
        row(known), row(known, 证件号码=wrong), row(unknown), row(known, 户编号="530128999999", 开始时间="2023年05月")
    )
    before = await world.rows("SELECT count(*) FROM event_log")
    for _ in range(2):
        seen = await clerk.done("/v1/spells:preview-import", files={"file": ("work", data)})
        assert (seen["recorded"], seen["refused"], seen["unchanged"]) == (2, 2, 0)
    assert await world.rows("SELECT count(*) FROM event_log") == before
    answer = await clerk.post("/v1/spells:problem-workbook", files={"file": ("work", data)})
    assert answer.status_code == 200, answer.text
    marked, listed = read_sheets(answer.content)
    assert [cells[HEADERS.index("证件号码")] for cells in marked.rows[3:]] == [wrong, known.certificate]
    assert [cells[5] for cells in listed.rows[1:]] == ["bad_check_digit", "other_household"]
    done = await take(clerk, data)
    assert {name: done[name] for name in ("recorded", "refused", "rows")} == {
        name: seen[name] for name in ("recorded", "refused", "rows")
    }


async def test_an_unmatched_row_names_who_may_be_meant_masked_only(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    known, mistyped, stranger = await world.registers(somebody()), somebody(), somebody()
    [here] = await world.rows("SELECT masked_name, birth_date FROM directory_persons WHERE id = :id", id=known.id)
    name = here.masked_name.replace("*", "小")
    told = await take(
        clerk,
        sheet(
            row(mistyped, 户编号=known.number, 姓名=name),
            row(stranger, 户编号=known.number, 姓名="欧阳远山"),
        ),
    )
    assert [len(item["candidates"]) for item in told["waiting"]] == [1, 0]
    [candidate] = told["waiting"][0]["candidates"]
    assert candidate == {"masked_name": here.masked_name, "birth_date": str(here.birth_date)}
    assert name not in str(told)


async def test_a_file_that_is_no_sheet_is_refused_with_the_way_out(clerk: Clerk, world: World) -> None:
    answer = await clerk.post("/v1/spells:import", files={"file": ("work", b"\x00\x01nonsense")})
    assert answer.status_code == 422
    assert answer.json()["remedy"]
