"""The preference list: by a rule that two persons published, entities enter and leave as the business date moves."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import RSAKey
from sqlalchemy.ext.asyncio import AsyncEngine

from households.preferences.rules import HOUSEHOLDS_LEAST, PAID_LEAST, Pulls, Threshold, judge
from households.preferences.runner import PreferenceList
from kit.policy_book import Confidence, PolicyValue
from kit.testing import Clerk as Office
from kit.testing import credit_code

from .conftest import Clerk, Database, People

_serials = count(43_000)
VILLAGE, TOWN = "530128107201", "5301/530128/530128107/"
RIGHTS = "households-policy:read households-policy:write households-policy:approve"


@pytest.fixture
async def office(app: FastAPI, signer: RSAKey) -> AsyncIterator[Office]:
    held = Office.before(app, rights=RIGHTS, signer=signer)
    yield held
    await held.http.aclose()


async def today(clerk: Clerk) -> date:
    return date.fromisoformat((await clerk.get("/v1/business-date")).json()["business_date"])


async def reviewed(clerk: Clerk, engine: AsyncEngine) -> str:
    """The next day comes, and every day gets its list, one entity per transaction; gives the day."""
    day = (await today(clerk) + timedelta(days=1)).isoformat()
    await clerk.made("/v1/business-date:advance", {"to": day})
    async with asyncio.timeout(60):
        while await PreferenceList(engine, at_once=1).turn():
            pass
    return day


async def listed(clerk: Clerk, on: str, path: str = TOWN) -> list[str]:
    answer = await clerk.get("/v1/preference-list", params={"path": path, "on": on})
    assert answer.status_code == 200, answer.text
    return sorted(row["entity_id"] for row in answer.json()["items"])


async def pulling(clerk: Clerk, people: People, households: int, amount: str) -> dict[str, Any]:
    """An entity that pays an amount to each of some households, the day before."""
    body = {"kind": "cooperative", "name": "合作社", "region_code": VILLAGE, "credit_code": credit_code(next(_serials))}
    entity = await clerk.made("/v1/entities", body)
    since = (await today(clerk)).isoformat()
    homes = [await clerk.made("/v1/households", people.household(region=VILLAGE)) for _ in range(households)]
    links = [
        {
            "household_id": home["id"],
            "mode": "share_dividend",
            "contract": "HT-1",
            "signed_on": since,
            "starts_on": since,
        }
        for home in homes
    ]
    path = f"/v1/entities/{entity['id']}"
    made = (await clerk.post(f"{path}/interest-links", {"links": links})).json()
    month = {"benefit": "dividend", "amount": amount, "first_month": since[:7], "last_month": since[:7]}
    lines = [{"link_id": link["id"], **month} for link in made]
    paid = await clerk.post(f"{path}/benefits", {"reference": "FK-1", "paid_on": since, "lines": lines})
    assert paid.status_code == 201, paid.text
    return {**entity, "links": made}


async def test_entities_enter_by_the_published_rule_and_leave_when_they_no_longer_reach_it(
    clerk: Clerk, people: People, db: Database, office: Office, worker_engine: AsyncEngine
) -> None:
    strong, weak = await pulling(clerk, people, 3, "2000.00"), await pulling(clerk, people, 1, "9000.00")
    day = await reviewed(clerk, worker_engine)
    assert await listed(clerk, day) == [], "no rule is published, so nobody is preferred"
    assert (await clerk.get("/v1/preference-rule", params={"path": TOWN})).json() == {"households": None, "paid": None}

    rule = {
        "path": TOWN, "valid_from": day, "document": "禄农发〔2024〕16号", "clause": "第二条", "confidence": "official",
    }  # fmt: skip
    await office.sets(rule | {"name": HOUSEHOLDS_LEAST, "value": "2"})
    day = await reviewed(clerk, worker_engine)
    assert await listed(clerk, day) == [], "half a rule is none"
    await office.sets(rule | {"name": PAID_LEAST, "value": "6000"})
    shown = (await clerk.get("/v1/preference-rule", params={"path": TOWN})).json()
    assert (float(shown["households"]["value"]), shown["paid"]["document"]) == (2, "禄农发〔2024〕16号")
    entered = await reviewed(clerk, worker_engine)
    assert await listed(clerk, entered) == [strong["id"]]
    assert await listed(clerk, day) == []
    assert await listed(clerk, entered, "5301/530113/") == []
    [stay] = (await clerk.get(f"/v1/entities/{strong['id']}/preferences")).json()
    assert (stay["households"], stay["paid"], len(stay["policy_ids"])) == (3, "6000.00", 2)
    assert (await clerk.get(f"/v1/entities/{weak['id']}/preferences")).json() == []

    for link in strong["links"][:2]:
        ending = {"ended_on": entered, "reason": "agreed"}
        assert (await clerk.post(f"/v1/interest-links/{link['id']}:end", ending, version=1)).status_code == 200
    left = await reviewed(clerk, worker_engine)
    assert await listed(clerk, left) == []
    assert await listed(clerk, entered) == [strong["id"]], "it was in the list that day"
    [stay] = (await clerk.get(f"/v1/entities/{strong['id']}/preferences")).json()
    assert (stay["delisted_on"], stay["reason"], stay["revision"]) == (left, "below", 2)
    told = [event for event in await db.events(strong["id"]) if event["name"].startswith("Preference")]
    assert [(event["name"], event["revision"]) for event in told] == [
        ("PreferenceListed", 1), ("PreferenceDelisted", 2),
    ]  # fmt: skip
    assert told[0]["fact_id"] == told[1]["fact_id"] == UUID(stay["id"])


async def test_who_closes_leaves_the_list_and_no_day_is_left_out(
    clerk: Clerk, people: People, db: Database, office: Office, worker_engine: AsyncEngine
) -> None:
    village = f"{TOWN}{VILLAGE}/"
    pair = [await pulling(clerk, people, 1, "500.00") for _ in range(2)]
    start = (await today(clerk)).isoformat()
    rule = {"path": village, "valid_from": start, "document": "村〔2024〕1号", "clause": "1", "confidence": "demo"}
    await office.sets(rule | {"name": HOUSEHOLDS_LEAST, "value": "1"})
    await office.sets(rule | {"name": PAID_LEAST, "value": "500"})
    entered = await reviewed(clerk, worker_engine)
    assert {entity["id"] for entity in pair} <= set(await listed(clerk, entered))
    closed = await clerk.post(f"/v1/entities/{pair[0]['id']}:close", version=1)
    assert closed.status_code == 200
    left = await reviewed(clerk, worker_engine)
    assert pair[0]["id"] not in await listed(clerk, left)
    [stay] = (await clerk.get(f"/v1/entities/{pair[0]['id']}/preferences")).json()
    assert (stay["delisted_on"], stay["reason"]) == (left, "closed")
    days = [row.reviewed_on for row in await db.rows("SELECT reviewed_on FROM preference_reviews ORDER BY 1")]
    assert days == [days[0] + timedelta(days=step) for step in range(len(days))]
    assert days[-1].isoformat() == left
    assert not await PreferenceList(worker_engine).turn(), "every day has its list"


def _value(number: Decimal) -> PolicyValue:
    return PolicyValue(
        id=uuid4(), name="x", path="5301/", valid_from=date(2024, 1, 1), valid_to=None, value=number, document="",
        clause="", confidence=Confidence.DEMO,
    )  # fmt: skip


_LEAST = st.none() | st.decimals(0, 100, places=0)


@given(_LEAST, _LEAST, st.integers(0, 100), st.decimals(0, 100, places=2))
def test_only_both_thresholds_together_prefer_anybody(
    least: Decimal | None, most: Decimal | None, households: int, paid: Decimal
) -> None:
    rule = Threshold(households=None if least is None else _value(least), paid=None if most is None else _value(most))
    state = judge(rule, households=households, paid=paid)
    if least is None or most is None:
        assert state is Pulls.NO_RULE
    else:
        assert (state is Pulls.ENOUGH) == (households >= least and paid >= most)
