"""Files as people really send them: other headers, other orders, other kinds of file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook import (
    HOUSEHOLD_LAYOUT,
    Checks,
    Kind,
    Unreadable,
    problems_of,
    read_households,
    read_sheets,
    read_work,
    table_of,
    write_csv,
    write_xlsx,
)

DATA = Path(__file__).parent / "data"
BASE = {
    "县": "禄劝彝族苗族自治县",
    "乡": "九龙镇",
    "村": "民权村民委员会",
    "户编号": "53000000001",
    "姓名": "张三",
    "证件号码": "11010519491231002X",
    "与户主关系": "户主",
    "户类型": "脱贫户",
}


def sheet(*rows: dict[str, str], headers: list[str] | None = None, title: str = "表") -> bytes:
    names = headers or list(dict.fromkeys(name for row in rows for name in row))
    return write_xlsx(names, [[row.get(name, "") for name in names] for row in rows], title=title)


def kinds(data: bytes, checks: Checks = Checks()) -> list[Kind]:  # noqa: B008
    return [problem.kind for problem in read_households(data, checks).problems]


def test_columns_are_known_by_other_names_too():
    renamed = {
        "县(市、区、旗)": "禄劝彝族苗族自治县", "乡(镇)": "九龙镇", "行政村": "民权村民委员会", "户编号 ": "1",
        "姓 名": "张三",
        "公民身份号码": "11010519491231002X", "与户主的关系": "本人", "户类型": "一般户", "人均纯收入": "1,000",
    }  # fmt: skip
    (household,) = read_households(sheet(renamed)).households
    assert (household.county, household.village) == ("禄劝彝族苗族自治县", "民权村民委员会")
    assert household.members[0].relation == "户主"
    assert household.household_type == "一般农户"
    assert household.amounts.per_head == 1000


def test_header_row_is_found_wherever_it_stands():
    rows = [["说明"], [], ["第三行", "备注"], list(BASE), list(BASE.values())]
    lines = "\r\n".join(",".join(row) for row in rows)
    assert len(read_households(lines.encode()).households) == 1
    assert read_households(lines.encode()).table.header_row == 4


def test_old_xls_is_read_and_a_number_for_an_id_is_seen(checks):
    file = read_households((DATA / "small.xls").read_bytes(), checks)
    assert [(problem.kind, problem.reference) for problem in file.problems] == [(Kind.FLOAT_DAMAGED_ID, "G5")]
    assert file.households[0].amounts.wage == 24000.5
    assert file.table.exported_on is not None


def test_rare_characters_of_gb18030_survive():
    row = BASE | {"姓名": "𠮷野"}
    data = write_csv(list(row), [list(row.values())], title="表")
    assert read_households(data).households[0].members[0].name == "𠮷野"


def test_csv_text_marks_are_not_part_of_the_value():
    rows = [list(BASE), [f'="{v}"' if k == "户编号" else v for k, v in BASE.items()]]
    data = "\n".join("\t".join(row) for row in rows).encode("utf-8-sig")
    assert read_households(data).households[0].number == "53000000001"


def test_amounts_at_elimination_stand_under_their_prefix():
    row = BASE | {"工资性收入": "100", "风险消除后工资性收入": "900", "风险消除后人均纯收入（元）": "12,000"}
    (household,) = read_households(sheet(row)).households
    assert household.amounts.wage == 100
    assert household.after.wage == 900
    assert household.after.per_head == 12000
    assert household.after.business is None


def test_a_check_whose_columns_are_absent_does_not_fire(checks):
    bare = {name: BASE[name] for name in ("户编号", "姓名", "户类型")}
    file = read_households(sheet(bare), checks)
    assert file.problems == ()
    assert file.households[0].members[0].identity == ""


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"与户主关系": "邻居"}, Kind.UNKNOWN_VALUE),
        ({"户类型": ""}, Kind.MISSING_VALUE),
        ({"姓名": " "}, Kind.MISSING_VALUE),
        ({"证件号码": ""}, Kind.MISSING_VALUE),
        ({"证件号码": "1101051949123100"}, Kind.BAD_CERTIFICATE),
        ({"村": ""}, Kind.MISSING_VALUE),
        ({"识别监测时间": "去年"}, Kind.BAD_MONTH),
        ({"家庭人口数": "三"}, Kind.BAD_NUMBER),
        ({"风险是否已消除": "大概"}, Kind.UNKNOWN_VALUE),
        ({"理赔收入": "不详"}, Kind.INCOME_NOT_A_NUMBER),
        ({"户编号": ""}, Kind.MISSING_VALUE),
    ],
)
def test_malformed_cells_are_problems_and_never_errors(change, kind, checks):
    assert kinds(sheet(BASE | change), checks) == [kind]


def test_rows_of_a_household_that_contradict_each_other():
    second = BASE | {"与户主关系": "之子", "证件号码": "53", "工资性收入": "200"}
    (problem,) = read_households(sheet(BASE | {"工资性收入": "100"}, second)).problems
    assert (problem.kind, problem.row, problem.also) == (Kind.ROWS_DISAGREE, 4, (5,))


def test_one_row_left_empty_contradicts_nothing():
    second = BASE | {"与户主关系": "之子", "工资性收入": "", "户类型": "", "村": ""}
    file = read_households(sheet(BASE | {"工资性收入": "100"}, second), Checks(locate=lambda *names: "530128104201"))
    assert file.problems == ()
    assert file.households[0].amounts.wage == 100


def test_helpers_differ_between_rows_and_each_counts_once():
    helpers = [("李四", "农业局", "138"), ("李四", "农业局", ""), ("王五、赵六", "水务局", "139、137"), ("", "", "136")]
    rows = [
        BASE
        | {
            "与户主关系": "户主" if place == 0 else "之子",
            "帮扶责任人": name,
            "帮扶责任人单位": office,
            "帮扶责任人联系电话": phone,
        }
        for place, (name, office, phone) in enumerate(helpers)
    ]
    (household,) = read_households(sheet(*rows)).households
    assert [(h.name, h.organisation, h.phone) for h in household.helpers] == [
        ("李四", "农业局", "138"), ("王五", "水务局", "139"), ("赵六", "水务局", "137"),
    ]  # fmt: skip


def test_hamlet_is_the_heads():
    rows = [BASE | {"与户主关系": "之子", "自然村": "上村"}, BASE | {"自然村": "下村"}]
    assert read_households(sheet(*rows)).households[0].hamlet == "下村"


def test_a_person_named_twice_in_one_household(checks):
    rows = [BASE, BASE | {"与户主关系": "之子"}]
    assert kinds(sheet(*rows), checks) == [Kind.SAME_PERSON_TWICE]


def test_footers_are_no_households():
    data = sheet(BASE, {"县": "合计:1户"})
    assert len(read_households(data).households) == 1
    assert kinds(data) == []


def test_missing_columns_are_named():
    with pytest.raises(Unreadable, match="户编号") as caught:
        read_households(sheet({"姓名": "张三", "县": "县", "乡": "乡", "村": "村"}))
    assert caught.value.code == "missing-columns"


def test_a_sheet_of_another_kind_is_refused():
    with pytest.raises(Unreadable) as caught:
        read_households(sheet({"商品": "土豆", "数量": "3"}))
    assert caught.value.code == "header-not-found"
    assert caught.value.fix_zh


def test_the_right_sheet_is_found_in_a_workbook_of_many(samples):
    data = problems_of(read_households(sheet(BASE | {"户类型": "不详"})))
    assert [found.name for found in read_sheets(data)] == ["待更正", "问题清单"]
    assert kinds(data) == [Kind.UNKNOWN_VALUE]


def test_work_that_ends_before_it_began():
    row = {
        "户编号": "1",
        "姓名": "张三",
        "证件号码": "x",
        "是否已务工": "是",
        "开始时间": "2023年06月",
        "结束时间": "2023年03月",
    }
    file = read_work(sheet(row, row | {"开始时间": "", "结束时间": ""}))
    assert [problem.kind for problem in file.problems] == [Kind.MONTHS_REVERSED, Kind.MISSING_VALUE]
    assert file.sound == ()


@given(st.dictionaries(st.integers(4, 99), st.lists(st.sampled_from(["", " ", "甲", "乙"]), max_size=6), max_size=4))
def test_the_texts_of_a_row_at_once_are_those_of_its_cells(lines: dict[int, list[str]]) -> None:
    table = table_of(("户编号", "姓名", "备注", "姓名", "县"), lines, HOUSEHOLD_LAYOUT)
    for row in lines:
        assert table.told(row) == {field: table.text(row, field) for field in table.places}
