"""A policy value takes effect by two persons; what took effect is corrected and ended by later values only."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from events.ids import uuid7
from kit.database import begin, engine
from kit.policies.refusals import NotOfItsUnit, SamePerson
from kit.policies.rules import check_second_person, check_value
from kit.policy import Confidence, PolicyValue, Unit

from .conftest import CITY, DONGCHUAN, LUQUAN, PINGSHAN, Client

RIGHTS = "notes-policy:read notes-policy:write notes-policy:approve"
MOST = {
    "name": "notes.most", "valid_from": "2024-01-01", "value": "60", "document": "某办〔2024〕1号", "clause": "第一条",
    "confidence": "official",
}  # fmt: skip


@pytest.fixture
def drafter(client: Client) -> Client:
    return client.as_(sub="drafter", scope=RIGHTS, paths=[CITY])


@pytest.fixture
def reviewer(client: Client) -> Client:
    return client.as_(sub="reviewer", scope=RIGHTS, paths=[CITY])


async def drafted(drafter: Client, **change: Any) -> Any:
    answer = await drafter.post("/v1/policy-drafts", MOST | change)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def released(reviewer: Client, draft: Any) -> Any:
    answer = await reviewer.post(f"/v1/policy-drafts/{draft['id']}:release")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def in_force(client: Client, on: str, name: str = "notes.most", path: str = CITY) -> list[str]:
    found = (await client.get("/v1/policies", params={"name": name, "on": on})).json()
    return [value["value"] for value in found if value["path"] == path]


async def test_a_value_is_released_by_a_second_person_then_corrected_then_ended(
    drafter: Client, reviewer: Client
) -> None:
    first = await drafted(drafter)
    assert (first["state"], first["unit"], first["corrects"]) == ("draft", "count", None)
    alone = await drafter.post(f"/v1/policy-drafts/{first['id']}:release")
    assert (alone.status_code, alone.json()["code"]) == (403, "policy-needs-second-person")
    assert await in_force(drafter, "2024-06-01") == []
    done = await released(reviewer, first)
    assert (done["state"], done["drafted_by"], done["decided_by"]) == ("released", "drafter", "reviewer")
    assert await in_force(drafter, "2024-06-01") == ["60.000000"]

    correction = await released(reviewer, await drafted(drafter, value="50"))
    assert correction["corrects"] == first["id"]
    assert await in_force(drafter, "2024-06-01") == ["50.000000"]
    end = await released(reviewer, await drafted(drafter, value="50", valid_to="2024-12-31"))
    assert end["corrects"] == correction["id"]
    assert await in_force(drafter, "2024-12-31") == ["50.000000"]
    assert await in_force(drafter, "2025-01-01") == []
    recorded = (await drafter.get("/v1/policies", params={"name": "notes.mo"})).json()
    assert [(value["id"], value["value"], value["corrected_by"]) for value in recorded] == [
        (first["id"], "60.000000", end["id"]),
        (correction["id"], "50.000000", end["id"]),
        (end["id"], "50.000000", None),
    ]


async def test_a_draft_that_was_overtaken_is_not_released(drafter: Client, reviewer: Client) -> None:
    early = await drafted(drafter, name="notes.fee", value="1.50")
    late = await drafted(drafter, name="notes.fee", value="2.50")
    await released(reviewer, late)
    overtaken = await reviewer.post(f"/v1/policy-drafts/{early['id']}:release")
    assert (overtaken.status_code, overtaken.json()["code"]) == (409, "policy-draft-overtaken")
    withdrawn = (await drafter.post(f"/v1/policy-drafts/{early['id']}:withdraw")).json()
    assert (withdrawn["state"], withdrawn["decided_by"]) == ("withdrawn", "drafter")
    assert await in_force(drafter, "2024-06-01", "notes.fee") == ["2.500000"]


async def test_two_who_decide_at_once_decide_once(drafter: Client, reviewer: Client) -> None:
    draft = await drafted(drafter, name="notes.share", value="0.3")
    at = f"/v1/policy-drafts/{draft['id']}"
    answers = await asyncio.gather(*(reviewer.post(f"{at}:{verb}") for verb in ("release", "release", "withdraw")))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert late.json()["code"] == "policy-draft-decided"


async def test_a_county_sets_its_own_value_and_sees_all(client: Client, drafter: Client, reviewer: Client) -> None:
    county = client.as_(sub="county", scope=RIGHTS, paths=[LUQUAN])
    draft = await drafted(county, name="notes.share", path=LUQUAN, value="0.25", valid_from="2020-01-01")
    far = client.as_(sub="far", scope=RIGHTS, paths=[DONGCHUAN])
    unseen = await far.post(f"/v1/policy-drafts/{draft['id']}:release")
    assert (unseen.status_code, unseen.json()["code"]) == (404, "policy-draft-unknown")
    assert (await far.get(f"/v1/policy-drafts/{draft['id']}")).status_code == 404
    assert draft["id"] not in {item["id"] for item in (await far.get("/v1/policy-drafts")).json()["items"]}
    await released(reviewer, draft)
    assert await in_force(far, "2020-06-01", "notes.share", LUQUAN) == ["0.250000"]
    city = await county.post("/v1/policy-drafts", MOST)
    assert (city.status_code, city.json()["code"]) == (403, "policy-out-of-area")
    village = await drafted(county, path=PINGSHAN)
    shown = (await drafter.get("/v1/policy-drafts", params={"state": "draft", "page_size": 500})).json()["items"]
    assert village["id"] in {item["id"] for item in shown}


async def test_each_verb_has_its_own_right(client: Client, drafter: Client) -> None:
    draft = await drafted(drafter)
    clerk = client.as_(sub="clerk", scope="notes-policy:read notes-policy:write", paths=[CITY])
    assert (await clerk.post(f"/v1/policy-drafts/{draft['id']}:release")).json()["code"] == "missing-right"
    reader = client.as_(sub="reader", scope="notes-policy:read", paths=[CITY])
    for path in ("/v1/policy-drafts", f"/v1/policy-drafts/{draft['id']}:withdraw"):
        assert (await reader.post(path, MOST)).json()["code"] == "missing-right"


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"name": "notes.colour"}, "unknown-policy", "/name"),
        ({"valid_to": "2023-12-31"}, "ends-before-it-begins", "/valid_to"),
        ({"path": "5301/5301"}, "bad-management-path", "/path"),
        ({"value": "2.5"}, "not-of-its-unit", "/value"),
        ({"value": "1000001"}, "not-of-its-unit", "/value"),
        ({"value": "-1"}, None, "/value"),
        ({"value": "NaN"}, None, "/value"),
        ({"colour": "red"}, None, "/colour"),
    ],
)
async def test_bad_drafts_are_refused(
    drafter: Client, change: dict[str, Any], code: str | None, pointer: str | None
) -> None:
    answer = await drafter.post("/v1/policy-drafts", MOST | change)
    assert answer.status_code == 422
    assert code in (None, answer.json()["code"])
    assert pointer in (None, answer.json()["errors"][0]["pointer"])


async def test_what_is_not_asked_for_rightly_is_refused(drafter: Client) -> None:
    assert (await drafter.get("/v1/policies?colour=red")).status_code == 422
    assert (await drafter.get("/v1/policy-drafts?state=gone")).status_code == 422
    assert (await drafter.post(f"/v1/policy-drafts/{uuid4()}:release")).json()["code"] == "policy-draft-unknown"


async def test_drafts_come_in_pages(drafter: Client) -> None:
    made = [(await drafted(drafter))["id"] for _ in range(3)]
    seen: list[str] = []
    query = {"state": "draft", "page_size": 2}
    while True:
        page = (await drafter.get("/v1/policy-drafts", params=query)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_page_token"] is None:
            break
        query["page_token"] = page["next_page_token"]
    assert [id_ for id_ in seen if id_ in made] == sorted(made)
    assert len(set(seen)) == len(seen)


async def test_each_decision_leaves_an_audit_row(drafter: Client, reviewer: Client, rows: Any) -> None:
    draft = await released(reviewer, await drafted(drafter, valid_from="2019-01-01"))
    found = await rows(
        f"SELECT subject, action FROM audit_log WHERE entity_id = '{draft['id']}' OR"
        " (action = 'draft_policy' AND entity = 'policy-drafts') ORDER BY id DESC LIMIT 2"
    )
    assert [tuple(row) for row in found] == [("reviewer", "release_policy_draft"), ("drafter", "draft_policy")]


async def test_the_database_lets_nobody_change_a_value_or_release_alone(database: Any) -> None:
    held = engine(database.app)
    for statement, refused in (
        ("UPDATE policy_values SET value = 1", "permission denied"),
        ("DELETE FROM policy_values", "permission denied"),
    ):
        with pytest.raises(ProgrammingError, match=refused):
            async with begin(held, [CITY]) as tx:
                await tx.execute(text(statement))
    with pytest.raises(Exception, match="two_persons"):
        async with begin(held, [CITY]) as tx:
            await tx.execute(
                text(
                    "INSERT INTO policy_drafts (id, state, name, path, valid_from, value, document, clause, confidence,"
                    " drafted_by, decided_by)"
                    " VALUES (:id, 'released', 'notes.most', '5301/', '2024-01-01', 1, 'd', 'c', 'demo', 'a', 'a')"
                ),
                {"id": uuid7()},
            )
    await held.dispose()


def test_two_persons_are_two_accounts() -> None:
    check_second_person("a", "b")
    with pytest.raises(SamePerson):
        check_second_person("a", "a")


def value(unit_of: Unit, number: Decimal) -> PolicyValue:
    return PolicyValue(
        id=uuid7(), name=unit_of.value, path=CITY, valid_from=date(2024, 1, 1), valid_to=None, value=number,
        document="某办〔2024〕1号", clause="第一条", confidence=Confidence.OFFICIAL,
    )  # fmt: skip


UNITS = {unit.value: unit for unit in Unit}


@pytest.mark.parametrize(
    ("unit", "fits", "does_not"),
    [
        (Unit.YUAN, "50000.25", "0.005"),
        (Unit.SHARE, "0.1250", "1.01"),
        (Unit.PERCENT, "3.65", "100.5"),
        (Unit.HOURS, "24.00", "0.5"),
        (Unit.DAYS, "15.00", "10001"),
        (Unit.DAY_OF_MONTH, "15", "32"),
        (Unit.MONTHS, "36", "1.5"),
        (Unit.YEARS, "65", "151"),
        (Unit.COUNT, "0", "0.1"),
        (Unit.FLAG, "1", "2"),
    ],
)
def test_a_number_is_one_of_its_unit(unit: Unit, fits: str, does_not: str) -> None:
    check_value(value(unit, Decimal(fits)), UNITS, places=4)
    with pytest.raises(NotOfItsUnit):
        check_value(value(unit, Decimal(does_not)), UNITS, places=4)


def test_a_service_that_carries_two_places_takes_no_more() -> None:
    check_value(value(Unit.SHARE, Decimal("0.12")), UNITS, places=2)
    with pytest.raises(NotOfItsUnit):
        check_value(value(Unit.SHARE, Decimal("0.125")), UNITS, places=2)


@given(st.sampled_from(Unit), st.decimals(allow_nan=False, allow_infinity=False))
def test_whatever_passes_can_be_read_by_rules_and_carried_by_the_column(unit: Unit, number: Decimal) -> None:
    try:
        check_value(value(unit, number), UNITS, places=4)
    except NotOfItsUnit:
        return
    assert 0 <= number <= 10**9
    assert number == round(number, 4)
