"""The plan as tasks, projects and lists: seeded, led, worked on, overdue, reported twice a year and at its end."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbook
from events.ids import derived_id
from households.tasks.rules import Item, Note, PeriodUnknown, Task, due_day, expected_reports, periods, report_rows

from .conftest import DONGCHUAN, LUQUAN, Clerk, Database

COUNTY = "530128000000"


async def _item(clerk: Clerk, task: str = "m19", **told: Any) -> dict[str, Any]:
    body = {"region_code": COUNTY, "title": "两个村成立资产运营合作社", "unit": "县农业农村局", **told}
    return await clerk.made(f"/v1/plan-tasks/{task}/work-items", body)


async def test_the_plan_is_there_with_its_33_tasks_and_only_the_dates_it_names(clerk: Clerk) -> None:
    tasks = (await clerk.get("/v1/plan-tasks")).json()
    assert [task["clause"] for task in tasks] == [*(f"§{n}" for n in range(1, 28)), *(f"G{n}" for n in range(1, 7))]
    assert (tasks[0]["title"], tasks[26]["title"], tasks[32]["title"]) == (
        "注重科技引领", "多途径拓宽社会帮扶渠道", "加大宣传引导",
    )  # fmt: skip
    assert {task["code"]: task["due_on"] for task in tasks if task["due_on"]} == {"m19": "2024-12-31"}
    assert len({task["part"] for task in tasks}) == 8
    assert (await clerk.get("/v1/plan-tasks/m28")).json()["code"] == "task-unknown"


async def test_the_city_says_who_leads(clerk: Clerk, db: Database) -> None:
    county = clerk.of(LUQUAN)
    body = {"lead_unit": "市文化和旅游局", "due_on": "2024-10-31"}
    refused = await county.send("PATCH", "/v1/plan-tasks/m10", json=body, version=1)
    assert (refused.status_code, refused.json()["code"]) == (403, "plan-of-the-city")
    led = await clerk.send("PATCH", "/v1/plan-tasks/m10", json=body, version=1)
    assert (led.status_code, led.json()["lead_unit"], led.headers["etag"]) == (200, "市文化和旅游局", '"2"')
    assert (await clerk.send("PATCH", "/v1/plan-tasks/m10", json=body, version=1)).status_code == 412
    cleared = await clerk.send("PATCH", "/v1/plan-tasks/m10", json={"due_on": None}, version=2)
    assert (cleared.json()["due_on"], cleared.json()["lead_unit"]) == (None, "市文化和旅游局")
    told = await db.events(derived_id("plan-task", "m10"), "TaskAssigned")
    assert [(e["revision"], e["data"]["due_on"]) for e in told] == [(2, "2024-10-31"), (3, None)]
    due = (await clerk.get("/v1/plan-reports-due?on=2023-07-01")).json()
    mine = [row for row in due if row["unit"] == "市文化和旅游局"]
    assert [(row["period"], row["due_on"], row["submitted_on"]) for row in mine] == [
        ("2022-12", "2022-12-31", None), ("2023-06", "2023-06-30", None),
    ]  # fmt: skip


async def test_projects_have_lists_that_are_worked_off_or_overdue(clerk: Clerk, db: Database) -> None:
    county = clerk.of(LUQUAN)
    project = await _item(county, due_on="2024-09-30")
    entry = await _item(county, project_id=project["id"], title="清查闲置资产", due_on="2024-05-31")
    nested = {"region_code": COUNTY, "title": "再分一层", "project_id": entry["id"]}
    refused = await county.post("/v1/plan-tasks/m19/work-items", nested)
    assert (refused.status_code, refused.json()["code"]) == (422, "project-elsewhere")
    elsewhere = await clerk.of(DONGCHUAN).post("/v1/plan-tasks/m19/work-items", nested | {"project_id": None})
    assert elsewhere.json()["code"] == "region-unknown"

    async def late(who: Clerk, on: str) -> set[str]:
        answer = await who.get(f"/v1/overdue-work-items?path={LUQUAN}&on={on}&page_size=500")
        return {row["id"] for row in answer.json()["items"]}

    assert entry["id"] not in await late(county, "2024-05-31")
    assert {entry["id"]} == await late(county, "2024-06-30") & {project["id"], entry["id"]}
    assert await late(clerk.of(DONGCHUAN), "2024-12-01") == set()
    path = f"/v1/work-items/{entry['id']}"
    moved = await county.send("PATCH", path, json={"due_on": "2024-06-20"}, version=1)
    assert moved.json()["version"] == 2
    before = date.fromisoformat(entry["planned_on"]) - timedelta(days=1)
    early = await county.post(f"{path}:complete", {"on": before.isoformat()}, version=2)
    assert early.json()["code"] == "work-item-dates"
    done = await county.post(f"{path}:complete", {"on": entry["planned_on"]}, version=2)
    assert (done.json()["state"], done.json()["done_on"]) == ("done", entry["planned_on"])
    assert (await county.post(f"{path}:drop", {"on": entry["planned_on"]}, version=3)).json()["code"] == (
        "work-item-settled"
    )
    assert entry["id"] not in await late(county, "2024-12-01")
    told = [(e["revision"], e["data"]["state"]) for e in await db.events(entry["id"], "WorkItemPlanned")]
    assert told == [(1, "open"), (2, "open"), (3, "done")]
    listed = (await county.get(f"/v1/plan-tasks/m19/work-items?path={LUQUAN}&page_size=1")).json()
    assert (len(listed["items"]), bool(listed["next_page_token"])) == (1, True)


async def test_progress_is_noted_and_stands_in_the_workbook_of_its_period(clerk: Clerk, db: Database) -> None:
    county = clerk.of(LUQUAN)
    project = await _item(county, "m20", title="盘活农房", due_on="2024-06-30")
    note = {"region_code": COUNTY, "noted_on": "2024-06-20", "words": "已盘活农房三处", "percent": 40}
    path = "/v1/plan-tasks/m20/progress"
    made = await county.made(path, note)
    await county.made(path, note | {"item_id": project["id"], "percent": 70, "words": "签约一家民宿"})
    assert (await county.post(path, note | {"noted_on": "2999-01-01"})).json()["code"] == "in-future"
    wrong = await county.post("/v1/plan-tasks/m21/progress", note | {"item_id": project["id"]})
    assert wrong.json()["code"] == "work-item-elsewhere"
    listed = (await county.get(path)).json()["items"]
    assert [row["words"] for row in listed[:2]] == ["签约一家民宿", "已盘活农房三处"]
    assert made["author"] == "clerk"
    [event] = await db.events(project["id"], "TaskProgressed")
    assert event["data"]["percent"] == 70
    assert "民宿" not in str(event["data"]), "words stay here"

    answer = await county.get(f"/v1/plan-report-workbooks/half_year/2024-06?path={LUQUAN}")
    assert answer.status_code == 200
    [sheet] = _sheets(answer.content)
    row = next(row for row in sheet if row[0] == "§20")
    assert row[1:3] == ["发挥闲置资产效益", ""]
    assert (row[8], row[9], row[10]) == ("40", "签约一家民宿", "2024-06-20")
    assert len([row for row in sheet if row[0].startswith(("§", "G"))]) == 33
    earlier = _sheets((await county.get("/v1/plan-report-workbooks/half_year/2023-12")).content)[0]
    assert next(row for row in earlier if row[0] == "§20")[9] == ""
    odd = await county.get("/v1/plan-report-workbooks/half_year/2023-05")
    assert (odd.status_code, odd.json()["code"]) == (422, "report-period")


def _sheets(data: bytes) -> list[list[list[str]]]:
    return [[[*row, *[""] * 11][:11] for row in sheet.rows] for sheet in workbook.read_sheets(data)]


async def test_counties_report_at_year_end_and_units_twice_a_year(clerk: Clerk, db: Database) -> None:
    county = clerk.of(LUQUAN)
    body = {"kind": "year_end", "period": "2023-12", "region_code": COUNTY, "words": "全年工作进展"}
    for wrong, code in (
        ({"period": "2023-06"}, "report-period"),
        ({"period": "2025-12"}, "report-period"),
        ({"region_code": "530113000000"}, "region-unknown"),
        ({"unit": "县农业农村局"}, "report-place"),
        ({"kind": "half_year", "period": "2023-06"}, "report-place"),
        ({"region_code": "530128001000"}, "report-place"),
    ):
        refused = await county.post("/v1/plan-reports", body | wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, code), wrong
    missing = (await county.get(f"/v1/plan-reports-due?path={LUQUAN}&on=2024-01-01")).json()
    assert [(row["period"], row["submitted_on"]) for row in missing] == [("2022-12", None), ("2023-12", None)]
    report = await county.made("/v1/plan-reports", body)
    assert (report["due_on"], report["version"]) == ("2023-12-31", 1)
    assert (await county.made("/v1/plan-reports", body))["version"] == 1
    assert (await county.made("/v1/plan-reports", body | {"words": "补充进展"}))["version"] == 2
    told = [(e["revision"], e["data"]["kind"]) for e in await db.events(report["id"], "ReportSubmitted")]
    assert told == [(1, "year_end"), (2, "year_end")]
    due = (await county.get(f"/v1/plan-reports-due?path={LUQUAN}&on=2024-01-01")).json()
    assert due[1]["submitted_on"] == report["submitted_on"]
    assert (await clerk.of(DONGCHUAN).get("/v1/plan-reports")).json() == []
    unit = {
        "kind": "half_year",
        "period": "2024-06",
        "region_code": "530100000000",
        "unit": "市农业农村局",
        "words": "进展",
    }
    assert (await clerk.made("/v1/plan-reports", unit))["unit"] == "市农业农村局"
    assert (await county.post("/v1/plan-reports", unit)).json()["code"] == "region-unknown"


TASK = Task(
    code="m1", place=1, version=1, clause="§1", part="", title="注重科技引领", stated="", lead_unit="", due_on=None
)
_DAYS = st.dates(date(2022, 8, 23), date(2025, 3, 1))


@st.composite
def _items(draw: st.DrawFn) -> Item:
    planned = draw(_DAYS)
    state = draw(st.sampled_from(["open", "done", "dropped"]))
    return Item(
        id=draw(st.uuids()), version=1, task="m1", project_id=draw(st.none() | st.uuids()), region_code=COUNTY,
        title="", unit="", planned_on=planned, due_on=draw(st.none() | _DAYS), state=state,
        done_on=planned + timedelta(days=draw(st.integers(0, 400))) if state == "done" else None,
    )  # fmt: skip


@given(st.lists(_items(), max_size=12), _DAYS, st.lists(st.tuples(_DAYS, st.integers(0, 100)), max_size=6))
def test_a_report_says_nothing_that_came_after_its_day(
    items: list[Item], on: date, notes: list[tuple[date, int]]
) -> None:
    told = [
        Note(id=UUID(int=n), task="m1", item_id=None, region_code=COUNTY, noted_on=day, percent=percent,
             words=f"{percent}", author="")
        for n, (day, percent) in enumerate(notes)
    ]  # fmt: skip
    [row] = report_rows([TASK], items, told, on)
    known = [item for item in items if item.planned_on <= on]
    assert report_rows([TASK], known, [note for note in told if note.noted_on <= on], on) == [row]
    projects, entries, done, late = map(int, row[4:8])
    assert done + late <= projects + entries
    if row[10]:
        assert date.fromisoformat(row[10]) <= on


@given(_DAYS, st.sets(st.sampled_from(["甲局", "乙局"])), st.sampled_from(["half_year", "year_end"]))
def test_every_period_that_has_ended_is_asked_for_once(on: date, units: set[str], kind: str) -> None:
    asked = expected_reports(on, units=units, counties=[COUNTY], city="530100000000", submitted={})
    mine = [row for row in asked if row.kind == kind]
    assert len(mine) == len(periods(kind, on)) * (len(units) if kind == "half_year" else 1)
    assert all(row.due_on <= on and row.due_on == due_day(kind, row.period) for row in mine)
    assert len({(row.kind, row.period, row.region_code, row.unit) for row in asked}) == len(asked)


def test_the_plans_periods_are_those_of_its_three_years() -> None:
    last = date(2030, 1, 1)
    assert list(map(str, periods("half_year", last))) == ["2022-12", "2023-06", "2023-12", "2024-06", "2024-12"]
    assert list(map(str, periods("year_end", last))) == ["2022-12", "2023-12", "2024-12"]
    with pytest.raises(PeriodUnknown):
        due_day("year_end", "2023-06")
