"""Help is asked for at an alert or a case, and the department's answer comes back there; replayed to the same rows."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from monitoring_feed import Feed, Home, Sent
from monitoring_officer import DONGCHUAN, LUQUAN, Officer
from test_cases import clue

from events.catalog.help import HelpDeclinedV2, HelpOffer, HelpProvidedV2, HelpTakenV2
from events.catalog.households import MonitoringCategory, RegionChanged
from events.ids import derived_id, uuid7
from monitoring.dispatch.service import make_lists

START = date(2023, 3, 1)
JOB = "work.job_lost"
OFFERED = ["job", "public_post", "traffic_subsidy"]


def day(n: int) -> date:
    return START + timedelta(days=n)


async def alerted(feed: Feed, on: date) -> tuple[Home, Any]:
    home = Home()
    await feed.send(*home.settled())
    await feed.send(home.loses(on))
    return home, await feed.alert(home.id, JOB)


async def asks(officer: Officer, at: str, offer: str = "job") -> Any:
    answer = await officer.post(f"{at}/help", {"offer": offer})
    assert answer.status_code == 201, answer.text
    return answer.json()


def answer(asked: Any, on: date, revision: int, *, void: bool = False, **given: Any) -> Sent:
    """What the department of a request publishes."""
    cls = HelpProvidedV2 if "reference" in given else HelpDeclinedV2 if "reason" in given else HelpTakenV2
    told = {"category": "employment", "development": True, "taken_on": None, "officer": asked["service"], **given}
    data = cls(
        request_id=asked["id"], offer=asked["offer"], causes=asked["causes"], asked_on=asked["asked_on"],
        business_date=on, **told,
    )  # fmt: skip
    return Sent(data, UUID(asked["household_id"]), fact_id=data.request_id, revision=revision, void=void,
                source=asked["service"])  # fmt: skip


async def identical(feed: Feed) -> None:
    await feed.sweep()
    report = await feed.rebuilt()
    assert not [table for table in report.tables if table.different]
    assert {table.table: table.rows for table in report.tables}["help_requests"] > 0


async def test_an_alert_offers_help_asks_for_it_and_shows_what_came_of_it(feed: Feed, officer: Officer) -> None:
    await feed.day(START)
    home, alert = await alerted(feed, START)
    at = f"/v1/alerts/{alert.id}"
    offered = await officer.read(f"{at}/offers")
    assert (offered["causes"], offered["unanswered"]) == (["unstable_work"], [])
    assert [(item["offer"], item["service"], item["request"]) for item in offered["offers"]] == [
        ("job", "employment", None), ("public_post", "employment", None), ("traffic_subsidy", "employment", None),
    ]  # fmt: skip
    [ground] = offered["offers"][0]["grounds"]
    assert (ground["name"], ground["confidence"]) == ("offer.unstable_work.job", "unverified")
    assert "十四" in ground["clause"]

    await feed.day(day(2))
    asked = await asks(officer, at)
    assert (asked["state"], asked["due_on"], asked["overdue"], asked["alert_id"]) == (
        "asked", str(day(12)), False, str(alert.id),
    )  # fmt: skip
    [told] = await feed.rows("SELECT key, household_id, fact_id, data FROM event_log WHERE data ->> 'request_id' = :id",
                             id=asked["id"])  # fmt: skip
    assert (told.key, told.household_id, str(told.fact_id)) == (home.id, home.id, asked["id"])
    assert (told.data["to"], told.data["category"], told.data["causes"]) == (
        "employment",
        "employment",
        ["unstable_work"],
    )
    await feed.sweep()
    [act] = await officer.read(f"{at}/acts")
    assert (act["kind"], act["applied"]) == ("asked", True)
    shown = await officer.read(at)
    assert (shown["acknowledged_on"], shown["held_since"]) == (str(day(2)), str(day(2))), "asking is acting"
    assert [request["id"] for request in shown["requests"]] == [asked["id"]]
    again = await officer.post(f"{at}/help", {"offer": "job"})
    assert (again.status_code, again.json()["code"]) == (409, "help-asked")
    offered = await officer.read(f"{at}/offers")
    assert [item["request"] and item["request"]["state"] for item in offered["offers"]] == ["asked", None, None]

    await feed.send(answer(asked, day(2), 2, taken_on=day(2), officer="clerk"))
    assert (await officer.read(at))["requests"][0]["state"] == "taken"
    spell = str(home.spell(2))
    provided = answer(asked, day(5), 3, taken_on=day(2), reference=spell, provided_on=day(4))
    await feed.day(day(3), day(4), day(5))
    await feed.send(provided, home.starts(day(4), 2))
    shown = await officer.read(at)
    assert (shown["state"], shown["help"]) == ("closed", {"due": str(day(15)), "helped_on": str(day(4)),
                                                         "state": "in_time"})  # fmt: skip
    [request] = shown["requests"]
    assert (request["state"], request["reference"], request["provided_on"], request["taken_on"]) == (
        "provided", spell, str(day(4)), str(day(2)),
    )  # fmt: skip
    # Answers that come late, twice or in another order change nothing.
    await feed.send(answer(asked, day(2), 2, taken_on=day(2), officer="clerk"), provided)
    foreign = answer({**asked, "service": "finance"}, day(5), 9, reason="not_eligible")
    await feed.send(foreign)
    assert (await officer.read(at))["requests"] == [request]

    trail = (await officer.read(f"/v1/households/{home.id}/trail"))["items"]
    helped = [(entry["kind"], entry["who"], entry["state"]) for entry in reversed(trail) if entry["what"] == "help"]
    assert helped[:3] == [("HelpRequested", "officer", "job"), ("HelpTaken", "employment", "job"),
                          ("HelpProvided", "employment", "job")]  # fmt: skip
    await identical(feed)


async def test_what_a_department_takes_back_is_owed_again(feed: Feed, officer: Officer) -> None:
    await feed.day(day(10))
    _, alert = await alerted(feed, day(10))
    at = f"/v1/alerts/{alert.id}"
    asked = await asks(officer, at, "public_post")
    given = {"reference": str(uuid7()), "provided_on": day(10), "category": "public_post"}
    await feed.send(answer(asked, day(10), 2, **given))
    assert (await officer.read(at))["help"]["helped_on"] == str(day(10))
    await feed.send(answer(asked, day(10), 3, void=True, **given))
    shown = await officer.read(at)
    assert (shown["help"]["helped_on"], shown["requests"][0]["state"], shown["requests"][0]["reference"]) == (
        None, "asked", None,
    )  # fmt: skip


async def test_a_case_asks_too_and_what_was_provided_is_a_measure(feed: Feed, officer: Officer) -> None:
    on = day(20)
    await feed.day(on)
    home = Home()
    await feed.send(*home.settled())
    listed = {"household_id": str(home.id), "category": MonitoringCategory.UNSTABLE, "identified_on": str(on),
              "causes": ["unstable_work", "illness"]}  # fmt: skip
    [case] = (await officer.post("/v1/cases:load", {"items": [listed]})).json()
    at = f"/v1/cases/{case}"
    offered = await officer.read(f"{at}/offers")
    assert (offered["causes"], offered["unanswered"]) == (["unstable_work", "illness"], [])
    asked = await asks(officer, at)
    assert (asked["case_id"], asked["alert_id"], asked["causes"]) == (case, None, ["unstable_work"])
    assert [request["id"] for request in (await officer.read(at))["requests"]] == [asked["id"]]
    [step] = await officer.read(f"{at}/steps")
    assert step["move"] == "load", "asking is no step of the case"
    await feed.through(on + timedelta(days=1), on + timedelta(days=31))
    assert (await feed.alert(home.id, "support.no_measure")).state == "open"
    offered = await officer.read(f"/v1/alerts/{(await feed.alert(home.id, 'support.no_measure')).id}/offers")
    assert (offered["causes"], offered["offers"][0]["request"]["id"]) == (["unstable_work", "illness"], asked["id"])
    later = on + timedelta(days=31)
    await feed.send(answer(asked, later, 2, reference=str(home.spell(2)), provided_on=later))
    await feed.sweep()
    assert (await feed.alert(home.id, "support.no_measure")).state == "closed"
    assert (await feed.alert(home.id, "support.mismatch")).state == "open", "nobody has answered the illness"
    [row] = await feed.rows("SELECT outcomes FROM profiles WHERE household_id = :id", id=home.id)
    [mismatch] = [item for item in row.outcomes if item["rule"] == "support.mismatch"]
    assert mismatch["values"] == {"causes": "illness", "measures": "employment"}
    await identical(feed)


async def test_no_answer_is_overdue_by_the_date_and_stands_on_the_work_list(feed: Feed, officer: Officer) -> None:
    on = date(2023, 5, 10)
    await feed.day(on)
    township = RegionChanged(code="530128104000", name="某镇", level="township", parent_code="530128000000",
                             path=f"{LUQUAN}530128104/", valid_from=date(2020, 1, 1))  # fmt: skip
    await feed.send(Sent(township, derived_id("region", township.code), household=False))
    home, alert = await alerted(feed, on)
    asked = await asks(officer, f"/v1/alerts/{alert.id}")
    mine = f"/v1/help-requests?household_id={home.id}&overdue=true"
    await feed.day(date(2023, 5, 20))
    assert (await officer.read(mine))["items"] == []
    await feed.day(date(2023, 5, 21))
    [late] = (await officer.read(mine))["items"]
    assert (late["id"], late["overdue"], late["state"]) == (asked["id"], True, "asked")
    assert (await officer.of(DONGCHUAN).read(mine))["items"] == []
    assert (await officer.read(f"/v1/alerts/{alert.id}"))["requests"][0]["overdue"]
    await feed.day(date(2023, 6, 1))
    async with feed.engine.begin() as tx:
        assert await make_lists(tx)
    [line] = await feed.rows("SELECT * FROM dispatch_lines WHERE subject_id = :id ORDER BY list_id LIMIT 1",
                             id=UUID(asked["id"]))  # fmt: skip
    assert (line.kind, line.what, line.due_on, line.overdue) == ("help", "job", date(2023, 5, 20), True)
    await feed.send(answer(asked, date(2023, 6, 1), 2, reason="no_capacity", officer="clerk"))
    [request] = (await officer.read(f"/v1/alerts/{alert.id}"))["requests"]
    assert (request["state"], request["reason"], request["overdue"]) == ("declined", "no_capacity", False)
    again = await asks(officer, f"/v1/alerts/{alert.id}")
    assert again["id"] != asked["id"], "what was declined can be asked for anew"
    assert (await officer.read(f"/v1/help-requests/{again['id']}"))["due_on"] == "2023-06-11"


async def test_what_was_asked_for_is_withdrawn_with_its_alert(feed: Feed, officer: Officer) -> None:
    on = date(2023, 6, 2)
    await feed.day(on)
    home, alert = await alerted(feed, on)
    asked, post = [await asks(officer, f"/v1/alerts/{alert.id}", offer) for offer in ("job", "public_post")]
    assert asked["withdrawn_on"] is None
    await feed.send(answer(post, on, 2, taken_on=on, officer="clerk"))
    await feed.day(on + timedelta(days=1))
    await feed.send(home.loses(on, revision=2, void=True))
    assert (await officer.read(f"/v1/alerts/{alert.id}"))["state"] == "retracted"
    told = await feed.rows(
        "SELECT data FROM event_log WHERE type LIKE '%.HelpWithdrawn.%' AND key = :id ORDER BY data ->> 'request_id'",
        id=home.id,
    )
    assert [(row.data["request_id"], row.data["to"], row.data["reason"]) for row in told] == sorted(
        (item["id"], "employment", "alert_retracted") for item in (asked, post)
    )
    await feed.day(on + timedelta(days=30))
    [late, _] = shown = (await officer.read(f"/v1/alerts/{alert.id}"))["requests"]
    assert {(item["withdrawn_on"], item["overdue"]) for item in shown} == {(str(on + timedelta(days=1)), False)}
    assert (await officer.read(f"/v1/help-requests?household_id={home.id}&overdue=true"))["items"] == []
    await feed.send(answer(asked, on, 2, reason="not_needed", officer="monitoring"))
    await identical(feed)
    trail = (await officer.read(f"/v1/households/{home.id}/trail"))["items"]
    assert "HelpWithdrawn" in {entry["kind"] for entry in trail if entry["what"] == "help"}
    assert late["state"] in ("asked", "taken"), "the department says so itself"


async def test_what_was_asked_for_is_withdrawn_with_its_case_and_can_be_asked_for_again(
    feed: Feed, officer: Officer
) -> None:
    await feed.day(date(2023, 7, 3))
    home = Home()
    await feed.send(*home.settled())
    clerk = await clue(officer, home, causes=["unstable_work"])
    asked = await asks(officer, f"/v1/cases/{clerk.case['id']}")
    await clerk.does("refuse", reason="unfounded")
    [request] = (await officer.read(f"/v1/cases/{clerk.case['id']}"))["requests"]
    assert (request["id"], request["withdrawn_on"], request["state"]) == (asked["id"], "2023-07-03", "asked")
    [told] = await feed.rows("SELECT data FROM event_log WHERE type LIKE '%.HelpWithdrawn.%' AND key = :id", id=home.id)
    assert told.data["reason"] == "case_refused"
    second = await clue(officer, home, causes=["unstable_work"])
    again = await asks(officer, f"/v1/cases/{second.case['id']}")
    assert again["id"] != asked["id"], "what was withdrawn does not stand in the way"
    await identical(feed)


async def test_rights_areas_and_what_cannot_be_asked(feed: Feed, officer: Officer) -> None:
    on = date(2023, 6, 5)
    await feed.day(on)
    home, alert = await alerted(feed, on)
    at = f"/v1/alerts/{alert.id}"
    elsewhere = officer.of(DONGCHUAN)
    for answered in (await elsewhere.get(f"{at}/offers"), await elsewhere.post(f"{at}/help", {"offer": "job"})):
        assert (answered.status_code, answered.json()["code"]) == (404, "alert-unknown")
    reader = officer.of(LUQUAN, rights="alerts:read cases:read")
    assert (await reader.get(f"{at}/offers")).status_code == 200
    assert (await reader.post(f"{at}/help", {"offer": "job"})).status_code == 403
    misses = await officer.post(f"{at}/help", {"offer": "petty_loan"})
    assert (misses.status_code, misses.json()["code"], misses.json()["errors"][0]["pointer"]) == (
        422, "offer-misses", "/offer",
    )  # fmt: skip
    assert (await officer.post(f"{at}/help", {"offer": "gold"})).status_code == 422
    assert (await officer.post(f"/v1/cases/{uuid7()}/help", {"offer": "job"})).json()["code"] == "case-unknown"
    assert (await officer.get(f"/v1/help-requests/{uuid7()}")).json()["code"] == "help-request-unknown"
    key = {"idempotency-key": str(uuid7())}
    first = await officer.post(f"{at}/help", {"offer": "job"}, **key)
    second = await officer.post(f"{at}/help", {"offer": "job"}, **key)
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    await feed.send(home.loses(on, revision=2, void=True))
    ended = await officer.post(f"{at}/help", {"offer": "public_post"})
    assert (ended.status_code, ended.json()["code"]) == (409, "alert-ended")
    assert await feed.rows("SELECT 1 FROM event_log WHERE data::text LIKE '%张%' AND type LIKE '%Help%'") == []


async def test_two_persons_change_what_is_offered(feed: Feed, officer: Officer) -> None:
    on = date(2023, 6, 10)
    await feed.day(on)
    _, alert = await alerted(feed, on)
    at = f"/v1/alerts/{alert.id}/offers"
    value = {"name": "offer.unstable_work.order", "path": LUQUAN, "valid_from": str(on), "value": "1",
             "document": "禄劝县〔2023〕1号", "clause": "第一条", "confidence": "official"}  # fmt: skip
    unknown = await officer.post("/v1/policy-drafts", {**value, "name": "offer.water.order"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-policy")
    draft = (await officer.post("/v1/policy-drafts", value)).json()
    assert [item["offer"] for item in (await officer.read(at))["offers"]] == OFFERED
    released = await officer.named("reviewer").post(f"/v1/policy-drafts/{draft['id']}:release", None)
    assert released.status_code == 200, released.text
    assert [item["offer"] for item in (await officer.read(at))["offers"]] == [*OFFERED, HelpOffer.ORDER]
