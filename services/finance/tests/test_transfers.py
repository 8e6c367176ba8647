"""Public money on its way: owed, batched, released by a second person, answered by the bank to the cent."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from directory.testing import LUQUAN, XUNDIAN, Person, World, somebody
from events.catalog.employment import SubsidyApproved, SubsidyKind
from events.ids import uuid7
from events.received import Received
from events.testing import received
from kit.testing import Clerk
from workbook.sheets import read_sheets

ON = "2023-10-15"
BATCHES, FILES, TRANSFERS = "/v1/payment-batches", "/v1/transfer-files", "/v1/transfers"


@pytest.fixture(autouse=True)
async def _day(world: World) -> None:
    await world.start(ON)


@pytest.fixture
async def purpose(clerk: Clerk) -> str:
    """A purpose of this story alone, so that its batches hold nothing of others."""
    code = f"p{uuid4().hex[:12]}"
    terms = {"name": "耕地地力保护补贴", "counts_as_income": True, "document": "某文", "confidence": "demo"}
    await clerk.done("/v1/transfer-purposes", {"code": code, **terms})
    return code


def file(purpose: str, *lines: tuple[dict[str, Any], str], **told: Any) -> dict[str, Any]:
    """A department's file of households and amounts."""
    numbered = [
        {"number": number, "household": household, "amount": amount}
        for number, (household, amount) in enumerate(lines, 1)
    ]
    total = str(sum((Decimal(amount) for _, amount in lines), Decimal("0.00")))
    return {
        "reference": f"DL-{uuid4().hex[:8]}", "purpose": purpose, "first_month": "2023-01", "last_month": "2023-12",
        "due_on": "2023-10-31", "lines": numbered, "total": total,
    } | told  # fmt: skip


def of_household(person: Person) -> dict[str, Any]:
    return {"household_number": person.number}


def of_person(person: Person) -> dict[str, Any]:
    return {"person": person.named}


def by_bank(number: int, amount: str, *, paid: str | None = None, back: str | None = None) -> dict[str, Any]:
    outcome = {"paid_on": paid} if back is None else {"returned_on": back, "reason": "account_closed"}
    return {"number": number, "amount": amount, **outcome}


def answered(*lines: dict[str, Any]) -> dict[str, Any]:
    sums = {"paid": Decimal("0.00"), "returned": Decimal("0.00")}
    for line in lines:
        sums["paid" if "paid_on" in line else "returned"] += Decimal(line["amount"])
    return {"lines": list(lines), **{name: str(amount) for name, amount in sums.items()}}


async def released(clerk: Clerk, purpose: str, **told: Any) -> dict[str, Any]:
    batch = await clerk.done(BATCHES, {"purpose": purpose, **told})
    at = f"{BATCHES}/{batch['id']}:release"
    alone = await clerk.post(at, version=1)
    assert (alone.status_code, alone.json()["code"]) == (403, "batch-needs-second-person")
    return await clerk.as_(subject="reviewer").done(at, version=1)


async def reconcile(clerk: Clerk, batch: dict[str, Any], *lines: dict[str, Any]) -> dict[str, Any]:
    return await clerk.done(f"{BATCHES}/{batch['id']}:reconcile", answered(*lines), version=batch["version"])


def approved(person: Person, *, revision: int = 1, void: bool = False, fact: UUID | None = None) -> Received[Any]:
    data = SubsidyApproved(
        person_id=person.id, purpose=SubsidyKind.TRAFFIC, year=2023, amount=Decimal("1000.00"),
        approved_on=date(2023, 10, 10),
    )  # fmt: skip
    return received(data, person.household_id, fact_id=fact or uuid7(), revision=revision, void=void)


async def owed(clerk: Clerk, person: Person) -> dict[str, Any]:
    [found] = (await clerk.get(f"{TRANSFERS}?household_id={person.household_id}")).json()["items"]
    return dict(found)


async def test_a_file_is_paid_by_two_persons_and_closes_to_the_cent(clerk: Clerk, world: World, purpose: str) -> None:
    first, second = await world.registers(somebody()), await world.registers(somebody())
    told = file(purpose, (of_household(first), "320.35"), (of_person(second), "180.65"))
    taken = await clerk.done(FILES, told)
    assert (taken["taken"], taken["unchanged"], taken["unmatched"]) == (2, 0, 0)
    again = await clerk.done(FILES, told)
    assert (again["taken"], again["unchanged"]) == (0, 2), "the same file again owes nothing more"

    early = await clerk.done(BATCHES, {"purpose": purpose})
    assert (await clerk.get(f"{BATCHES}/{early['id']}/payment-file")).json()["code"] == "payment-batch-not-released"
    refused = await clerk.post(f"{BATCHES}/{early['id']}:reconcile", answered(by_bank(1, "320.35", paid=ON)), version=1)
    assert refused.json()["code"] == "payment-batch-not-released"
    await clerk.done(f"{BATCHES}/{early['id']}:dissolve", version=1)
    batch = await released(clerk, purpose)
    assert (batch["state"], batch["lines"], batch["amount"], batch["released_by"]) == (
        "released", 2, "501.00", "reviewer",
    )  # fmt: skip
    nothing = await clerk.post(BATCHES, {"purpose": purpose})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "payment-batch-empty")

    sent = await clerk.get(f"{BATCHES}/{batch['id']}/payment-file")
    assert sent.status_code == 200
    rows = [list(row) for row in read_sheets(sent.content)[0].rows if row and row[0] in ("1", "2", "合计")]
    assert {row[1] for row in rows[:2]} == {first.number, second.number}
    assert {row[2] for row in rows[:2]} == {"张*三", ""}, "the household's head is not known, the person's name masked"
    assert rows[2][4] == "501.00"
    assert first.certificate.encode() not in sent.content

    lines = {line["amount"]: line for line in (await clerk.get(f"{BATCHES}/{batch['id']}/lines")).json()}
    one, two = lines["320.35"]["number"], lines["180.65"]["number"]
    part = await reconcile(clerk, batch, by_bank(one, "320.35", paid=ON))
    assert (part["state"], part["paid"], part["open"]) == ("released", "320.35", "180.65")
    await world.day("2023-10-20")
    done = await reconcile(clerk, part, by_bank(two, "180.65", back="2023-10-18"))
    assert (done["state"], done["paid"], done["returned"], done["open"], done["settled_on"]) == (
        "settled", "320.35", "180.65", "0.00", "2023-10-20",
    )  # fmt: skip
    same = await reconcile(clerk, done, by_bank(two, "180.65", back="2023-10-18"), by_bank(one, "320.35", paid=ON))
    assert same == done, "the same answer again changes nothing"
    [(_, revision, void, data)] = await world.published(first.household_id, "TransferPaid")
    assert (revision, void) == (1, False)
    assert data == {
        "person_id": None, "purpose": purpose, "counts_as_income": True, "amount": "320.35", "first_month": "2023-01",
        "last_month": "2023-12", "due_on": "2023-10-31", "approval_id": None, "paid_on": ON,
    }  # fmt: skip
    [(_, revision, void, data)] = await world.published(second.household_id, "TransferReturned")
    assert (revision, void, data["reason"], data["person_id"]) == (1, True, "account_closed", str(second.id))


async def test_what_came_back_is_paid_again_as_the_same_fact(clerk: Clerk, world: World, purpose: str) -> None:
    person = await world.registers(somebody())
    await clerk.done(FILES, file(purpose, (of_household(person), "600.00")))
    batch = await released(clerk, purpose)
    paid = await reconcile(clerk, batch, by_bank(1, "600.00", paid=ON))
    await world.day("2023-10-20")
    back = await reconcile(clerk, paid, by_bank(1, "600.00", back="2023-10-19"))
    assert (back["paid"], back["returned"], back["state"]) == ("0.00", "600.00", "settled")
    contradicts = await clerk.post(
        f"{BATCHES}/{batch['id']}:reconcile", answered(by_bank(1, "600.00", paid="2023-10-20")), version=back["version"]
    )
    assert (contradicts.status_code, contradicts.json()["code"]) == (409, "outcome-contradicts")
    transfer = await owed(clerk, person)
    assert (transfer["state"], transfer["return_reason"]) == ("returned", "account_closed")
    waiting = await clerk.done(f"{TRANSFERS}/{transfer['id']}:retry", version=transfer["version"])
    assert waiting["state"] == "waiting"
    again = await released(clerk, purpose)
    await reconcile(clerk, again, by_bank(1, "600.00", paid="2023-10-20"))
    told = await world.published(person.household_id)
    assert [event[:3] for event in told if event[0].startswith("Transfer")] == [
        ("TransferPaid", 1, False), ("TransferReturned", 2, True), ("TransferPaid", 3, False),
    ]  # fmt: skip
    facts = await world.rows(
        "SELECT DISTINCT fact_id FROM event_log WHERE key = :key AND type LIKE '%Transfer%'", key=person.household_id
    )
    assert [row.fact_id for row in facts] == [UUID(transfer["id"])]
    assert (await owed(clerk, person))["return_reason"] is None


async def test_an_approved_subsidy_is_owed_once_and_its_outcome_names_it(clerk: Clerk, world: World) -> None:
    person, fact = somebody(), uuid7()
    approval = approved(person, fact=fact)
    await world.hear(approval)
    await world.hear(approved(person, fact=fact), approval)
    assert (await clerk.as_(paths=(LUQUAN,)).get(f"{TRANSFERS}?approval_id={fact}")).json()["items"] == []
    await world.registers(person)
    [found] = (await clerk.as_(paths=(LUQUAN,)).get(f"{TRANSFERS}?approval_id={fact}")).json()["items"]
    assert (found["purpose"], found["amount"], found["first_month"], found["last_month"], found["due_on"]) == (
        "traffic", "1000.00", "2023-01", "2023-12", None,
    )  # fmt: skip
    here = clerk.as_(paths=(LUQUAN,))
    batch = await here.done(BATCHES, {"purpose": "traffic"})
    released_ = await here.as_(subject="reviewer").done(f"{BATCHES}/{batch['id']}:release", version=1)
    lines = (await here.get(f"{BATCHES}/{batch['id']}/lines")).json()
    [mine] = [line for line in lines if line["transfer_id"] == found["id"]]
    await reconcile(here, released_, by_bank(mine["number"], "1000.00", paid=ON))
    [(_, _, _, data)] = await world.published(person.household_id, "TransferPaid")
    assert (data["approval_id"], data["person_id"], data["purpose"]) == (str(fact), str(person.id), "traffic")


async def test_an_approval_taken_back_before_it_is_paid_is_not_owed(clerk: Clerk, world: World) -> None:
    person, fact = await world.registers(somebody(XUNDIAN)), uuid7()
    await world.hear(approved(person, revision=2, void=True, fact=fact))
    await world.hear(approved(person, fact=fact))
    found = await owed(clerk, person)
    assert found["state"] == "withdrawn"
    other = await world.registers(somebody(XUNDIAN))
    await world.hear(approved(other))
    mine = await owed(clerk, other)
    gone = await clerk.done(f"{TRANSFERS}/{mine['id']}:withdraw", {"reason": "not_entitled"}, version=mine["version"])
    assert gone["state"] == "withdrawn"
    [(_, revision, void, data)] = await world.published(other.household_id, "TransferReturned")
    assert (revision, void, data["reason"], data["returned_on"]) == (1, True, "not_entitled", ON)
    over = await clerk.post(f"{TRANSFERS}/{mine['id']}:retry", version=gone["version"])
    assert over.json()["code"] == "transfer-not-returned"


async def test_somebody_not_registered_is_paid_once_registered(clerk: Clerk, world: World, purpose: str) -> None:
    person = somebody()
    taken = await clerk.done(FILES, file(purpose, (of_person(person), "75.50")))
    assert taken["unmatched"] == 1
    assert (await clerk.post(BATCHES, {"purpose": purpose})).json()["code"] == "payment-batch-empty"
    await world.registers(person)
    batch = await released(clerk, purpose)
    await reconcile(clerk, batch, by_bank(1, "75.50", paid=ON))
    [(_, _, _, data)] = await world.published(person.household_id, "TransferPaid")
    assert (data["person_id"], data["amount"]) == (str(person.id), "75.50")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"total": "99.99"}, 422, "total-differs"),
        ({"purpose": "pocket_money"}, 404, "transfer-purpose-unknown"),
        ({"first_month": "2023-12", "last_month": "2023-01"}, 422, "months-reversed"),
        ({"first_month": "2023-13"}, 422, None),
        ({"note": "x"}, 422, None),
    ],
)
async def test_a_file_that_does_not_close_is_refused_whole(
    clerk: Clerk, world: World, purpose: str, changed: dict[str, Any], status: int, code: str | None
) -> None:
    person = await world.registers(somebody())
    refused = await clerk.post(FILES, file(purpose, (of_household(person), "100.00")) | changed)
    assert refused.status_code == status, refused.text
    assert code in (None, refused.json()["code"])
    assert (await clerk.get(f"{TRANSFERS}?household_id={person.household_id}")).json()["items"] == []


async def test_a_line_with_other_content_or_a_wrong_answer_leaves_nothing(
    clerk: Clerk, world: World, purpose: str
) -> None:
    person = await world.registers(somebody())
    told = file(purpose, (of_household(person), "100.00"))
    await clerk.done(FILES, told)
    other = {**told, "lines": [{**told["lines"][0], "amount": "120.00"}], "total": "120.00"}
    refused = await clerk.post(FILES, other)
    assert (refused.status_code, refused.json()["code"]) == (409, "transfer-line-known")
    assert (await owed(clerk, person))["amount"] == "100.00"
    batch = await released(clerk, purpose)
    for wrong, code in (
        (answered(by_bank(1, "100.01", paid=ON)), "amount-differs"),
        (answered(by_bank(1, "100.00", paid=ON)) | {"paid": "100.01"}, "total-differs"),
        (answered(by_bank(1, "100.00", paid="2023-10-16")), "day-out-of-time"),
    ):
        answer = await clerk.post(f"{BATCHES}/{batch['id']}:reconcile", wrong, version=batch["version"])
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await world.published(person.household_id, "TransferPaid") == []


async def test_whether_it_was_paid_in_time_and_in_full(clerk: Clerk, world: World, purpose: str) -> None:
    people = [await world.registers(somebody()) for _ in range(4)]
    await clerk.done(FILES, file(purpose, *((of_household(person), "100.00") for person in people[:3])))
    later = await world.registers(somebody(XUNDIAN))
    await clerk.done(FILES, file(purpose, (of_household(later), "50.00"), due_on="2023-12-31"))
    await clerk.done(FILES, file(purpose, (of_household(people[3]), "70.00"), due_on=None))
    batch = await released(clerk, purpose, due_by="2023-10-31")
    assert batch["lines"] == 3
    one = await reconcile(clerk, batch, by_bank(1, "100.00", paid=ON))
    await world.day("2023-11-05")
    await reconcile(clerk, one, by_bank(2, "100.00", paid="2023-11-02"), by_bank(3, "100.00", back="2023-11-03"))

    async def seen() -> dict[str, dict[str, Any]]:
        rows = (await clerk.get("/v1/transfer-timeliness?year=2023")).json()
        return {row["county"]: row for row in rows if row["purpose"] == purpose}

    luquan = (await seen())["530128"]
    assert {name: luquan[name] for name in ("undated", "due", "in_time", "late", "overdue", "returned")} == {
        "undated": 1, "due": 3, "in_time": 1, "late": 1, "overdue": 1, "returned": 1,
    }  # fmt: skip
    assert (luquan["due_amount"], luquan["paid_amount"], luquan["in_full"]) == ("300.00", "200.00", False)
    assert (await seen())["530129"]["in_full"] is None, "nothing was due there yet"


async def test_the_day_by_which_a_subsidy_must_be_paid_is_policy(clerk: Clerk, world: World) -> None:
    village = "5301/530129/530129101/530129101298/"
    await clerk.sets(
        {
            "name": "transfer.approved.days", "path": village, "valid_from": "2023-01-01", "value": "30",
            "document": "某县财政局〔2023〕3号", "clause": "第四条", "confidence": "demo",
        }
    )  # fmt: skip
    person = await world.registers(somebody(village))
    await world.hear(approved(person))
    assert (await owed(clerk, person))["due_on"] == "2023-11-09"


async def test_the_list_of_purposes_is_the_citys_and_a_county_pays_its_own(
    clerk: Clerk, world: World, purpose: str
) -> None:
    county = clerk.as_(paths=("5301/530129/",), subject="xundian")
    terms = {"name": "新补贴", "counts_as_income": True, "document": "某文", "confidence": "demo"}
    refused = await county.post("/v1/transfer-purposes", {"code": "new_one", **terms})
    assert (refused.status_code, refused.json()["code"]) == (403, "purposes-of-the-city")
    listed = {row["code"]: row for row in (await county.get("/v1/transfer-purposes")).json()}
    assert {"farmland", "machinery", "forest", "living_allowance", "traffic"} <= listed.keys()
    assert listed["interest_subsidy"]["counts_as_income"] is False
    off = await clerk.send("PUT", f"/v1/transfer-purposes/{purpose}", json={**terms, "active": False}, version=1)
    assert off.status_code == 200
    here, there = await world.registers(somebody(XUNDIAN)), await world.registers(somebody(LUQUAN))
    closed = await clerk.post(FILES, file(purpose, (of_household(here), "1.00")))
    assert closed.json()["code"] == "transfer-purpose-unknown"
    await clerk.send("PUT", f"/v1/transfer-purposes/{purpose}", json=terms, version=2)
    await clerk.done(FILES, file(purpose, (of_household(here), "10.00"), (of_household(there), "20.00")))
    batch = await county.done(BATCHES, {"purpose": purpose})
    assert (batch["lines"], batch["amount"]) == (1, "10.00")
    neighbour = clerk.as_(paths=("5301/530128/",), subject="luquan")
    assert (await neighbour.get(f"{BATCHES}/{batch['id']}")).status_code == 404
    assert (await neighbour.get(f"{BATCHES}/{batch['id']}/lines")).status_code == 404
    writer = county.as_(subject="reviewer", rights="transfers:read transfers:write")
    assert (await writer.post(f"{BATCHES}/{batch['id']}:release", version=1)).json()["code"] == "missing-right"


async def test_a_household_that_moved_away_meanwhile_is_the_citys_to_decide(
    clerk: Clerk, world: World, purpose: str
) -> None:
    stays, moves = await world.registers(somebody(XUNDIAN)), await world.registers(somebody(XUNDIAN))
    county = clerk.as_(paths=("5301/530129/",), subject="xundian")
    await county.done(FILES, file(purpose, (of_household(stays), "10.00"), (of_household(moves), "20.00")))
    batch = await county.done(BATCHES, {"purpose": purpose})
    await world.hear(world.household(moves, 2, path=LUQUAN))
    for verb, who in (("release", county.as_(subject="reviewer")), ("dissolve", county)):
        refused = await who.post(f"{BATCHES}/{batch['id']}:{verb}", version=1)
        assert (refused.status_code, refused.json()["code"]) == (409, "batch-members-elsewhere")
    released_ = await clerk.as_(subject="reviewer").done(f"{BATCHES}/{batch['id']}:release", version=1)
    done = await reconcile(clerk, released_, *[
        by_bank(line["number"], line["amount"], paid=ON)
        for line in (await clerk.get(f"{BATCHES}/{batch['id']}/lines")).json()
    ])  # fmt: skip
    assert (done["state"], done["paid"]) == ("settled", "30.00")
