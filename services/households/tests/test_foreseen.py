"""A preview says what the named checks will find once a file is applied, and that is what they then find."""

from datetime import date
from typing import Any

from .conftest import Clerk, Database, People, Run, uploaded
from .import_files import HEADERS, household, row, sheet
from .test_checks import Check, check, findings  # noqa: F401  the fixture

HELP = (
    *("产业帮扶", "就业帮扶", "金融帮扶", "公益岗位帮扶", "住房安全保障", "饮水安全保障", "健康帮扶", "义务教育保障"),
    *("其他教育帮扶", "综合保障", "社会帮扶", "搬迁", "生产生活条件改善", "基础设施建设"),
)
WHOLE = (*HEADERS, *HELP, "务工所在地", "务工时间（月）", "成员联系电话")
SOUND = {"文化程度": "初中", "劳动技能": "普通劳动力", "是否参加城乡居民基本医疗保险": "是", "风险是否已消除": "否"}
LISTED = {"监测对象类别": "脱贫不稳定户", "识别监测时间": "202301", "致贫/返贫风险1": "因安全饮水"}


async def foreseen(clerk: Clerk, job: dict[str, Any], **wanted: str) -> dict[str, list[tuple[str, int]]]:
    answer = await clerk.get(f"/v1/imports/{job['id']}/households", params=wanted)
    assert answer.status_code == 200, answer.text
    return {
        item["number"]: sorted((found["rule"], found["row"]) for found in item["suspicions"])
        for item in answer.json()["items"]
    }


async def test_what_a_preview_foresees_is_what_the_checks_find(
    importer: Clerk,
    take: Run,
    check: Check,  # noqa: F811
    people: People,
    db: Database,
) -> None:
    numbers = sorted(people.number() for _ in range(5))
    fine, idle, bare, helped, wrong = numbers
    wife = people.person("配偶", born=date(2009, 1, 1))
    rows = [
        row(people.person(), 户编号=fine, **SOUND),
        row(people.person(), 户编号=idle, **SOUND | {"劳动技能": "无劳动力"}),
        row(wife, 户编号=idle, **SOUND | {"劳动技能": "弱劳动力或半劳动力", "务工时间（月）": "3"}),
        row(people.person(), 户编号=bare, **SOUND | LISTED | {"工资性收入": "50"}),
        row(
            people.person(),
            户编号=helped,
            **SOUND | LISTED | {"工资性收入": "900", "饮水安全保障": "管网入户", "产业帮扶": "种植补助"},
        ),
        row(people.person(), 户编号=wrong, **SOUND | {"劳动技能": "无劳动力", "工资性收入": "很多"}),
    ]
    count = await db.count()
    job = await uploaded(importer, sheet(*rows, headers=WHOLE))
    assert await db.count() == count
    expected = {
        fine: [],
        idle: [("able-without-labour", 5), ("spouse-age", 6), ("work-place-and-months", 6)],
        bare: [("labour-without-development", 7), ("no-measure", 7), ("tiny-wage", 7), ("water-without-help", 7)],
        helped: [],
        wrong: [],
    }
    assert await foreseen(importer, job) == expected
    assert job["suspicions"] == dict.fromkeys(sorted(rule for found in expected.values() for rule, _ in found), 1)
    counts = (await importer.get(f"/v1/imports/{job['id']}/suspicions")).json()
    assert [(item["rule"], item["findings"], item["households"]) for item in counts] == [
        (rule, 1, 1) for rule in job["suspicions"]
    ]
    assert all(item["zh"] and item["en"] and item["severity"] in ("error", "suspicious") for item in counts)
    assert list(await foreseen(importer, job, rule="tiny-wage")) == [bare]
    assert (await importer.get(f"/v1/imports/{job['id']}/households?rule=1")).status_code == 422

    await take(sheet(*rows, headers=WHOLE))
    await check()
    for number in (fine, idle, bare, helped):
        home = await household(importer, number)
        assert sorted(await findings(importer, home)) == [rule for rule, _ in expected[number]], number


async def test_a_check_whose_columns_a_file_lacks_says_nothing(importer: Clerk, people: People) -> None:
    number = people.number()
    told = row(people.person(), 户编号=number, **SOUND | LISTED | {"劳动技能": "无劳动力", "工资性收入": "50"})
    whole = await uploaded(importer, sheet(told, headers=WHOLE))
    assert {rule for rule, _ in (await foreseen(importer, whole))[number]} == {
        "able-without-labour", "no-measure", "water-without-help", "tiny-wage",
    }  # fmt: skip
    lacking = {"劳动技能", "工资性收入", "搬迁", "文化程度", "是否参加城乡居民基本医疗保险"}
    short = await uploaded(importer, sheet(told, headers=tuple(name for name in WHOLE if name not in lacking)))
    assert (await foreseen(importer, short))[number] == []
    assert short["suspicions"] == {}
