"""Village rules on weddings and funerals: what a village agreed on, and what is held under it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.customs.rules import FigureWhole, Fit, check_figures, judge

from .conftest import DONGCHUAN, LUQUAN, Clerk, Database, People

VILLAGE = "530128103201"
BARE = "530128103202"
TOWN = "5301/530128/530128103/"
LIMITS = {"wedding": {"tables": "15", "cost": "20000.00"}, "funeral": {"days": "3"}}


def rule(region: str = VILLAGE, **told: Any) -> dict[str, Any]:
    return {
        "region_code": region,
        "since": "2023-01-01",
        "document": "村民会议决议〔2023〕1号",
        "limits": LIMITS,
        **told,
    }


async def rulelessness(clerk: Clerk, on: str) -> list[str]:
    answer = await clerk.get("/v1/villages-without-rule", params={"path": TOWN, "on": on})
    return [row["region_code"] for row in answer.json() if row["region_code"] in (VILLAGE, BARE)]


async def test_a_village_adopts_amends_and_ends_its_rule(clerk: Clerk, people: People, db: Database) -> None:
    for region in (VILLAGE, BARE):
        await clerk.made("/v1/households", people.household(region=region))
    assert await rulelessness(clerk, "2023-06-01") == [VILLAGE, BARE]
    adopted = await clerk.made("/v1/village-rules", rule())
    assert (adopted["revision"], adopted["limits"]["wedding"]) == (1, {"tables": "15", "cost": "20000.00"})
    twice = await clerk.post("/v1/village-rules", rule())
    assert (twice.status_code, twice.json()["code"]) == (409, "village-rule-stands")
    path = f"/v1/village-rules/{adopted['fact_id']}"
    stricter = {"since": "2024-01-01", "document": "村民会议决议〔2024〕2号", "limits": {"wedding": {"tables": "12"}}}
    assert (await clerk.send("PUT", path, json=stricter)).status_code == 428
    early = await clerk.send("PUT", path, json=stricter | {"since": "2022-12-31"}, version=1)
    assert (early.status_code, early.json()["code"]) == (422, "village-rule-dates")
    amended = await clerk.send("PUT", path, json=stricter, version=1)
    assert (amended.status_code, amended.headers["etag"]) == (200, '"2"')
    assert (await clerk.send("PUT", path, json=stricter, version=1)).status_code == 412
    for on, tables in (("2023-12-31", "15"), ("2024-01-01", "12")):
        [shown] = (await clerk.get("/v1/village-rules", params={"path": TOWN, "on": on})).json()
        assert shown["limits"]["wedding"]["tables"] == tables
    assert await rulelessness(clerk, "2022-12-31") == [VILLAGE, BARE]
    assert await rulelessness(clerk, "2024-02-01") == [BARE]
    ended = await clerk.post(f"{path}:end", {"ended_on": "2024-03-01"}, version=2)
    assert (ended.json()["revision"], ended.json()["ended"]) == (3, True)
    assert await rulelessness(clerk, "2024-03-01") == [VILLAGE, BARE]
    over = await clerk.send("PUT", path, json=stricter | {"since": "2024-04-01"}, version=3)
    assert (over.status_code, over.json()["code"]) == (409, "village-rule-ended")
    again = await clerk.made("/v1/village-rules", rule(since="2024-04-01"))
    assert (again["fact_id"], again["revision"]) == (adopted["fact_id"], 4)
    told = [(event["name"], event["revision"]) for event in await db.events(adopted["fact_id"])]
    assert told == [
        ("VillageRuleAdopted", 1), ("VillageRuleAmended", 2), ("VillageRuleEnded", 3), ("VillageRuleAdopted", 4),
    ]  # fmt: skip
    assert len((await clerk.get(path)).json()) == 4


async def test_a_rule_that_limits_nothing_or_lies_elsewhere_is_refused(clerk: Clerk, db: Database) -> None:
    before = await db.count()
    for told, code in (
        ({"limits": {"wedding": {}}}, "village-rule-empty"),
        ({"limits": {"wedding": {"tables": "1.5"}}}, "figure-whole"),
        ({"region_code": "530128103000"}, "village-unknown"),
        ({"since": "2999-01-01"}, "in-future"),
        ({"limits": {"birthday": {"tables": "1"}}}, None),
        ({"limits": {"wedding": {"tables": "-1"}}}, None),
    ):
        answer = await clerk.post("/v1/village-rules", rule("530128103203") | told)
        assert answer.status_code == 422, answer.text
        assert code is None or answer.json()["code"] == code
    away = await clerk.of(DONGCHUAN).post("/v1/village-rules", rule("530128103203"))
    assert away.json()["code"] == "village-unknown"
    reader = clerk.of(LUQUAN, rights="conditions:read")
    assert (await reader.post("/v1/village-rules", rule("530128103203"))).status_code == 403
    assert await db.count() == before


async def test_weddings_are_told_of_held_and_counted_without_naming_anybody(
    clerk: Clerk, people: People, db: Database
) -> None:
    village, township = "530128102201", "5301/530128/530128102/"
    await clerk.made("/v1/village-rules", rule(village))
    homes = [await clerk.made("/v1/households", people.household(region=village)) for _ in range(2)]
    first = {"kind": "wedding", "held_on": "2023-05-01", "figures": {"tables": "12", "cost": "18000"}}
    path = f"/v1/households/{homes[0]['id']}/ceremonies"
    wedding = await clerk.made(path, first)
    assert (wedding["fit"], wedding["held"], wedding["revision"]) == ("within", False, 1)
    twice = await clerk.post(path, first)
    assert (twice.status_code, twice.json()["code"]) == (409, "ceremony-stands")
    bare = await clerk.post(f"/v1/ceremonies/{wedding['id']}:hold", {"figures": {"tables": "12"}}, version=1)
    assert (bare.status_code, bare.json()["code"]) == (422, "ceremony-cost")
    held = await clerk.post(
        f"/v1/ceremonies/{wedding['id']}:hold", {"figures": {"tables": "16", "cost": "19000"}}, version=1
    )
    assert (held.status_code, held.json()["fit"], held.json()["held"]) == (200, "over", True)
    mended = await clerk.send(
        "PUT", f"/v1/ceremonies/{wedding['id']}", json={"figures": {"tables": "15", "cost": "19000"}}, version=2
    )
    assert mended.json()["fit"] == "within"
    dear = {"kind": "wedding", "held_on": "2024-05-01", "figures": {"tables": "30", "cost": "41000"}}
    later = await clerk.made(f"/v1/households/{homes[1]['id']}/ceremonies", dear)
    assert later["fit"] == "over", "it is taken all the same: a rule is kept by talking about it"
    done = await clerk.post(f"/v1/ceremonies/{later['id']}:hold", {"figures": dear["figures"]}, version=1)
    assert done.status_code == 200, done.text
    ahead = {"kind": "funeral", "held_on": "2024-06-01", "figures": {}}
    funeral = await clerk.made(f"/v1/households/{homes[1]['id']}/ceremonies", ahead)
    assert funeral["fit"] == "unknown", "the village limits the days, and nobody said how many"

    counted = (await clerk.get("/v1/ceremony-spending", params={"path": township, "year": 2024})).json()
    assert [row["kind"] for row in counted] == ["funeral", "wedding"]
    weddings = counted[1]
    assert {name: weddings[name] for name in ("notified", "held", "over", "cost", "mean", "mean_before", "rising")} == {
        "notified": 1, "held": 1, "over": 1, "cost": "41000.00", "mean": "41000.00", "mean_before": "19000.00",
        "rising": True,
    }  # fmt: skip
    assert (counted[0]["unknown"], counted[0]["mean"], counted[0]["rising"]) == (1, None, None)
    gone = await clerk.post(f"/v1/ceremonies/{later['id']}:void", version=2)
    assert gone.json()["void"] is True
    assert (await clerk.post(f"/v1/ceremonies/{later['id']}:void", version=3)).json()["code"] == "ceremony-void"
    left = (await clerk.get("/v1/ceremony-spending", params={"path": township, "year": 2024})).json()
    assert [(row["kind"], row["notified"]) for row in left] == [("funeral", 1), ("wedding", 0)]

    told = [event for event in await db.events(homes[0]["id"]) if event["name"].startswith("Ceremony")]
    assert [(event["name"], event["revision"], event["data"]["fit"]) for event in told] == [
        ("CeremonyNotified", 1, "within"), ("CeremonyHeld", 2, "over"), ("CeremonyHeld", 3, "within"),
    ]  # fmt: skip
    assert not await db.events(homes[0]["id"], "ShockReported")
    assert (await clerk.of(DONGCHUAN).get(path)).status_code == 404
    stranger = await clerk.of(DONGCHUAN).post(f"/v1/ceremonies/{wedding['id']}:void", version=3)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "ceremony-unknown")


async def test_it_is_not_held_before_its_day(clerk: Clerk, people: People) -> None:
    home = await clerk.made("/v1/households", people.household(region="530128102202"))
    ahead = {"kind": "wedding", "held_on": "2031-05-01", "figures": {"tables": "10"}}
    wedding = await clerk.made(f"/v1/households/{home['id']}/ceremonies", ahead)
    assert wedding["fit"] == "unknown", "the village has no rule"
    early = await clerk.post(f"/v1/ceremonies/{wedding['id']}:hold", {"figures": {"cost": "5000"}}, version=1)
    assert (early.status_code, early.json()["code"]) == (422, "in-future")
    [shown] = (await clerk.get(f"/v1/households/{home['id']}/ceremonies")).json()
    assert (shown["held"], shown["revision"]) == (False, 1)


_NUMBERS = st.dictionaries(
    st.sampled_from(["tables", "cost", "gift", "days"]), st.decimals(0, 1000, places=2), max_size=4
)


@given(_NUMBERS, _NUMBERS)
def test_only_what_keeps_to_every_limit_is_within(limits: dict[str, Decimal], figures: dict[str, Decimal]) -> None:
    fit = judge(limits, figures)
    exceeded = {measure for measure, most in limits.items() if figures.get(measure, Decimal(-1)) > most}
    unstated = limits.keys() - figures.keys()
    assert fit is (Fit.OVER if exceeded else Fit.UNKNOWN if unstated or not limits else Fit.WITHIN)


@given(st.decimals(0, 100, places=2))
def test_tables_are_whole(number: Decimal) -> None:
    if number == number.to_integral_value():
        check_figures({"tables": number}, "/figures")
    else:
        with pytest.raises(FigureWhole):
            check_figures({"tables": number}, "/figures")
