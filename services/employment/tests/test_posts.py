"""Public-welfare posts: budgeted places, one per person, a contract of a year, nobody who works elsewhere."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.testing import LUQUAN, XUNDIAN, Person, World, somebody
from employment.posts.rules import OutsideBudget, Post, TooLong, check_contract
from events.ids import uuid7
from kit.errors import Refusal
from kit.testing import Clerk

ON = "2023-10-15"
POSTS, HOLDINGS = "/v1/public-posts", "/v1/post-holdings"
CONTRACT = {"contract_from": "2023-10-01", "contract_to": "2024-09-30"}

_village = count(1)


@pytest.fixture(autouse=True)
async def _day(world: World) -> None:
    await world.start(ON)


async def village(world: World, county: str = LUQUAN) -> str:
    """A village of its own; gives its path."""
    code = f"{county.split('/')[2]}{900 + next(_village)}"
    path = "/".join([*county.split("/")[:3], code, ""])
    await world.region(code, path)
    return path


def budget(path: str, **told: Any) -> dict[str, Any]:
    return {
        "region": path.split("/")[-2], "name": "保洁员", "places": 1, "monthly_pay": "800.00",
        "valid_from": "2023-01-01", "valid_to": "2024-12-31", "document": "某县人社局〔2023〕5号",
    } | told  # fmt: skip


async def post_in(clerk: Clerk, path: str, **told: Any) -> dict[str, Any]:
    return await clerk.done(POSTS, budget(path, **told))


def form(post: dict[str, Any], person: Person, **told: Any) -> dict[str, Any]:
    return {"post_id": post["id"], "person": person.named, **CONTRACT, "causes": ["labour_shortage"]} | told


async def refused(clerk: Clerk, body: dict[str, Any], code: str) -> None:
    answer = await clerk.post(HOLDINGS, body)
    assert answer.json()["code"] == code, answer.text
    assert answer.status_code in (409, 422)


async def told(world: World, person: Person) -> list[tuple[str, int, bool]]:
    return [event[:3] for event in await world.published(person.household_id)]


async def test_a_place_is_taken_once_paid_as_a_job_and_left(clerk: Clerk, world: World) -> None:
    path = await village(world)
    person, other = await world.registers(somebody(path)), await world.registers(somebody(path))
    post = await post_in(clerk, path)
    held = await clerk.done(HOLDINGS, form(post, person))
    assert [event[0] for event in await told(world, person)] == ["EmploymentStarted", "PublicPostTaken"]
    [(_, _, _, data)] = await world.published(person.household_id, "PublicPostTaken")
    assert data == {
        "person_id": str(person.id), "post_id": post["id"], "spell_id": held["spell_id"],
        "contract_from": "2023-10-01", "contract_to": "2024-09-30", "monthly_pay": "800.00",
        "causes": ["labour_shortage"], "category": "public_post", "development": False,
    }  # fmt: skip
    spell = (await clerk.get(f"/v1/spells/{held['spell_id']}")).json()
    assert (spell["channel"], spell["place_code"], spell["monthly_wage"]) == ("public_post", "530128", "800.00")
    await refused(clerk, form(post, other), "post-full")
    assert await told(world, other) == [], "nothing of what was refused is left"
    second = await post_in(clerk, path, name="护林员", places=5)
    await refused(clerk, form(second, person, contract_from="2023-10-10"), "holds-post")
    few = await clerk.send("PUT", f"{POSTS}/{post['id']}", json=_terms(path, places=0), version=1)
    assert few.json()["code"] == "post-places-taken"

    await world.day("2023-11-01")
    left = await clerk.done(f"{HOLDINGS}/{held['id']}:end", {"ended_on": "2023-11-01", "reason": "other"}, version=1)
    assert (left["ended_on"], left["revision"]) == ("2023-11-01", 2)
    [(_, revision, void, data)] = await world.published(person.household_id, "PublicPostEnded")
    assert (revision, void, data["ended_on"], data["reason"]) == (2, False, "2023-11-01", "other")
    assert (await clerk.get(f"/v1/spells/{held['spell_id']}")).json()["ended_on"] == "2023-11-01"
    over = await clerk.post(f"{HOLDINGS}/{held['id']}:end", {"ended_on": ON, "reason": "other"}, version=2)
    assert over.json()["code"] == "post-holding-over"
    await clerk.done(HOLDINGS, form(post, other))
    shown = (await clerk.get(f"{POSTS}/{post['id']}")).json()
    assert (shown["places"], shown["taken"]) == (1, 1)


def _terms(path: str, **told: Any) -> dict[str, Any]:
    return {name: value for name, value in budget(path, **told).items() if name != "region"}


async def test_nobody_holds_a_post_and_works_elsewhere(clerk: Clerk, world: World) -> None:
    path = await village(world)
    post = await post_in(clerk, path, places=9)
    for job in ({"channel": "migrant"}, {"channel": "local", "place_code": "530112"}):
        person = await world.registers(somebody(path))
        spell = await clerk.done("/v1/spells", {"person": person.named, "started_on": "2023-02-01", **job})
        await refused(clerk, form(post, person), "away-at-work")
        await clerk.done(f"/v1/spells/{spell['id']}:end", {"ended_on": "2023-10-01", "reason": "returned"}, version=1)
        await clerk.done(HOLDINGS, form(post, person))
    near = await world.registers(somebody(path))
    local = {"person": near.named, "started_on": "2023-02-01", "channel": "local", "place_code": "530128"}
    await clerk.done("/v1/spells", local)
    held = await clerk.done(HOLDINGS, form(post, near))
    assert await mismatch(clerk, held) is None
    gone = {"person": near.named, "started_on": "2023-10-12", "channel": "migrant", "place_code": "440300"}
    spell = await clerk.done("/v1/spells", gone)
    assert await mismatch(clerk, held) == ("away", spell["id"])


async def mismatch(clerk: Clerk, held: dict[str, Any]) -> tuple[str, str | None] | None:
    rows = (await clerk.get("/v1/post-mismatches?page_size=500")).json()["items"]
    return next(((row["why"], row["spell_id"]) for row in rows if row["holding_id"] == held["id"]), None)


async def test_a_contract_that_is_over_or_a_job_that_ended_is_shown(clerk: Clerk, world: World) -> None:
    path = await village(world)
    person, other = await world.registers(somebody(path)), await world.registers(somebody(path))
    post = await post_in(clerk, path, places=2)
    held = await clerk.done(HOLDINGS, form(post, person, contract_to="2023-11-30"))
    lost = await clerk.done(HOLDINGS, form(post, other))
    await world.day("2023-12-01")
    await clerk.done(f"/v1/spells/{lost['spell_id']}:end", {"ended_on": "2023-11-20", "reason": "other"}, version=1)
    assert await mismatch(clerk, held) == ("contract_over", None)
    assert await mismatch(clerk, lost) == ("job_over", None)
    await clerk.done(f"{HOLDINGS}/{lost['id']}:end", {"ended_on": "2023-11-20", "reason": "other"}, version=1)
    assert await mismatch(clerk, lost) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"contract_to": "2024-10-01"}, "contract-too-long"),
        ({"contract_to": "2023-09-30"}, "day-out-of-time"),
        ({"contract_from": "2023-10-16"}, "day-out-of-time"),
        ({"contract_from": "2022-12-31", "contract_to": "2023-10-30"}, "outside-budget"),
    ],
)
async def test_a_contract_lasts_a_year_within_the_budget(
    clerk: Clerk, world: World, changed: dict[str, Any], code: str
) -> None:
    path = await village(world)
    person = await world.registers(somebody(path))
    await refused(clerk, form(await post_in(clerk, path), person, **changed), code)
    assert await told(world, person) == []


async def test_posts_are_of_the_county_and_for_registered_people(clerk: Clerk, world: World) -> None:
    here, there = await village(world), await village(world, XUNDIAN)
    post = await post_in(clerk, here, places=3)
    await refused(clerk, form(post, await world.registers(somebody(there))), "post-in-another-county")
    await refused(clerk, form(post, somebody(here)), "holder-awaited")
    county = clerk.as_(paths=("5301/530129/",))
    assert (await county.get(f"{POSTS}/{post['id']}")).status_code == 404
    outside = await county.post(POSTS, budget(here))
    assert (outside.status_code, outside.json()["code"]) == (422, "village-unknown")
    counted = {row["county"]: row for row in (await clerk.get("/v1/public-post-counts")).json()}
    assert counted["530128"]["places"] >= 3
    await clerk.done(HOLDINGS, form(post, await world.registers(somebody(here))))
    again = {row["county"]: row for row in (await clerk.get("/v1/public-post-counts")).json()}
    assert again["530128"]["taken"] == counted["530128"]["taken"] + 1
    assert Decimal(again["530128"]["monthly_pay"]) == Decimal(counted["530128"]["monthly_pay"]) + 800


def _post(**told: Any) -> Post:
    return Post(
        id=uuid7(), version=1, region="", path=LUQUAN, name="", places=1, monthly_pay=None, document="",  # type: ignore[arg-type]
        department="", **{"valid_from": date(2020, 1, 1), "valid_to": date(2031, 12, 31)} | told,
    )  # fmt: skip


_DAYS = st.dates(date(2021, 1, 1), date(2028, 12, 31))


@given(_DAYS, st.integers(0, 800), st.integers(1, 24))
def test_a_longer_contract_is_never_allowed_where_a_shorter_one_is_not(first: date, days: int, months: int) -> None:
    def allowed(length: int) -> bool:
        try:
            check_contract(_post(), first, date.fromordinal(first.toordinal() + length), months)
        except TooLong:
            return False
        return True

    assert allowed(0)
    assert not allowed(32 * months)
    assert allowed(days) or not allowed(days + 1)


@given(_DAYS, _DAYS, _DAYS, _DAYS)
def test_a_contract_lies_within_the_budget(valid_from: date, valid_to: date, first: date, last: date) -> None:
    def refusal() -> type[Refusal] | None:
        try:
            check_contract(_post(valid_from=valid_from, valid_to=valid_to), first, last, 1_000)
        except Refusal as error:
            return type(error)
        return None

    if first <= last:
        within = valid_from <= first and last <= valid_to
        assert refusal() is (None if within else OutsideBudget)
