"""Credit lines, and who has one but no loan."""

from decimal import Decimal

from finance_bank import applied, lent, rated

from directory.testing import XUNDIAN, World, somebody
from kit.testing import Clerk

PLACE = "5301/530129/"


async def test_a_rating_is_told_corrected_and_taken_back(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    rating = await rated(clerk, person)
    assert (await rated(clerk, person))["id"] == rating["id"]
    other = await clerk.post(
        "/v1/ratings",
        {"person": person.named, "grade": "A", "credit_line": "30000.00", "rated_on": "2022-08-25"},
    )
    assert (other.status_code, other.json()["code"]) == (409, "rating-known")
    at = f"/v1/ratings/{rating['id']}"
    changed = (await clerk.patch(at, {"grade": "A", "credit_line": "30000.00"}, version=1)).json()
    assert (changed["credit_line"], changed["version"]) == ("30000.00", 2)
    assert (await clerk.done(f"{at}:void", version=2))["void"]
    told = [
        (revision, void, data["credit_line"])
        for _, revision, void, data in await world.published(person.household_id, "CreditRated")
    ]
    assert told == [(1, False, "50000.00"), (2, False, "30000.00"), (3, True, "30000.00")]
    late = await clerk.post(f"{at}:void", version=3)
    assert (late.status_code, late.json()["code"]) == (409, "voided")
    future = await clerk.post(
        "/v1/ratings",
        {"person": person.named, "grade": "A", "credit_line": "30000.00", "rated_on": "2022-09-21"},
    )
    assert (future.status_code, future.json()["code"]) == (422, "in-the-future")


async def test_whom_a_bank_rated_before_the_registration_is_found(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = somebody()
    rating = await rated(clerk, person)
    assert not rating["matched"]
    await world.registers(person)
    [(_, revision, _, data)] = await world.published(person.household_id, "CreditRated")
    assert (revision, data["person_id"]) == (2, str(person.id))


async def test_rated_households_without_a_loan_are_listed_reached_and_counted(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    county = clerk.as_(paths=[PLACE])
    before = (await county.get("/v1/credit-summary")).json()
    people = [await world.registers(somebody(XUNDIAN)) for _ in range(4)]
    for person in people:
        await rated(clerk, person)
    wants, wants_none, applies, borrows = people
    listed = await _all(county)
    assert {str(person.household_id) for person in people} <= set(listed)
    assert listed == sorted(listed)
    await applied(clerk, applies)
    await lent(clerk, borrows)
    left = await _all(county)
    assert {str(wants.household_id), str(wants_none.household_id)} <= set(left)
    assert not {str(applies.household_id), str(borrows.household_id)} & set(left)
    at = f"/v1/unborrowed-households/{wants.household_id}:contact"
    said = {"status": "wants_loan", "contacted_on": "2022-09-20"}
    assert (await county.done(at, said, version=0))["version"] == 1
    assert (await county.post(at, said, version=0)).status_code == 412
    at = f"/v1/unborrowed-households/{wants_none.household_id}:contact"
    await county.done(at, {"status": "wants_none", "contacted_on": "2022-09-19"}, version=0)
    wanting = (await county.get("/v1/unborrowed-households?status=wants_loan")).json()["items"]
    assert [item["household_id"] for item in wanting] == [str(wants.household_id)]
    summary = (await county.get("/v1/credit-summary")).json()
    assert summary["rated"] - before["rated"] == 4
    assert summary["borrowed"] - before["borrowed"] == 2
    assert (summary["unborrowed"]["wants_loan"], summary["unborrowed"]["wants_none"]) == (1, 1)
    assert summary["target"] == 50_000
    assert (await clerk.as_(paths=["5301/530114/"]).get("/v1/unborrowed-households")).json()["items"] == []
    gone = await county.post(
        f"/v1/unborrowed-households/{borrows.household_id}:contact",
        {"status": "contacted", "contacted_on": "2022-09-20"},
        version=0,
    )
    assert (gone.status_code, gone.json()["code"]) == (404, "not-rated")


async def _all(clerk: Clerk) -> list[str]:
    """The whole list, two at a time."""
    found: list[str] = []
    token = ""
    while True:
        page = (await clerk.get(f"/v1/unborrowed-households?page_size=2{token}")).json()
        found += [item["household_id"] for item in page["items"]]
        if page["next_page_token"] is None:
            return found
        token = f"&page_token={page['next_page_token']}"


async def test_the_latest_rating_counts(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    await rated(clerk, person, credit_line="80000.00", rated_on="2022-09-01")
    await rated(clerk, person, credit_line="20000.00", rated_on="2022-03-01")
    ask = {
        "household": {"person": person.named}, "product": "petty_loan", "amount": "80000.00", "months": 12,
        "use": "production", "annual_rate": "3.65",
    }  # fmt: skip
    answer = await clerk.done("/v1/eligibility", ask)
    assert answer["verdict"] == "eligible"
    assert Decimal(answer["subsidised"]) == Decimal(50_000)
    assert (await clerk.done("/v1/eligibility", {**ask, "amount": "80000.01"}))["verdict"] == "not_eligible"
