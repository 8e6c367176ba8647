"""History: what is asked as of a day is what was recorded by its end, whatever happened afterwards."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from .conftest import Clerk, Database, People

Told = dict[str, Any]


class Recorder:
    """Does things to two households day by day, and keeps what was answered at the end of each day."""

    def __init__(self, clerk: Clerk, people: People, homes: list[Told], random: Random):
        self.clerk, self.people, self.random = clerk, people, random
        self.ids = [home["id"] for home in homes]
        self.figures: list[tuple[str, int]] = []
        self.helpers: list[tuple[str, int]] = []

    async def state(self, as_of: date | None = None) -> Told:
        """Everything that has a history, as now or as of a day."""
        asked = f"?as_of={as_of}" if as_of else ""
        told: Told = {}
        for home in self.ids:
            for part in ("", "/members", "/income-figures", "/helpers"):
                told[home + part] = (await self.clerk.get(f"/v1/households/{home}{part}{asked}")).json()
        return told

    async def something(self, today: date) -> None:
        home, other = self.random.sample(self.ids, 2)
        shown = (await self.clerk.get(f"/v1/households/{home}")).json()
        done = self.random.choice(
            [self.correct, self.join, self.leave, self.move, self.earn, self.help, self.fold_together]
        )
        await done(shown, other, today)

    async def correct(self, home: Told, other: str, today: date) -> None:
        change = {"causes": self.random.sample(["illness", "water", "other"], self.random.randrange(3))}
        await self.clerk.send("PATCH", f"/v1/households/{home['id']}", version=home["version"], json=change)

    async def join(self, home: Told, other: str, today: date) -> None:
        person = self.people.person("其他", since=str(today))
        await self.clerk.post(f"/v1/households/{home['id']}/members", person, version=home["version"])

    async def leave(self, home: Told, other: str, today: date) -> None:
        if home["members"]:
            person = self.random.choice(home["members"])
            body = {"on": str(today), "reason": self.random.choice(["moved", "died", "corrected"])}
            await self.clerk.post(f"/v1/persons/{person['id']}:leave", body, version=person["version"])

    async def move(self, home: Told, other: str, today: date) -> None:
        if home["members"]:
            person = self.random.choice(home["members"])
            body = {"on": str(today), "reason": "married", "to_household_id": other, "relation": "其他"}
            await self.clerk.post(f"/v1/persons/{person['id']}:move", body, version=person["version"])

    async def earn(self, home: Told, other: str, today: date) -> None:
        amounts = {"wage": f"{self.random.randrange(90000)}.00", "persons": 3, "business": "0.00"}
        rest = dict.fromkeys(("property", "transfer", "business_cost"), "0.00")
        if self.figures and self.random.random() < 0.6:
            place = self.random.randrange(len(self.figures))
            fact, revision = self.figures[place]
            path = f"/v1/income-figures/{fact}"
            answer = await self.clerk.send("PUT", path, version=revision, json=amounts | rest)
            self.figures[place] = (fact, answer.json()["revision"])
        else:
            window = {"window_from": "2023-01-01", "window_to": f"2023-{self.random.randrange(1, 13):02d}-28"}
            window["window_to"] = str(_last_of_month(date.fromisoformat(window["window_to"])))
            kind = {"purpose": "identification", "source": "survey"}
            answer = await self.clerk.post(
                f"/v1/households/{home['id']}/income-figures", amounts | rest | window | kind
            )
            if answer.status_code == 201:
                self.figures.append((answer.json()["fact_id"], 1))

    async def help(self, home: Told, other: str, today: date) -> None:
        if self.helpers and self.random.random() < 0.5:
            helper, revision = self.helpers.pop()
            await self.clerk.post(f"/v1/helpers/{helper}:release", {"until": str(today)}, version=revision)
        else:
            body = {
                "name": self.random.choice("甲乙丙丁") + "某某",
                "organisation": "农业农村局",
                "since": "2024-01-01",
            }
            answer = await self.clerk.post(f"/v1/households/{home['id']}/helpers", body)
            if answer.status_code == 201:
                self.helpers.append((answer.json()["id"], answer.json()["revision"]))

    async def fold_together(self, home: Told, other: str, today: date) -> None:
        if home["merged_into"]:
            await self.clerk.post(f"/v1/households/{home['id']}:unmerge", {}, version=home["version"])
            return
        places = [{"person_id": member["id"], "relation": "其他"} for member in home["members"]]
        body = {"into_household_id": other, "on": str(today), "members": places}
        await self.clerk.post(f"/v1/households/{home['id']}:merge", body, version=home["version"])


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@pytest.mark.parametrize("seed", [3, 5])
async def test_as_of_any_day_is_what_was_recorded_by_its_end(
    clerk: Clerk, people: People, db: Database, seed: int
) -> None:
    random = Random(seed)
    today = date.fromisoformat((await clerk.get("/v1/business-date")).json()["business_date"])
    homes = [
        await clerk.made(
            "/v1/households", people.household(people.person(), people.person("之父", born=date(1955, 1, 2)))
        )
        for _ in range(3)
    ]
    recorder = Recorder(clerk, people, homes, random)
    recorded: dict[date, Told] = {}
    before = await db.count()
    for _ in range(4):
        for _ in range(random.randrange(3, 6)):
            await recorder.something(today)
        recorded[today] = await recorder.state()
        today += timedelta(days=1)
        await clerk.made("/v1/business-date:advance", {"to": str(today)})
    assert await db.count() > before + 6
    for day, told in recorded.items():
        assert await recorder.state(day) == told, day
    long_ago = await clerk.get(f"/v1/households/{homes[0]['id']}?as_of=2020-01-01")
    assert (long_ago.status_code, long_ago.json()["code"]) == (404, "household-unknown")


async def test_history_cannot_be_rewritten(db: Database) -> None:
    tables = ("household_versions", "person_versions", "membership_versions", "helper_versions")
    for table in tables:
        for right, granted in (("INSERT", True), ("UPDATE", False), ("DELETE", False)):
            [row] = await db.rows("SELECT has_table_privilege('households_app', :t, :r)", t=table, r=right)
            assert row[0] is granted, (table, right)
