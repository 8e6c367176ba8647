"""Market entities, their links to households, and what they pay: in the statement, for the months it is for."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.entities.rules import BenefitMonths, BenefitOutsideLink, check_months
from income.months import Month
from kit.testing import credit_code

from .conftest import COPPER, DONGCHUAN, LUQUAN, PINGSHAN, Clerk, Database, People

_serials = count(7_000)

FIGURE = {
    "window_from": "2022-06-01",
    "window_to": "2023-05-31",
    "purpose": "official_year",
    "source": "survey",
    "wage": "24000.00",
    "business": "0.00",
    "property": "600.00",
    "transfer": "0.00",
    "business_cost": "0.00",
    "persons": 2,
}


def _entity(**told: Any) -> dict[str, Any]:
    return {
        "kind": "cooperative",
        "name": "屏山种植专业合作社",
        "credit_code": credit_code(next(_serials)),
        "region_code": PINGSHAN,
        **told,
    }


def _link(home: dict[str, Any], **told: Any) -> dict[str, Any]:
    return {
        "household_id": home["id"],
        "mode": "land_transfer",
        "contract": "HT-2023-1",
        "signed_on": "2023-05-20",
        "starts_on": "2023-06-01",
        "ends_on": "2028-05-31",
        **told,
    }


def _line(link: dict[str, Any], amount: str = "600.00", **told: Any) -> dict[str, Any]:
    return {
        "link_id": link["id"],
        "benefit": "rent",
        "amount": amount,
        "first_month": "2023-06",
        "last_month": "2024-05",
        **told,
    }


async def _linked(clerk: Clerk, people: People) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    home = await clerk.made("/v1/households", people.household())
    entity = await clerk.made("/v1/entities", _entity())
    [link] = await _many(clerk, f"/v1/entities/{entity['id']}/interest-links", {"links": [_link(home)]})
    return home, entity, link


async def _many(clerk: Clerk, path: str, body: Any) -> list[dict[str, Any]]:
    answer = await clerk.post(path, body)
    assert answer.status_code == 201, answer.text
    return list(answer.json())


async def _pay(clerk: Clerk, entity: dict[str, Any], *lines: dict[str, Any], reference: str = "FK-1") -> Any:
    body = {"reference": reference, "paid_on": "2024-05-20", "lines": list(lines)}
    return await clerk.post(f"/v1/entities/{entity['id']}/benefits", body)


async def test_an_entity_is_registered_once_read_by_all_and_changed_at_home(clerk: Clerk, db: Database) -> None:
    body = _entity()
    entity = await clerk.made("/v1/entities", body)
    again = await clerk.post("/v1/entities", body)
    assert (again.status_code, again.json()["id"]) == (200, entity["id"])
    other = await clerk.post("/v1/entities", body | {"name": "另一个名称"})
    assert (other.status_code, other.json()["code"]) == (409, "entity-known")
    code = body["credit_code"]
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    refused = await clerk.post("/v1/entities", body | {"credit_code": wrong})
    assert (refused.status_code, refused.json()["code"]) == (422, "credit-code-checksum")
    assert wrong not in refused.text

    stranger = clerk.of(DONGCHUAN)
    elsewhere = await stranger.post("/v1/entities", _entity())
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "region-unknown")
    path = f"/v1/entities/{entity['id']}"
    assert (await stranger.get(path)).status_code == 200
    theirs = await stranger.send("PATCH", path, json={"name": "改名"}, version=1)
    assert (theirs.status_code, theirs.json()["code"]) == (403, "entity-elsewhere")

    assert (await clerk.send("PATCH", path, json={"name": "改名"})).status_code == 428
    renamed = await clerk.send("PATCH", path, json={"kind": "leading_enterprise"}, version=1)
    assert (renamed.status_code, renamed.json()["kind"], renamed.headers["etag"]) == (200, "leading_enterprise", '"2"')
    assert (await clerk.post(f"{path}:close", version=1)).status_code == 412
    closed = await clerk.post(f"{path}:close", version=2)
    assert closed.json()["closed"] is True
    anew = await clerk.post("/v1/entities", body)
    assert (anew.status_code, anew.json()["id"] != entity["id"]) == (201, True)
    told = [(e["name"], e["revision"], e["data"]["kind"], e["data"]["closed"]) for e in await db.events(entity["id"])]
    assert told == [
        ("EntityRegistered", 1, "cooperative", False),
        ("EntityUpdated", 2, "leading_enterprise", False),
        ("EntityUpdated", 3, "leading_enterprise", True),
    ]


async def test_entities_are_listed_below_a_path_in_pages_and_found_by_name(clerk: Clerk) -> None:
    name = f"林场观光{uuid4().hex[:6]}"
    made = [await clerk.made("/v1/entities", _entity(kind="tourism", name=name, region_code=COPPER)) for _ in range(3)]
    pages = []
    query = f"/v1/entities?kind=tourism&path={DONGCHUAN}&page_size=2"
    answer = (await clerk.get(query)).json()
    while True:
        pages.append([item["id"] for item in answer["items"]])
        if answer["next_page_token"] is None:
            break
        answer = (await clerk.get(f"{query}&page_token={answer['next_page_token']}")).json()
    assert [id_ for page in pages for id_ in page] == [entity["id"] for entity in made]
    assert len(pages) == 2
    elsewhere = (await clerk.get(f"/v1/entities?kind=tourism&path={LUQUAN}&page_size=200")).json()["items"]
    assert not {entity["id"] for entity in made} & {item["id"] for item in elsewhere}
    found = (await clerk.post("/v1/entities:search", {"words": name[2:]})).json()
    assert {row["id"] for row in found} == {entity["id"] for entity in made}
    [one] = (await clerk.post("/v1/entities:search", {"words": made[1]["credit_code"]})).json()
    assert one["id"] == made[1]["id"]
    assert (await clerk.get("/v1/entities?town=1")).status_code == 422


async def test_ten_modes_stand_unverified_and_the_city_edits_them(clerk: Clerk, people: People) -> None:
    modes = {mode["code"]: mode for mode in (await clerk.get("/v1/interest-modes")).json()}
    assert len(modes) >= 10
    assert modes["asset_lease"]["confidence"] == "unverified"
    terms = {"name": "资产入股", "document": "昆农通〔2023〕1 号", "confidence": "reported"}
    theirs = await clerk.of(LUQUAN).post("/v1/interest-modes", terms | {"code": "asset_share"})
    assert (theirs.status_code, theirs.json()["code"]) == (403, "modes-of-the-city")
    await clerk.made("/v1/interest-modes", terms | {"code": "asset_share"})
    twice = await clerk.post("/v1/interest-modes", terms | {"code": "asset_share"})
    assert twice.json()["code"] == "interest-mode-known"
    gone = await clerk.send("PUT", "/v1/interest-modes/asset_share", json=terms | {"active": False}, version=1)
    assert (gone.status_code, gone.json()["version"]) == (200, 2)
    home = await clerk.made("/v1/households", people.household())
    entity = await clerk.made("/v1/entities", _entity())
    path = f"/v1/entities/{entity['id']}/interest-links"
    for mode in ("asset_share", "never_heard_of"):
        refused = await clerk.post(path, {"links": [_link(home, mode=mode)]})
        assert (refused.status_code, refused.json()["code"]) == (422, "interest-mode-not-offered")
        assert refused.json()["errors"][0]["pointer"] == "/links/0/mode"


async def test_households_are_linked_whole_or_not_at_all(clerk: Clerk, people: People, db: Database) -> None:
    homes = [await clerk.made("/v1/households", people.household()) for _ in range(2)]
    entity = await clerk.made("/v1/entities", _entity())
    path = f"/v1/entities/{entity['id']}/interest-links"
    before = await db.count()
    broken = await clerk.post(path, {"links": [_link(homes[0]), _link(homes[1], ends_on="2023-05-31")]})
    assert (broken.status_code, broken.json()["code"]) == (422, "link-dates")
    assert broken.json()["errors"][0]["pointer"] == "/links/1/ends_on"
    early = await clerk.post(path, {"links": [_link(homes[0], signed_on="2999-01-01")]})
    assert early.json()["code"] == "in-future"
    nobody = await clerk.of(DONGCHUAN).post(path, {"links": [_link(homes[0])]})
    assert nobody.json()["code"] == "household-unknown"
    assert await db.count() == before

    links = await _many(clerk, path, {"links": [_link(home) for home in homes]})
    again = await _many(clerk, path, {"links": [_link(home) for home in homes]})
    assert again == links
    other = await clerk.post(path, {"links": [_link(homes[0], mode="employment")]})
    assert other.json()["code"] == "link-stands"
    assert await db.count() == before + 2
    found = (await clerk.get(f"{path}?page_size=1")).json()
    assert (len(found["items"]), found["next_page_token"] is not None) == (1, True)

    one = f"/v1/interest-links/{links[0]['id']}"
    end = {"ended_on": "2024-03-01", "reason": "household"}
    assert (await clerk.post(f"{one}:end", end | {"ended_on": "2023-05-31"}, version=1)).json()["code"] == "link-dates"
    ended = await clerk.post(f"{one}:end", end, version=1)
    assert (ended.json()["ended_on"], ended.json()["reason"]) == ("2024-03-01", "household")
    assert (await clerk.post(f"{one}:end", end, version=2)).json()["code"] == "link-over"
    told = [(e["name"], e["revision"], e["fact_id"]) for e in await db.events(homes[0]["id"]) if "Link" in e["name"]]
    fact = UUID(links[0]["id"])
    assert told == [("InterestLinkSigned", 1, fact), ("InterestLinkEnded", 2, fact)]
    second = f"/v1/interest-links/{links[1]['id']}"
    assert (await clerk.post(f"{second}:void", version=1)).json()["void"] is True
    [again] = await _many(clerk, path, {"links": [_link(homes[1], mode="employment")]})
    assert (again["id"], again["revision"], again["mode"]) == (links[1]["id"], 3, "employment")
    theirs = (await clerk.get(f"/v1/households/{homes[1]['id']}/interest-links")).json()
    assert [link["id"] for link in theirs] == [links[1]["id"]]
    assert (await clerk.of(DONGCHUAN).get(one)).status_code == 404


async def test_rent_of_a_year_paid_at_once_is_counted_once_beside_the_survey(
    clerk: Clerk, people: People, db: Database
) -> None:
    home, entity, link = await _linked(clerk, people)
    await clerk.made(f"/v1/households/{home['id']}/income-figures", FIGURE)
    statement = f"/v1/households/{home['id']}/income-statement?on=2024-06-15"
    answer = await _pay(clerk, entity, _line(link))
    assert answer.status_code == 201, answer.text
    [benefit] = answer.json()
    told = (await clerk.get(statement)).json()
    assert told["rolling"]["by_kind"]["property"] == "600.00", "the year's rent and the carried year are the same money"
    [payment] = told["payments"]
    assert (payment["kind"], payment["month"], payment["last_month"], payment["amount"], payment["source"]) == (
        "property", "2023-06", "2024-05", "600.00", "households",
    )  # fmt: skip
    assert (await _pay(clerk, entity, _line(link))).json() == [benefit], "the same voucher again changes nothing"
    differing = await _pay(clerk, entity, _line(link, "601.00"))
    assert (differing.status_code, differing.json()["code"]) == (409, "benefit-stands")

    path = f"/v1/benefits/{benefit['id']}"
    terms = {"amount": "1200.00", "first_month": "2023-06", "last_month": "2024-05"}
    more = await clerk.send("PUT", path, json=terms, version=1)
    assert (more.status_code, more.json()["revision"]) == (200, 2)
    assert (await clerk.get(statement)).json()["rolling"]["by_kind"]["property"] == "1200.00"
    gone = await clerk.post(f"{path}:void", version=2)
    assert gone.json()["void"] is True
    after = (await clerk.get(statement)).json()
    assert (after["payments"], after["rolling"]["by_kind"]["property"]) == ([], "600.00")
    assert (await clerk.send("PUT", path, json=terms, version=3)).json()["code"] == "benefit-void"
    assert (await _pay(clerk, entity, _line(link))).json()["code"] == "benefit-stands"

    events = await db.events(home["id"], "BenefitPaid")
    assert [(e["revision"], e["void"], e["data"]["amount"]) for e in events] == [
        (1, False, "600.00"), (2, False, "1200.00"), (3, True, "1200.00"),
    ]  # fmt: skip
    assert {e["fact_id"] for e in events} == {UUID(benefit["id"])}
    assert events[0]["data"]["first_month"] == "2023-06"
    ranked = (await clerk.of(LUQUAN).get("/v1/entity-ranking?on=2024-06-15&limit=200")).json()
    assert {"households": 1, "paid": "0.00"} in [
        {name: row[name] for name in ("households", "paid")} for row in ranked if row["entity_id"] == entity["id"]
    ]


async def test_payments_that_cannot_be_are_refused_and_leave_nothing(
    clerk: Clerk, people: People, db: Database
) -> None:
    _, entity, link = await _linked(clerk, people)
    _, _, foreign = await _linked(clerk, people)
    before = await db.count()
    for line, code in (
        (_line(link, last_month="2023-05"), "benefit-months"),
        (_line(link, last_month="2033-06"), "benefit-months"),
        (_line(link, first_month="2023-05"), "benefit-outside-link"),
        (_line(link, "0.00"), None),
        (_line(link, "1.001"), None),
        (_line(link, first_month="2023-13"), None),
        (_line(foreign), "link-elsewhere"),
        (_line({"id": str(uuid4())}), "link-elsewhere"),
    ):
        answer = await _pay(clerk, entity, _line(link, "5.00", benefit="dividend"), line)
        assert answer.status_code == 422, line
        assert code is None or (answer.json()["code"], answer.json()["errors"][0]["pointer"][:8]) == (code, "/lines/1")
    twice = await _pay(clerk, entity, _line(link), _line(link))
    assert twice.json()["code"] == "named-twice"
    assert (await _pay(clerk.of(DONGCHUAN), entity, _line(link))).json()["code"] == "link-elsewhere"
    assert await db.count() == before
    await _pay(clerk, entity, _line(link))
    assert (await clerk.post(f"/v1/interest-links/{link['id']}:void", version=1)).json()["code"] == "link-paid"


async def test_money_of_a_merged_household_is_of_the_one_that_stands(clerk: Clerk, people: People) -> None:
    home, entity, link = await _linked(clerk, people)
    other = await clerk.made("/v1/households", people.household())
    places = [{"person_id": member["id"], "relation": "其他"} for member in home["members"]]
    body = {"into_household_id": other["id"], "on": "2024-05-01", "members": places}
    await clerk.made(f"/v1/households/{home['id']}:merge", body, version=1)
    [benefit] = (await _pay(clerk, entity, _line(link))).json()
    assert benefit["household_id"] == other["id"]
    told = (await clerk.get(f"/v1/households/{other['id']}/income-statement?on=2024-06-15")).json()
    assert [payment["amount"] for payment in told["payments"]] == ["600.00"]
    [shown] = (await clerk.get(f"/v1/households/{other['id']}/interest-links")).json()
    assert shown["id"] == link["id"]


_MONTHS = st.builds(Month, st.integers(2015, 2040), st.integers(1, 12))


@given(_MONTHS, _MONTHS, _MONTHS, st.none() | _MONTHS)
def test_months_are_taken_exactly_where_they_lie_within_the_link(
    first: Month, last: Month, starts: Month, ends: Month | None
) -> None:
    span = last.ordinal - first.ordinal
    fits = 0 <= span < 120 and starts <= first and (ends is None or last <= ends)
    told = {"starts_on": starts.last_day, "ended_on": ends and ends.first_day}
    if fits:
        check_months(str(first), str(last), **told)
    else:
        with pytest.raises((BenefitMonths, BenefitOutsideLink)):
            check_months(str(first), str(last), **told)
