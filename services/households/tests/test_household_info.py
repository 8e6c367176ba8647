"""The sheet 户信息 of the national system: other names of the areas, no monitoring columns, xlsx as well as CSV."""

import csv
import io
from collections.abc import Callable, Sequence

import pytest
import xlsxwriter

import workbook

from .conftest import Clerk, Database, People, Run, uploaded
from .import_files import VILLAGE, household, row, sheet

HEADERS = (
    *(
        "省(自治区、直辖市)",
        "市(州、盟)",
        "县(市、区、旗)",
        "乡(镇)",
        "行政村",
        "自然村",
        "户编号",
        "人口编号",
        "户类型",
    ),
    *("姓名", "性别", "证件类型", "证件号码", "民族", "与户主关系", "文化程度", "在校生状况", "健康状况", "劳动技能"),
    *("家庭人口数", "户联系电话", "是否解决安全饮用水", "是否危房户", "入户路类型", "主要燃料类型"),
)
AREA = ("云南省", "昆明市", "禄劝彝族苗族自治县", "屏山街道", VILLAGE, "老村")
ABOVE = (("（基础信息）户信息",), ("导出时间：2023年10月15日 09:30",))

Lines = Sequence[Sequence[str]]


def xlsx(lines: Lines) -> bytes:
    """As a spreadsheet writes it: a merged title, text cells, empty cells that are formatted."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        data = book.add_worksheet("户信息")
        bold = book.add_format({"bold": True})
        data.merge_range(0, 0, 0, len(HEADERS) - 1, ABOVE[0][0], bold)
        data.write_string(1, 0, ABOVE[1][0])
        for number, cells in enumerate((HEADERS, *lines), start=2):
            for column, text in enumerate(cells):
                data.write_string(number, column, text) if text else data.write_blank(number, column, None, bold)
        book.add_worksheet("填表说明").write_string(0, 0, "本表由系统导出")
    return target.getvalue()


def gb18030(lines: Lines) -> bytes:
    """As the national system writes CSV: GB18030, ids kept from becoming numbers."""
    text = io.StringIO()
    ids = {HEADERS.index(name) for name in ("户编号", "人口编号", "证件号码")}
    kept = [[f'="{cell}"' if place in ids and cell else cell for place, cell in enumerate(line)] for line in lines]
    csv.writer(text, lineterminator="\r\n").writerows((*ABOVE, HEADERS, *kept))
    return text.getvalue().encode("gb18030")


def line(number: str, person: dict[str, str], **told: str) -> list[str]:
    male = int(person["certificate"][16]) % 2
    known = {
        **dict(zip(HEADERS, AREA, strict=False)),
        "户编号": number, "户类型": "脱贫户", "姓名": person["name"], "性别": "男" if male else "女",
        "证件类型": "居民身份证", "证件号码": person["certificate"], "民族": "彝族", "与户主关系": person["relation"],
        "文化程度": "初中", "健康状况": "健康", "劳动技能": "普通劳动力", "家庭人口数": "2",
        "户联系电话": "１３８０００１２３４５",
        "是否解决安全饮用水": "是", "是否危房户": "否", "入户路类型": "水泥路", "主要燃料类型": "柴草",
    }  # fmt: skip
    return [(known | told).get(name, "") for name in HEADERS]


@pytest.mark.parametrize("written", [xlsx, gb18030])
async def test_a_file_goes_in_its_problems_come_back_and_again_it_changes_nothing(
    written: Callable[[Lines], bytes], importer: Clerk, take: Run, db: Database, people: People
) -> None:
    numbers = [people.number() for _ in range(4)]
    heads, wives = [people.person() for _ in numbers], [people.person("配偶") for _ in numbers]
    mistyped = heads[2]["certificate"][:-1] + ("1" if heads[2]["certificate"][-1] != "1" else "2")
    whole = [line(number, person) for number, *two in zip(numbers, heads, wives, strict=True) for person in two]
    lines = [list(cells) for cells in whole]
    place, village = HEADERS.index("证件号码"), HEADERS.index("行政村")
    lines[4][place], lines[6][village], lines[7][village] = mistyped, "没有的村", "没有的村"
    data, before = written(lines), await db.count()

    preview = await uploaded(importer, data)
    assert (preview["exported_on"], preview["households"], preview["members"]) == ("2023-10-15", 4, 8)
    assert (preview["new"], preview["parked"]) == (2, 2)
    assert preview["problems"] == {"bad_check_digit": 1, "unknown_village": 1}
    assert await db.count() == before
    job = await take(data)
    assert job["states"] == {"registered": 2, "parked": 2}
    home = await household(importer, numbers[0])
    assert (home["household_type"], home["size"], home["category"], home["risk_eliminated"]) == (
        "lifted",
        2,
        None,
        None,
    )
    head = home["members"][0]
    assert (head["education"], head["labour_skill"], head["masked_phone"][-4:]) == ("初中", "ordinary", "2345")
    parked = (await importer.get(f"/v1/imports/{job['id']}/households?state=parked")).json()["items"]
    told = {item["number"]: [(each["header"], each["row"]) for each in item["problems"]] for item in parked}
    assert told == {numbers[2]: [("证件号码", 8)], numbers[3]: [("行政村", 10)]}

    # what is wrong comes back as a workbook of the same sheet, is put right there, and goes in
    answer = await importer.post(f"/v1/imports/{job['id']}:problem-workbook")
    [wrong, listed] = workbook.read_sheets(answer.content)
    assert (wrong.rows[0][0], wrong.rows[2][: len(HEADERS)]) == (ABOVE[0][0], HEADERS)
    assert {cells[HEADERS.index("户编号")] for cells in wrong.rows[3:]} == {numbers[2], numbers[3]}
    assert len(listed.rows) == 3
    assert "证件号码校验码不符" in wrong.rows[3][len(HEADERS)]
    corrected = [list(cells[: len(HEADERS)]) for cells in wrong.rows[3:]]
    corrected[0][place] = heads[2]["certificate"]
    for cells in corrected[2:]:
        cells[village] = VILLAGE
    assert (await take(written(corrected)))["states"] == {"registered": 2}

    count = await db.count()
    again = await uploaded(importer, written(whole))
    assert (again["unchanged"], again["new"], again["changed"], again["parked"]) == (4, 0, 0, 0)
    assert (await take(written(whole)))["states"] == {"unchanged": 4}
    other = gb18030 if written is xlsx else xlsx
    assert (await take(other(whole)))["states"] == {"unchanged": 4}
    assert await db.count() == count


async def test_it_says_nothing_of_the_list_so_what_is_decided_stays(
    importer: Clerk, take: Run, db: Database, people: People
) -> None:
    number, head, wife = people.number(), people.person(), people.person("配偶")
    listed = {
        "监测对象类别": "脱贫不稳定户",
        "识别监测时间": "202306",
        "致贫/返贫风险1": "因病",
        "风险是否已消除": "否",
    }
    await take(sheet(*(row(person, 户编号=number, **listed) for person in (head, wife))))
    job = await take(gb18030([line(number, head), line(number, wife, 是否解决安全饮用水="否")]))
    assert job["states"] == {"parked": 1}, "rows of a household that disagree wait for somebody"
    dry = {"是否解决安全饮用水": "否"}
    job = await take(gb18030([line(number, head, 劳动技能="技能劳动力", **dry), line(number, wife, **dry)]))
    assert job["states"] == {"changed": 1}
    home = await household(importer, number)
    assert (home["category"], home["identified_on"], home["causes"]) == ("unstable", "2023-06-01", ["illness"])
    assert home["members"][0]["labour_skill"] == "skilled"
    [dry_now] = await db.events(home["id"], "ConditionReported")
    assert dry_now["data"]["guarantee"] == "water"
    assert len(await db.events(home["id"], "IncomeRecorded")) == 1
