"""Jobs: reported, corrected, ended, taken back."""

from uuid import uuid4

from directory.testing import LUQUAN, XUNDIAN, World, somebody
from kit.testing import Clerk

JOB = {"started_on": "2023-10-01", "channel": "migrant", "place_code": "440300", "monthly_wage": "3200.00"}


async def test_a_job_is_recorded_and_published_under_its_household(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = await world.registers(somebody())
    answer = await clerk.post("/v1/spells", {"person": person.named, **JOB})
    assert answer.status_code == 201
    spell = answer.json()
    assert (spell["matched"], spell["person_id"], spell["version"]) == (True, str(person.id), 1)
    assert answer.headers["etag"] == '"1"'
    [(name, revision, void, data)] = await world.published(person.household_id)
    assert (name, revision, void) == ("EmploymentStarted", 1, False)
    assert (data["person_id"], data["monthly_wage"], data["started_on"]) == (str(person.id), "3200.00", "2023-10-01")


async def test_the_same_report_again_is_the_same_job_and_another_one_is_refused(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = await world.registers(somebody())
    first = await clerk.done("/v1/spells", {"person": person.named, **JOB})
    again = await clerk.done("/v1/spells", {"person": {"person_id": str(person.id)}, **JOB})
    assert again["id"] == first["id"]
    other = await clerk.post("/v1/spells", {"person": person.named, **JOB, "monthly_wage": "9.00"})
    assert (other.status_code, other.json()["code"]) == (409, "spell-known")
    assert len(await world.published(person.household_id)) == 1


async def test_an_end_is_a_fact_of_its_own_that_can_be_corrected_and_taken_back(clerk: Clerk, world: World) -> None:
    await world.start("2024-04-20")
    person = await world.registers(somebody())
    spell = await clerk.done("/v1/spells", {"person": person.named, **JOB})
    at = f"/v1/spells/{spell['id']}"
    ended = await clerk.done(f"{at}:end", {"ended_on": "2024-03-31", "reason": "laid_off"}, version=spell["version"])
    stale = await clerk.post(f"{at}:end", {"ended_on": "2024-03-30", "reason": "laid_off"}, version=spell["version"])
    assert (stale.status_code, stale.json()["code"]) == (412, "version-changed")
    moved = await clerk.done(f"{at}:end", {"ended_on": "2024-03-15", "reason": "returned"}, version=ended["version"])
    back = await clerk.done(f"{at}:reopen", version=moved["version"])
    assert back["ended_on"] is None
    told = await world.published(person.household_id, "EmploymentEnded")
    assert [(revision, void, data["ended_on"]) for _, revision, void, data in told] == [
        (1, False, "2024-03-31"),
        (2, False, "2024-03-15"),
        (3, True, "2024-03-15"),
    ]
    facts = await world.rows("SELECT DISTINCT fact_id FROM event_log WHERE type LIKE '%EmploymentEnded%' AND key = :k",
                             k=person.household_id)  # fmt: skip
    assert len(facts) == 1


async def test_a_correction_is_the_next_revision_and_a_void_takes_job_and_end_back(clerk: Clerk, world: World) -> None:
    await world.start("2024-04-20")
    person = await world.registers(somebody())
    over = {"ended_on": "2024-04-01", "end_reason": "contract_ended"}
    spell = await clerk.done("/v1/spells", {"person": person.named, **JOB, **over})
    changed = await clerk.patch(f"/v1/spells/{spell['id']}", {"monthly_wage": "3500.00"}, version=spell["version"])
    assert changed.json()["monthly_wage"] == "3500.00"
    gone = await clerk.done(f"/v1/spells/{spell['id']}:void", version=changed.json()["version"])
    assert gone["void"]
    later = await clerk.patch(f"/v1/spells/{spell['id']}", {"employer": "某厂"}, version=gone["version"])
    assert (later.status_code, later.json()["code"]) == (409, "voided")
    told = [(name, revision, void) for name, revision, void, _ in await world.published(person.household_id)]
    assert told == [
        ("EmploymentStarted", 1, False),
        ("EmploymentEnded", 1, False),
        ("EmploymentStarted", 2, False),
        ("EmploymentStarted", 3, True),
        ("EmploymentEnded", 2, True),
    ]


async def test_what_cannot_be_is_refused_with_place_and_remedy(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = await world.registers(somebody())
    future = await clerk.post("/v1/spells", {"person": person.named, **JOB, "started_on": "2023-10-16"})
    assert (future.status_code, future.json()["errors"][0]["pointer"]) == (422, "/started_on")
    reversed_ = {"ended_on": "2023-09-01", "end_reason": "other"}
    assert (await clerk.post("/v1/spells", {"person": person.named, **JOB, **reversed_})).json()["code"] == (
        "end-before-start"
    )
    typo = await clerk.post("/v1/spells", {"person": {"certificate": "53012819800102001"}, **JOB})
    assert (typo.status_code, typo.json()["errors"][0]["pointer"]) == (422, "/person/certificate")
    assert "53012819800102001" not in typo.text
    nobody = await clerk.post("/v1/spells", {"person": {"person_id": str(uuid4())}, **JOB})
    assert nobody.json()["code"] == "person-unknown"
    assert (await clerk.post("/v1/spells", {"person": person.named, **JOB, "wage": "1"})).status_code == 422
    other = somebody()
    wrong = await clerk.post("/v1/spells", {"person": {**person.named, "household_number": other.number}, **JOB})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "other-household")
    assert await world.published(person.household_id) == []


async def test_areas_and_rights_hold(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = await world.registers(somebody(LUQUAN))
    spell = await clerk.done("/v1/spells", {"person": person.named, **JOB})
    elsewhere = clerk.as_(paths=["5301/530129/"])
    assert (await elsewhere.get(f"/v1/spells/{spell['id']}")).status_code == 404
    refused = await elsewhere.post("/v1/spells", {"person": person.named, **JOB, "started_on": "2023-10-02"})
    assert (refused.status_code, refused.json()["code"]) == (409, "registered-elsewhere")
    reader = clerk.as_(rights="employment:read")
    assert (await reader.post("/v1/spells", {"person": person.named, **JOB})).json()["code"] == "missing-right"
    await world.hear(world.household(person, 2, path=XUNDIAN))
    moved = await elsewhere.get(f"/v1/spells/{spell['id']}")
    assert moved.status_code == 200, "the job went with the household"
    assert (await clerk.as_(paths=["5301/530128/"]).get(f"/v1/spells/{spell['id']}")).status_code == 404


async def test_a_repeated_request_takes_effect_once(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = somebody()
    headers = {"idempotency-key": str(uuid4())}
    first = await clerk.post("/v1/spells", {"person": person.named, **JOB}, headers=headers)
    second = await clerk.post("/v1/spells", {"person": person.named, **JOB}, headers=headers)
    assert first.json() == second.json()
    assert len(await world.published(first.json()["id"])) == 1


async def test_the_list_pages_through_a_household(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = await world.registers(somebody())
    for day in range(1, 6):
        over = {"ended_on": "2023-10-10", "end_reason": "other"} if day < 5 else {}
        report = {"person": person.named, **JOB, "started_on": f"2023-09-0{day}", **over}
        await clerk.done("/v1/spells", report)
    at = f"/v1/spells?household_id={person.household_id}"
    page = (await clerk.get(f"{at}&page_size=2")).json()
    seen = [item["started_on"] for item in page["items"]]
    while page["next_page_token"]:
        page = (await clerk.get(f"{at}&page_size=2&page_token={page['next_page_token']}")).json()
        seen += [item["started_on"] for item in page["items"]]
    assert seen == [f"2023-09-0{day}" for day in range(1, 6)]
    running = (await clerk.get(f"{at}&running=true")).json()["items"]
    assert [item["started_on"] for item in running] == ["2023-09-05"]
    assert (await clerk.get(f"{at}&person=1")).json()["code"] == "unknown-parameter"
