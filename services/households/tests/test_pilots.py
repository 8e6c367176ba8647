"""Asset pilots: one or two villages of a key county until 2023, every lifted village from 2024."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from households.pilots.rules import Asked, Progress, judge

from .conftest import DONGCHUAN, LUQUAN, Clerk, Database, People

VILLAGES = ("530129103201", "530129103202", "530129103203")
TOWN = "5301/530129/530129103/"


def pilot(region: str, **told: Any) -> dict[str, Any]:
    return {
        "region_code": region,
        "body": "cooperative",
        "since": "2022-10-01",
        "document": "寻农发〔2022〕19号",
        **told,
    }


async def progress(clerk: Clerk, on: str, path: str = TOWN) -> tuple[Any, ...]:
    [row] = (await clerk.get("/v1/asset-pilot-progress", params={"path": path, "on": on})).json()
    return row["key_county"], row["pilots"], row["progress"]


async def test_a_key_county_tries_it_in_one_or_two_villages_and_then_everywhere(
    clerk: Clerk, people: People, db: Database
) -> None:
    for region in VILLAGES:
        await clerk.made("/v1/households", people.household(region=region))
    assert await progress(clerk, "2023-06-01") == (True, 0, "short")
    first = await clerk.made("/v1/asset-pilots", pilot(VILLAGES[0]))
    twice = await clerk.post("/v1/asset-pilots", pilot(VILLAGES[0]))
    assert (twice.status_code, twice.json()["code"]) == (409, "asset-pilot-stands")
    assert await progress(clerk, "2022-09-30") == (True, 0, "short")
    assert await progress(clerk, "2023-06-01") == (True, 1, "met")
    for region in VILLAGES[1:]:
        await clerk.made("/v1/asset-pilots", pilot(region, body="committee", since="2023-12-01"))
    assert await progress(clerk, "2023-12-01") == (True, 3, "over")
    assert await progress(clerk, "2024-01-01") == (True, 3, "met")
    path = f"/v1/asset-pilots/{first['id']}:end"
    ending = {"until": "2024-03-01", "document": "试点总结〔2024〕1号"}
    early = await clerk.post(path, ending | {"until": "2022-09-30"}, version=1)
    assert (early.status_code, early.json()["code"]) == (422, "asset-pilot-dates")
    assert (await clerk.post(path, ending, version=1)).json()["until"] == "2024-03-01"
    assert (await clerk.post(path, ending, version=2)).json()["code"] == "asset-pilot-ended"
    assert await progress(clerk, "2024-03-01") == (True, 2, "short")
    assert await progress(clerk, "2021-12-31") == (True, 0, "unknown"), "the plan says nothing of that year"
    again = await clerk.made("/v1/asset-pilots", pilot(VILLAGES[0], since="2024-04-01"))
    assert (again["id"], again["revision"]) == (first["id"], 3)
    listed = (await clerk.get("/v1/asset-pilots", params={"path": TOWN, "on": "2024-03-15"})).json()
    assert [row["region_code"] for row in listed] == list(VILLAGES[1:])
    assert [(event["name"], event["revision"]) for event in await db.events(first["id"])] == [
        ("AssetPilotStarted", 1), ("AssetPilotEnded", 2), ("AssetPilotStarted", 3),
    ]  # fmt: skip


async def test_pilots_of_another_area_are_not_there(clerk: Clerk) -> None:
    away = clerk.of(DONGCHUAN)
    refused = await away.post("/v1/asset-pilots", pilot("530128109201"))
    assert (refused.status_code, refused.json()["code"]) == (422, "village-unknown")
    own = await clerk.made("/v1/asset-pilots", pilot("530128109201"))
    hidden = await away.post(f"/v1/asset-pilots/{own['id']}:end", {"until": "2024-01-01", "document": "a"}, version=1)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "asset-pilot-unknown")
    reader = clerk.of(LUQUAN, rights="assets:read")
    assert (await reader.post("/v1/asset-pilots", pilot("530128109202"))).status_code == 403
    assert (await clerk.post("/v1/asset-pilots", pilot("530128109202", since="2999-01-01"))).status_code == 422


_NUMBER = st.none() | st.integers(0, 5).map(Decimal)


@given(_NUMBER, _NUMBER, st.booleans(), st.booleans(), st.integers(0, 6), st.integers(0, 6))
def test_what_is_not_asked_or_not_known_is_never_met(
    least: Decimal | None, most: Decimal | None, everywhere: bool, key: bool, lifted: int, pilots: int
) -> None:
    asked = Asked(least=least, most=most, everywhere=everywhere)
    state = judge(asked, key_county=key, lifted_villages=lifted, pilots=pilots)
    if everywhere:
        assert (state is Progress.MET) == (pilots >= lifted)
    elif least is None or most is None:
        assert state is Progress.UNKNOWN
    else:
        assert (state is Progress.MET) == (key and least <= pilots <= most)
        assert (state is Progress.NOT_ASKED) == (not key)
