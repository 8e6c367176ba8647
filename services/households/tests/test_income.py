"""Figures, their corrections, and the statement that sets them beside what departments paid."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from events.catalog.employment import WagePaid
from events.catalog.finance import ClaimPaid, TransferPaid, TransferReturned, TransferReturnReason
from events.catalog.procurement import HouseholdSalePaid, PurchasePurpose
from events.ids import uuid7
from events.received import Received
from events.testing import received
from households.worker import HANDLERS
from kit.database import begin

from .conftest import DONGCHUAN, Clerk, Database, People

GOLDEN = {
    "window_from": "2022-10-01",
    "window_to": "2023-09-30",
    "purpose": "official_year",
    "source": "national_export",
    "wage": "24000.00",
    "business": "18000.00",
    "property": "800.00",
    "transfer": "5000.00",
    "business_cost": "6000.00",
    "persons": 4,
    "parts": {"pension": "1800.00", "living_allowance": "3200.00", "asset_dividend": "800.00"},
    "evidence": "2023 年度采集表",
}


async def _home(clerk: Clerk, people: People, size: int = 4) -> dict[str, Any]:
    members = [people.person(), *(people.person("之子") for _ in range(size - 1))]
    return await clerk.made("/v1/households", people.household(*members))


async def test_golden_figure_gives_10450_per_head(clerk: Clerk, people: People, db: Database) -> None:
    home = await _home(clerk, people)
    figure = await clerk.made(f"/v1/households/{home['id']}/income-figures", GOLDEN)
    assert (figure["per_head"], figure["revision"], figure["collector"]) == ("10450.00", 1, "clerk")
    [event] = await db.events(home["id"], "IncomeRecorded")
    assert (event["fact_id"], event["revision"]) == (UUID(figure["fact_id"]), 1)
    assert event["data"]["business_cost"] == "6000.00"
    assert "evidence" not in event["data"]

    statement = (await clerk.get(f"/v1/households/{home['id']}/income-statement?on=2023-10-15")).json()
    for income in (statement["rolling"], statement["official"]):
        assert income["per_head"] == "10450.00"
        assert (income["window_from"], income["window_to"]) == ("2022-10-01", "2023-09-30")
        assert income["sources"] == {"national_export": "2023-09-30"}
    assert statement["figures"][0]["fact_id"] == figure["fact_id"]


async def test_silent_month_is_carried_and_no_figure_is_unknown(clerk: Clerk, people: People) -> None:
    home = await _home(clerk, people)
    path = f"/v1/households/{home['id']}/income-statement"
    nothing = (await clerk.get(f"{path}?on=2023-10-15")).json()["rolling"]
    assert nothing["per_head"] is None
    assert nothing["by_kind"]["wage"] is None
    await clerk.made(f"/v1/households/{home['id']}/income-figures", GOLDEN)
    later = (await clerk.get(f"{path}?on=2024-03-01")).json()["rolling"]
    assert later["per_head"] == "10450.00"
    assert {cell["basis"] for cell in later["months"]} == {"carried"}


async def test_statement_is_of_the_business_date_unless_told(clerk: Clerk, people: People) -> None:
    home = await _home(clerk, people)
    today = (await clerk.get("/v1/business-date")).json()["business_date"]
    assert (await clerk.get(f"/v1/households/{home['id']}/income-statement")).json()["on"] == today
    staff = await clerk.get("/v1/staff-assignments?path=5301/")
    assert staff.status_code == 200


async def test_correction_is_the_next_revision(clerk: Clerk, people: People, db: Database) -> None:
    home = await _home(clerk, people)
    path = f"/v1/households/{home['id']}/income-figures"
    figure = await clerk.made(path, GOLDEN)
    twice = await clerk.post(path, GOLDEN | {"wage": "1.00"})
    assert (twice.status_code, twice.json()["code"]) == (409, "figure-stands")

    one = f"/v1/income-figures/{figure['fact_id']}"
    told = {
        name: value for name, value in GOLDEN.items() if name not in ("window_from", "window_to", "purpose", "source")
    }
    assert (await clerk.send("PUT", one, json=told)).status_code == 428
    better = await clerk.send("PUT", one, version=1, json=told | {"wage": "28000.00"})
    assert (better.json()["revision"], better.json()["per_head"]) == (2, "11450.00")
    assert (await clerk.send("PUT", one, version=1, json=told)).status_code == 412
    same = await clerk.send("PUT", one, version=2, json=told | {"wage": "28000.00"})
    assert same.json()["revision"] == 2
    gone = await clerk.post(f"{one}:void", version=2)
    assert (gone.json()["revision"], gone.json()["void"]) == (3, True)
    assert (await clerk.send("PUT", one, version=3, json=told)).json()["code"] == "figure-void"
    anew = await clerk.made(path, GOLDEN)
    assert (anew["fact_id"], anew["revision"], anew["void"]) == (figure["fact_id"], 4, False)

    events = await db.events(home["id"], "IncomeRecorded")
    assert [(event["revision"], event["void"]) for event in events] == [(1, False), (2, False), (3, True), (4, False)]
    assert {event["fact_id"] for event in events} == {UUID(figure["fact_id"])}
    history = (await clerk.get(one)).json()
    assert [row["revision"] for row in history] == [4, 3, 2, 1]


async def test_impossible_figures_are_refused(clerk: Clerk, people: People, db: Database) -> None:
    home = await _home(clerk, people)
    path = f"/v1/households/{home['id']}/income-figures"
    before = await db.count()
    for wrong, code in (
        ({"window_to": "2023-09-29"}, "window"),
        ({"window_to": "2024-04-30"}, "window"),
        ({"wage": "-1.00"}, "amount"),
        ({"persons": 0}, "persons"),
        ({"parts": {"pension": "5000.01"}}, "parts-exceed"),
        ({"wage": "1.001"}, None),
        ({"wages": "1.00"}, None),
        ({"parts": {"lottery": "1.00"}}, None),
    ):
        answer = await clerk.post(path, GOLDEN | wrong)
        assert answer.status_code == 422, wrong
        assert code is None or answer.json()["code"] == code
    assert await db.count() == before


async def test_figures_stay_within_the_area(clerk: Clerk, people: People) -> None:
    home = await _home(clerk, people)
    figure = await clerk.made(f"/v1/households/{home['id']}/income-figures", GOLDEN)
    stranger = clerk.of(DONGCHUAN)
    assert (await stranger.get(f"/v1/households/{home['id']}/income-statement?on=2023-10-15")).status_code == 404
    assert (await stranger.get(f"/v1/income-figures/{figure['fact_id']}")).status_code == 404
    assert (await stranger.post(f"/v1/income-figures/{figure['fact_id']}:void", version=1)).status_code == 404


def _wage(person: str, month: str, amount: str, **told: Any) -> Received[WagePaid]:
    standard: dict[str, Any] = {
        "source": "employment", "seq": 1, "id": uuid7(), "type": WagePaid.wire_type(), "key": uuid7(),
        "household_id": None, "region": None, "fact_id": uuid7(), "revision": 1, "void": False,
        "occurred_at": datetime.now(UTC), "recorded_at": datetime.now(UTC), "correlation_id": uuid7(),
        "causation_id": None, "traceparent": None,
    }  # fmt: skip
    data = WagePaid(person_id=UUID(person), month=month, amount=Decimal(amount))
    return Received(**(standard | told), data=data)


async def _take(engine: AsyncEngine, *received: Received[WagePaid]) -> None:
    async with begin(engine) as tx:
        for handler in HANDLERS[WagePaid]:
            await handler(tx, received)


async def test_wages_of_members_show_in_the_statement(clerk: Clerk, people: People, worker_engine: AsyncEngine) -> None:
    child = people.person("之子")
    home = await clerk.made("/v1/households", people.household(people.person(), child))
    other = await clerk.made("/v1/households", people.household(people.person()))
    son = home["members"][1]["id"]
    await _take(worker_engine, *(_wage(son, f"2023-{month:02d}", "3000.00") for month in range(3, 9)))
    body = {"on": "2023-07-10", "reason": "split", "to_household_id": other["id"], "relation": "之子"}
    await clerk.made(f"/v1/persons/{son}:move", body, version=1)

    async def months(household: dict[str, Any]) -> list[str]:
        answer = await clerk.get(f"/v1/households/{household['id']}/income-statement?on=2023-10-15")
        return sorted(payment["month"] for payment in answer.json()["payments"])

    assert await months(home) == ["2023-03", "2023-04", "2023-05", "2023-06"]
    assert await months(other) == ["2023-07", "2023-08"]


async def test_ledger_is_a_function_of_the_set_of_facts(
    clerk: Clerk, people: People, worker_engine: AsyncEngine
) -> None:
    path = "/v1/households/{}/income-statement?on=2023-10-15"
    for order in permutations(range(3)):
        home = await _home(clerk, people, size=1)
        person, fact = home["members"][0]["id"], uuid7()
        revisions = [
            _wage(person, "2023-05", "2000.00", fact_id=fact),
            _wage(person, "2023-05", "2600.00", fact_id=fact, revision=2),
            _wage(person, "2023-06", "2600.00", fact_id=fact, revision=3),
        ]
        for place in (*order, *order):
            await _take(worker_engine, revisions[place])
        await _take(worker_engine, *[revisions[place] for place in order])
        [payment] = (await clerk.get(path.format(home["id"]))).json()["payments"]
        assert (payment["month"], payment["amount"], payment["revision"]) == ("2023-06", "2600.00", 3)
        await _take(worker_engine, _wage(person, "2023-06", "2600.00", fact_id=fact, revision=4, void=True))
        assert (await clerk.get(path.format(home["id"]))).json()["payments"] == []


def _sale(home: dict[str, Any], amount: str, revision: int = 1, *, fact_id: UUID, **told: Any) -> Received[Any]:
    data = HouseholdSalePaid(
        order_id=uuid7(), settlement_id=uuid7(), buyer_id=uuid7(), purpose=PurchasePurpose.CANTEEN,
        paid_on=date(2023, 5, 31), amount=Decimal(amount),
    )  # fmt: skip
    return received(data, UUID(home["id"]), revision=revision, fact_id=fact_id, **told)


async def test_sales_show_as_business_income_once_and_refunds_revise_them(
    clerk: Clerk, people: People, worker_engine: AsyncEngine, db: Database
) -> None:
    home = await _home(clerk, people)
    await clerk.made(f"/v1/households/{home['id']}/income-figures", GOLDEN)
    path = f"/v1/households/{home['id']}/income-statement?on=2023-10-15"
    fact = uuid7()
    unmatched = _sale(home, "9000.00", fact_id=fact, known=False)
    found = _sale(home, "9000.00", 2, fact_id=fact)
    before = await db.count()

    async def take(*events: Received[Any]) -> dict[str, Any]:
        async with begin(worker_engine) as tx:
            for handler in HANDLERS[HouseholdSalePaid]:
                await handler(tx, events)
        return dict((await clerk.get(path)).json())

    assert (await take(unmatched))["payments"] == [], "whose sale it is, nobody knows yet"
    statement = await take(found, unmatched, found)
    [payment] = statement["payments"]
    assert (payment["kind"], payment["month"], payment["amount"], payment["source"], payment["person_id"]) == (
        "business", "2023-05", "9000.00", "procurement", None,
    )  # fmt: skip
    assert statement["rolling"]["by_kind"]["business"] == "25500.00"
    assert statement["rolling"]["mixed"]
    refunded = await take(_sale(home, "1500.50", 3, fact_id=fact), found)
    assert refunded["rolling"]["by_kind"]["business"] == "18000.50"
    gone = await take(_sale(home, "1500.50", 4, fact_id=fact, void=True))
    assert (gone["payments"], gone["rolling"]["by_kind"]["business"]) == ([], "18000.00")
    assert await db.count() == before, "department facts are not published again"


def _transfer(
    home: dict[str, Any], amount: str, revision: int = 1, *, fact_id: UUID, back: bool = False, counts: bool = True
) -> Received[Any]:
    common: dict[str, Any] = {
        "person_id": None, "purpose": "farmland", "counts_as_income": counts, "amount": Decimal(amount),
        "first_month": "2023-01", "last_month": "2023-12", "due_on": None,
    }  # fmt: skip
    data: Any = TransferPaid(**common, paid_on=date(2023, 6, 20))
    if back:
        data = TransferReturned(**common, returned_on=date(2023, 7, 1), reason=TransferReturnReason.ACCOUNT_CLOSED)
    return received(data, UUID(home["id"]), revision=revision, fact_id=fact_id, void=back)


async def test_public_payments_are_transfer_income_of_their_months_until_they_come_back(
    clerk: Clerk, people: People, worker_engine: AsyncEngine, db: Database
) -> None:
    home = await _home(clerk, people)
    await clerk.made(f"/v1/households/{home['id']}/income-figures", GOLDEN)
    path = f"/v1/households/{home['id']}/income-statement?on=2023-10-15"
    fact, subsidy = uuid7(), uuid7()
    before = (await clerk.get(path)).json()["rolling"]["by_kind"]["transfer"]
    count = await db.count()

    async def take(*events: Received[Any]) -> dict[str, Any]:
        for event in events:
            async with begin(worker_engine) as tx:
                for handler in HANDLERS[type(event.data)]:
                    await handler(tx, [event])
        return dict((await clerk.get(path)).json())

    paid, back = _transfer(home, "24000.00", fact_id=fact), _transfer(home, "24000.00", 2, fact_id=fact, back=True)
    statement = await take(paid, paid, _transfer(home, "5000.00", fact_id=subsidy, counts=False))
    [payment] = statement["payments"]
    assert (payment["kind"], payment["month"], payment["last_month"], payment["amount"], payment["source"]) == (
        "transfer", "2023-01", "2023-12", "24000.00", "finance",
    )  # fmt: skip
    # 2,000 a month from January to September instead of what the survey knew of these months.
    share = Decimal(before) / 12
    assert Decimal(statement["rolling"]["by_kind"]["transfer"]) == 18_000 + share * 3
    gone = await take(back, paid)
    assert (gone["payments"], gone["rolling"]["by_kind"]["transfer"]) == ([], before)
    again = await take(_transfer(home, "24000.00", 3, fact_id=fact), back)
    assert again["rolling"]["by_kind"] == statement["rolling"]["by_kind"]
    assert await db.count() == count, "department facts are not published again"


def _claim(home: dict[str, Any], amount: str, revision: int = 1, *, fact_id: UUID, **told: Any) -> Received[Any]:
    data = ClaimPaid(
        person_id=UUID(home["members"][0]["id"]), claim_id=uuid7(), kind="medical", amount=Decimal(amount),
        paid_on=date(2023, 5, 31),
    )  # fmt: skip
    return received(data, UUID(home["id"]), revision=revision, fact_id=fact_id, **told)


async def test_a_claim_counts_in_the_comparison_figure_only_and_is_taken_back(
    clerk: Clerk, people: People, worker_engine: AsyncEngine
) -> None:
    home = await _home(clerk, people)
    await clerk.made(f"/v1/households/{home['id']}/income-figures", {**GOLDEN, "claims": "0.00", "self_paid": "0.00"})
    path = f"/v1/households/{home['id']}/income-statement?on=2023-10-15"
    fact = uuid7()

    async def take(*events: Received[Any]) -> dict[str, Any]:
        async with begin(worker_engine) as tx:
            for handler in HANDLERS[ClaimPaid]:
                await handler(tx, events)
        return dict((await clerk.get(path)).json())

    before = dict((await clerk.get(path)).json())["rolling"]
    assert before["comparison_per_head"] == before["per_head"]
    size = Decimal(before["persons"])
    statement = await take(_claim(home, "4000.00", 2, fact_id=fact), _claim(home, "9000.00", fact_id=fact))
    [payment] = statement["payments"]
    assert (payment["kind"], payment["month"], payment["amount"], payment["source"]) == (
        "claim", "2023-05", "4000.00", "finance",
    )  # fmt: skip
    after = statement["rolling"]
    assert (after["net"], after["by_kind"], after["per_head"]) == (before["net"], before["by_kind"], before["per_head"])
    assert Decimal(after["comparison_per_head"]) == Decimal(before["per_head"]) + Decimal("4000.00") / size
    gone = await take(_claim(home, "4000.00", 3, fact_id=fact, void=True), _claim(home, "4000.00", 2, fact_id=fact))
    assert (gone["payments"], gone["rolling"]) == ([], before)
