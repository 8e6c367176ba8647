"""Families without any work: found as facts change, offered a job within the limit, cleared or overdue."""

from asyncio import Event
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from directory.testing import LUQUAN, Person, World, somebody
from employment.zero_employment.sweep import sweep_once
from events.catalog.households import LabourSkill, PersonJoined, PersonLeft, PersonUpdated, Sex
from events.testing import received
from kit.testing import Clerk

BEGUN = "2023-10-15"
JOB = {"channel": "local", "monthly_wage": "2600.00"}
REGISTER = "/v1/unemployment-registrations"
FAMILIES = "/v1/zero-employment-households"


def by_id(person: Person) -> dict[str, str]:
    return {"person_id": str(person.id)}


@dataclass
class Family:
    """A household of two adults and a child, and what is told of them."""

    world: World
    clerk: Clerk
    head: Person = field(default_factory=somebody)
    spouse: Person = field(default_factory=somebody)
    child: Person = field(default_factory=somebody)

    @property
    def id(self) -> UUID:
        return self.head.household_id

    async def registered(self, *, spouse: LabourSkill | None = LabourSkill.ORDINARY) -> "Family":
        await self.world.hear(
            self.world.household(self.head),
            self.joined(self.head, LabourSkill.ORDINARY),
            self.joined(self.spouse, spouse, sex=Sex.FEMALE),
            self.joined(self.child, None, born=date(2016, 1, 1)),
        )
        return self

    def joined(
        self,
        person: Person,
        skill: LabourSkill | None,
        *,
        revision: int = 1,
        born: date = date(1980, 1, 2),
        sex: Sex = Sex.MALE,
    ) -> Any:
        cls = PersonJoined if revision == 1 else PersonUpdated
        told = cls(
            aggregate_revision=revision, person_id=person.id, since=date(2015, 1, 1), birth_date=born, sex=sex,
            blind_index=self.world.cipher.blind_index(person.certificate), masked_name="张*三", labour_skill=skill,
        )  # fmt: skip
        return received(told, self.id)

    async def leaves(self, person: Person, on: date) -> None:
        left = PersonLeft(aggregate_revision=2, person_id=person.id, until=on, reason="moved")
        await self.world.hear(received(left, self.id))

    async def without_work(self, *persons: Person, on: str = "2023-10-10") -> list[dict[str, Any]]:
        told = [{"person": by_id(person), "registered_on": on} for person in persons]
        return [await self.clerk.done(REGISTER, body) for body in told]

    async def works(self, person: Person, on: str) -> dict[str, Any]:
        return await self.clerk.done("/v1/spells", {"person": by_id(person), "started_on": on, **JOB})

    async def found(self, state: str | None = None) -> list[dict[str, Any]]:
        asked = f"{FAMILIES}?household_id={self.id}" + (f"&state={state}" if state else "")
        return list((await self.clerk.get(asked)).json()["items"])

    async def told(self) -> list[tuple[str, int, bool]]:
        names = ("ZeroEmploymentFound", "ZeroEmploymentCleared")
        published = await self.world.published(self.id)
        return [(name, revision, void) for name, revision, void, _ in published if name in names]


@pytest.fixture
async def family(clerk: Clerk, world: World) -> Family:
    await world.start(BEGUN)
    return await Family(world, clerk).registered()


async def test_found_when_the_last_able_member_registers_and_cleared_by_a_job(family: Family) -> None:
    await family.without_work(family.head)
    assert await family.found() == [], "the other one farms, or works where nobody has told"
    await family.without_work(family.spouse)
    [found] = await family.found("waiting")
    assert (found["found_on"], found["persons"], found["due_on"]) == (BEGUN, 2, "2023-11-14")
    spell = await family.works(family.spouse, BEGUN)
    [cleared] = await family.found("cleared")
    assert (cleared["id"], cleared["cleared_on"], cleared["clear_reason"]) == (found["id"], BEGUN, "employed")
    assert await family.told() == [("ZeroEmploymentFound", 1, False), ("ZeroEmploymentCleared", 2, False)]
    # The report of the job was wrong: on the same day the family is found once more, as the same fact.
    await family.clerk.done(f"/v1/spells/{spell['id']}:void", version=spell["version"])
    [again] = await family.found("waiting")
    assert (again["id"], again["revision"]) == (found["id"], 3)


async def test_a_job_is_offered_in_time_or_the_family_is_overdue(family: Family, worker: AsyncEngine) -> None:
    await family.without_work(family.head, family.spouse)
    [found] = await family.found("waiting")
    at = f"{FAMILIES}/{found['id']}"
    await family.world.day("2023-11-14")
    assert len(await family.found("waiting")) == 1
    await family.world.day("2023-11-15")
    assert await family.found("waiting") == []
    [late] = await family.found("overdue")
    assert late["id"] == found["id"]
    for offered_on, version, status, code in (
        ("2023-10-14", 1, 422, "offer-before-finding"),
        ("2023-11-16", 1, 422, "in-future"),
        ("2023-11-15", 9, 412, "version-changed"),
    ):
        refused = await family.clerk.post(f"{at}:offer", {"offered_on": offered_on}, version=version)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    offered = await family.clerk.done(f"{at}:offer", {"offered_on": "2023-11-15"}, version=1)
    assert (offered["state"], offered["offered_late"], offered["revision"]) == ("offered", True, 2)
    await family.works(family.head, "2023-11-15")
    cleared = (await family.clerk.get(at)).json()
    assert (cleared["state"], cleared["offered_on"], cleared["clear_reason"]) == ("cleared", "2023-11-15", "employed")
    over = await family.clerk.post(f"{at}:offer", {"offered_on": "2023-11-15"}, version=cleared["revision"])
    assert (over.status_code, over.json()["code"]) == (409, "zero-employment-cleared")
    [*_, last] = await family.world.published(family.id, "ZeroEmploymentCleared")
    assert last[3]["offered_on"] == "2023-11-15"


async def test_a_finding_that_was_wrong_is_taken_back(family: Family) -> None:
    [_, spouse] = await family.without_work(family.head, family.spouse)
    await family.clerk.done(f"{REGISTER}/{spouse['id']}:void", version=1)
    [gone] = await family.found("void")
    assert gone["state"] == "void"
    assert await family.told() == [("ZeroEmploymentFound", 1, False), ("ZeroEmploymentFound", 2, True)]
    await family.without_work(family.spouse)
    assert [item["revision"] for item in await family.found("waiting")] == [3]
    await family.works(family.spouse, "2023-10-12")
    assert len(await family.found("void")) == 1, "the job had begun before the family was found"


async def test_a_registration_that_ends_clears_and_what_cannot_be_is_refused(family: Family) -> None:
    [head, _] = await family.without_work(family.head, family.spouse)
    at = f"{REGISTER}/{head['id']}"
    again = await family.clerk.done(REGISTER, {"person": by_id(family.head), "registered_on": "2023-10-10"})
    assert again["id"] == head["id"]
    for body, status, code in (
        ({"registered_on": "2023-10-11"}, 409, "registration-known"),
        ({"registered_on": "2999-01-01"}, 422, "in-future"),
    ):
        refused = await family.clerk.post(REGISTER, {"person": family.head.named, **body})
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    early = await family.clerk.post(f"{at}:end", {"ended_on": "2023-10-09", "reason": "own_wish"}, version=1)
    assert (early.status_code, early.json()["code"]) == (409, "registration-over")
    await family.world.day("2023-10-20")
    ended = await family.clerk.done(f"{at}:end", {"ended_on": "2023-10-20", "reason": "own_wish"}, version=1)
    assert (ended["ended_on"], ended["end_reason"], ended["revision"]) == ("2023-10-20", "own_wish", 2)
    [cleared] = await family.found("cleared")
    assert (cleared["cleared_on"], cleared["clear_reason"]) == ("2023-10-20", "registration_ended")
    twice = await family.clerk.post(f"{at}:end", {"ended_on": "2023-10-20", "reason": "own_wish"}, version=2)
    assert twice.status_code == 409
    standing = (await family.clerk.get(f"{REGISTER}?household_id={family.id}&standing=true")).json()["items"]
    assert [item["person_id"] for item in standing] == [str(family.spouse.id)]
    await family.works(family.head, "2023-10-20")
    busy = await family.clerk.post(REGISTER, {"person": by_id(family.head), "registered_on": "2023-10-20"})
    assert (busy.status_code, busy.json()["code"]) == (409, "still-employed")
    assert (await family.clerk.get(f"{REGISTER}/{uuid4()}")).json()["code"] == "registration-unknown"


async def test_members_who_come_leave_or_change_count_at_once(family: Family) -> None:
    await family.without_work(family.head)
    await family.leaves(family.spouse, date(2023, 10, 14))
    [found] = await family.found("waiting")
    assert found["persons"] == 1
    cousin = somebody()
    await family.world.hear(family.joined(cousin, LabourSkill.SKILLED))
    [gone] = await family.found("void")
    assert gone["id"] == found["id"], "the cousin has lived there since before the family was found"
    await family.world.hear(family.joined(cousin, LabourSkill.LOST, revision=2))
    [again] = await family.found("waiting")
    assert (again["id"], again["revision"]) == (found["id"], 3)
    await family.world.hear(family.joined(family.head, LabourSkill.LOST, revision=2))
    [cleared] = await family.found("cleared")
    assert cleared["clear_reason"] == "no_able_member"


async def test_a_day_that_makes_a_member_too_old_finds_the_family(family: Family, worker: AsyncEngine) -> None:
    old = await Family(family.world, family.clerk, child=somebody()).registered()
    await family.world.hear(old.joined(old.spouse, LabourSkill.ORDINARY, revision=2, born=date(1968, 10, 18),
                                       sex=Sex.FEMALE))  # fmt: skip
    await old.without_work(old.head)
    assert await old.found() == []
    await family.world.day("2023-10-18")
    await sweep_once(worker, None, Event())
    [found] = await old.found("waiting")
    assert (found["found_on"], found["persons"]) == ("2023-10-18", 1)


async def test_a_registration_waits_for_the_person_and_finds_the_family(clerk: Clerk, world: World) -> None:
    await world.start(BEGUN)
    person = somebody()
    early = await clerk.done(REGISTER, {"person": person.named, "registered_on": "2023-10-10"})
    assert (early["matched"], early["person_id"]) == (False, None)
    [(name, revision, _, data)] = await world.published(early["id"])
    assert (name, revision, data["person_id"]) == ("UnemploymentRegistered", 1, None)
    await world.registers(person)
    told = await world.published(person.household_id)
    assert [(name, revision) for name, revision, _, _ in told] == [
        ("UnemploymentRegistered", 2),
        ("ZeroEmploymentFound", 1),
    ]


async def test_areas_and_rights_hold_for_families_without_work(family: Family) -> None:
    await family.without_work(family.head, family.spouse)
    [found] = await family.found()
    elsewhere = family.clerk.as_(paths=["5301/530129/"])
    assert (await elsewhere.get(f"{FAMILIES}/{found['id']}")).status_code == 404
    assert (await elsewhere.get(f"{FAMILIES}?household_id={family.id}")).json()["items"] == []
    offer = await elsewhere.post(f"{FAMILIES}/{found['id']}:offer", {"offered_on": BEGUN}, version=1)
    assert offer.status_code == 404
    refused = await elsewhere.post(REGISTER, {"person": family.head.named, "registered_on": BEGUN})
    assert (refused.status_code, refused.json()["code"]) == (409, "registered-elsewhere")
    reader = family.clerk.as_(rights="employment:read", paths=[LUQUAN])
    assert (await reader.get(f"{FAMILIES}/{found['id']}")).status_code == 200
    assert (await reader.post(f"{FAMILIES}/{found['id']}:offer", {"offered_on": BEGUN})).status_code == 403
    assert (await family.clerk.get(f"{FAMILIES}?state=happy")).status_code == 422
    assert (await family.clerk.get(f"{FAMILIES}?colour=red")).json()["code"] == "unknown-parameter"
