"""Alerts told to the people who must act: to whom, once each, signed, again after failure, and only where allowed."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from monitoring_feed import VILLAGE, Feed, Home, Sent
from monitoring_officer import CITY, DONGCHUAN, LUQUAN, Officer
from monitoring_receiver import Post, Receiver, mailbox, receiving
from standardwebhooks import Webhook

from events.catalog.households import HelperAssigned, StaffAssigned, StaffOnLeave
from events.ids import derived_id, uuid7
from monitoring.delivery.channels import Outcome, send

START = date(2023, 10, 15)
TOWNSHIP = "5301/530128/530128104/"


@pytest.fixture(scope="module")
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def post(feed: Feed, app: FastAPI, officer: Officer, receiver: Receiver) -> AsyncIterator[Post]:
    """A sender, and nobody who is told of anything yet."""
    receiver.got.clear()
    post = Post(feed, app.state.running.cipher, officer)
    yield post
    for target in (await officer.read("/v1/delivery-targets", params={"page_size": 500}))["items"]:
        await post.does(f"delivery-targets/{target['id']}:disable")
    await post.send()


async def alerted(feed: Feed, on: date = START, **fields: Any) -> Home:
    home = Home(**fields)
    await feed.send(*home.settled())
    await feed.send(home.loses(on))
    return home


async def on_duty(feed: Feed, officer: str, path: str, role: str = "lead") -> None:
    data = StaffAssigned(assignment_id=uuid7(), officer=officer, path=path, since=date(2022, 1, 1), role=role)
    await feed.send(Sent(data, data.assignment_id, household=False))


async def test_whoever_must_act_is_told_once_and_signed(feed: Feed, post: Post, receiver: Receiver) -> None:
    await feed.day(START)
    home = Home()
    helper = HelperAssigned(assignment_id=derived_id("h2", home.id), since=START, organisation="昆明某集团")
    await feed.send(*home.settled(), Sent(helper, home.id))
    await on_duty(feed, "li", VILLAGE)
    await on_duty(feed, "wang", TOWNSHIP)
    told = {
        "county": await post.target(receiver.at("county"), path=LUQUAN),
        "li": await post.target(receiver.at("li"), owner="officer", account="li", path=CITY),
        "helper": await post.target(receiver.at("helper"), owner="helper", organisation="昆明某集团", path=CITY),
    }
    others = [
        await post.target(receiver.at("wang"), owner="officer", account="wang", path=CITY),
        await post.target(receiver.at("dongchuan"), path=DONGCHUAN),
        await post.target(receiver.at("red"), path=LUQUAN, least_level="red"),
        await post.target(receiver.at("stranger"), owner="helper", organisation="别的单位", path=CITY),
    ]
    await feed.send(home.loses(START))
    await feed.send(home.loses(START))
    assert await post.send() == 3
    assert await post.send() == 0
    assert [await post.of(target) for target in others] == [[], [], [], []]
    alert = await feed.alert(home.id, "work.job_lost")
    for name, target in told.items():
        [record] = await post.of(target)
        assert (record["state"], record["attempts"], record["version"]) == ("sent", 1, 1)
        [(headers, body)] = receiver.for_(name)
        assert headers["webhook-id"] == record["id"]
        message = Webhook(target["secret"]).verify(body, headers)
        assert message["type"] == "alert.raised"
        [number] = await feed.rows("SELECT number FROM profiles WHERE household_id = :id", id=home.id)
        assert message["data"] == {
            "household_number": number.number, "rule": "work.job_lost", "level": "yellow",
            "link": f"https://zengshou.example/v1/alerts/{alert.id}",
        }  # fmt: skip


def test_signatures_are_those_of_the_specification() -> None:
    signed = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), '{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_what_is_handed_up_goes_to_whoever_is_there(feed: Feed, post: Post, receiver: Receiver) -> None:
    village = "5301/530128/530128105/530128105201/"
    township = "5301/530128/530128105/"
    for name, role in (("zhao", "lead"), ("qian", "deputy")):
        await on_duty(feed, name, township, role)
    await on_duty(feed, "sun", LUQUAN)
    names = {"zhao": "lead of the township", "qian": "its deputy", "sun": "the county"}
    targets = {n: await post.target(receiver.at(n), owner="officer", account=n, path=CITY) for n in names}
    # Nobody is on duty in the village: the township's lead is told; on leave, the deputy.
    first = await alerted(feed, path=village)
    away = StaffOnLeave(leave_id=uuid7(), officer="zhao", since=START + timedelta(days=1), until=date(2023, 12, 1))
    await feed.send(Sent(away, away.leave_id, household=False))
    await feed.through(START + timedelta(days=1), START + timedelta(days=3))
    await feed.through(START + timedelta(days=4), START + timedelta(days=8))
    told = {
        n: [(r["change"], r["version"]) for r in await post.of(t, household_id=first.id)] for n, t in targets.items()
    }
    assert told == {"zhao": [("raised", 1)], "qian": [("handed_up", 2)], "sun": [("handed_up", 3)]}
    await post.send()
    # The end is told to everybody who knows of the beginning, and to nobody else.
    await feed.send(first.starts(START + timedelta(days=9), 2))
    await feed.day(START + timedelta(days=9))
    await post.send()
    last = {n: (await post.of(t, household_id=first.id))[-1] for n, t in targets.items()}
    assert {n: (r["change"], r["state"]) for n, r in last.items()} == dict.fromkeys(names, ("closed", "sent"))


async def test_a_target_that_fails_waits_is_given_up_and_sent_again(feed: Feed, post: Post, receiver: Receiver) -> None:
    today = START + timedelta(days=10)
    await feed.day(today)
    target = await post.target(receiver.at("broken"), path=LUQUAN)
    await alerted(feed, today)
    await alerted(feed, today)
    receiver.answers += [500]
    assert await post.send() == 2
    first, second = await post.of(target)
    assert (first["state"], first["problem"], first["attempts"]) == ("failed", "broken", 1)
    assert (second["state"], second["attempts"], second["next_at"]) == ("pending", 0, first["next_at"])
    assert await post.send() == 0
    # What the other side asks for (retry-after: 120) is waited for.
    post.later = timedelta(seconds=110)
    assert await post.send() == 0
    post.later = timedelta(hours=25)
    receiver.answers += [302, 404]
    assert await post.send() == 2
    assert [(r["state"], r["problem"]) for r in await post.of(target)] == [
        ("given_up", "redirected"), ("given_up", "refused"),
    ]  # fmt: skip
    assert not receiver.for_("elsewhere")
    again = await post.does(f"deliveries/{first['id']}:resend")
    assert (again["state"], again["asked_by"]) == ("pending", "officer")
    await post.send()
    assert [r["state"] for r in await post.of(target)] == ["sent", "given_up"]
    ids = [headers["webhook-id"] for headers, _ in receiver.for_("broken")]
    assert ids.count(first["id"]) == 3


async def test_what_is_put_off_or_overtaken_is_not_sent(feed: Feed, post: Post, receiver: Receiver) -> None:
    today = START + timedelta(days=20)
    await feed.day(today)
    target = await post.target(receiver.at("quiet"), path=LUQUAN)
    snoozed, risen, gone = [await alerted(feed, today) for _ in range(3)]
    alert = await feed.alert(snoozed.id, "work.job_lost")
    body = {"until": str(today + timedelta(days=20)), "reason": "away"}
    answer = await post.officer.post(f"/v1/alerts/{alert.id}:snooze", body)
    assert answer.status_code == 200, answer.text
    await feed.sweep()
    await feed.send(gone.loses(today, revision=2, void=True))
    await feed.through(today + timedelta(days=1), today + timedelta(days=3))
    await post.send()
    records = await post.of(target)
    fates = {(r["household_id"], r["change"]): (r["state"], r["problem"]) for r in records}
    assert fates == {
        (str(snoozed.id), "raised"): ("given_up", "snoozed"),
        (str(risen.id), "raised"): ("given_up", "superseded"),
        (str(risen.id), "handed_up"): ("sent", None),
        (str(gone.id), "raised"): ("given_up", "superseded"),
        (str(gone.id), "retracted"): ("given_up", "never_told"),
    }
    assert len(receiver.for_("quiet")) == 1


async def test_a_replay_tells_nobody(feed: Feed, post: Post, receiver: Receiver) -> None:
    before = await feed.rows("SELECT id, state, attempts FROM deliveries ORDER BY id")
    await post.target(receiver.at("late"), path=CITY)
    report = await feed.rebuilt(swap=True)
    assert report.identical, report
    assert await feed.rows("SELECT id, state, attempts FROM deliveries ORDER BY id") == before
    assert await post.send() == 0


async def test_two_senders_share_one_lead(feed: Feed, post: Post, receiver: Receiver) -> None:
    target = await post.target(receiver.at("one"), path=LUQUAN)
    stop = asyncio.Event()
    running = [asyncio.ensure_future(sender.run(stop)) for sender in (post.sender, post.another())]
    await asyncio.gather(*(post.does(f"delivery-targets/{target['id']}:test") for _ in range(5)))
    async with asyncio.timeout(10):
        while [r["state"] for r in await post.of(target)] != ["sent"] * 5:  # noqa: ASYNC110 - told by the API only
            await asyncio.sleep(0.05)
    stop.set()
    await asyncio.gather(*running)
    assert len({headers["webhook-id"] for headers, _ in receiver.for_("one")}) == len(receiver.for_("one")) == 5
    assert json.loads(receiver.for_("one")[0][1])["type"] == "alert.test"


async def test_one_broken_message_keeps_no_other_back(post: Post, receiver: Receiver) -> None:
    broken, fine = [await post.target(receiver.at(name), path=LUQUAN) for name in ("broken", "fine")]
    for target in (broken, fine):
        await post.does(f"delivery-targets/{target['id']}:test")

    async def breaks(channel: str, host: str, sealed: Any, *rest: Any) -> Outcome:
        if "broken" in sealed.url:
            raise KeyError(sealed.url)
        return await send(channel, host, sealed, *rest)

    post.sender = post.another(breaks)
    assert await post.send() == 2
    found = [(r["state"], r["problem"]) for target in (broken, fine) for r in await post.of(target)]
    assert found == [("failed", "not_accepted"), ("sent", None)]


async def test_secrets_are_shown_once_and_rotate(feed: Feed, post: Post, receiver: Receiver) -> None:
    target = await post.target(receiver.at("rotating"), path=LUQUAN)
    new = await post.does(f"delivery-targets/{target['id']}:rotate")
    await post.does(f"delivery-targets/{target['id']}:test")
    await post.send()
    [(headers, body)] = receiver.for_("rotating")
    for secret in (target["secret"], new["secret"]):
        Webhook(secret).verify(body, headers)
    shown = (await post.officer.get(f"/v1/delivery-targets/{target['id']}")).text
    [row] = await feed.rows("SELECT sealed FROM delivery_targets WHERE id = :id", id=target["id"])
    for word in ("rotating", "s3cret", target["secret"], new["secret"]):
        assert word not in shown
        assert word.encode() not in row.sealed
    assert '"shown":"http://127.0.0.1/****"' in shown
    await post.does(f"delivery-targets/{target['id']}:disable")
    refused = await post.officer.post(f"/v1/delivery-targets/{target['id']}:test", None)
    assert (refused.status_code, refused.json()["code"]) == (409, "delivery-target-disabled")
    assert (await post.officer.of(DONGCHUAN).get(f"/v1/delivery-targets/{target['id']}")).status_code == 404


ROBOT = "wecombot://0a0a0a0a-0000-4000-8000-abcdefabcdef"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"url": "https://evil.example/x"}, "delivery-host-not-allowed"),
        ({"url": "https://kunming.example.evil.example/x"}, "delivery-host-not-allowed"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "delivery-host-not-allowed"),
        ({"url": "https://[::1]/x"}, "delivery-host-not-allowed"),
        ({"url": "http://hooks.kunming.example/x"}, "delivery-address-plain"),
        ({"url": "https://u:p@hooks.kunming.example/x"}, "delivery-address-malformed"),
        ({"url": "gopher://hooks.kunming.example/x"}, "delivery-address-malformed"),
        ({"url": "https://hooks.kunming.example:99999/x"}, "delivery-address-malformed"),
        ({"url": "json://hooks.kunming.example/x", "channel": "apprise"}, "delivery-address-malformed"),
        ({"url": f"{ROBOT}?redirect=yes", "channel": "apprise"}, "delivery-address-malformed"),
        ({"url": "mailtos://u:p@kunming.example?smtp=10.0.0.1", "channel": "apprise"}, "delivery-host-not-allowed"),
        ({"url": "mailtos://u:p@kunming.example?pgppub=/etc/passwd", "channel": "apprise"},
         "delivery-address-malformed"),
        ({"url": "mailto://u:p@mail.kunming.example", "channel": "apprise"}, "delivery-address-plain"),
        ({"url": ROBOT, "channel": "apprise", "secret": "whsec_AAAA"}, "delivery-not-signed"),
        ({"secret": "whsec_AAAA"}, "delivery-secret-malformed"),
        ({"owner": "officer"}, "delivery-owner-incomplete"),
        ({"account": "li"}, "delivery-owner-incomplete"),
        ({"path": DONGCHUAN}, "delivery-out-of-area"),
    ],
)  # fmt: skip
async def test_what_may_not_be_a_target_is_refused(officer: Officer, fields: Any, code: str) -> None:
    body = {"channel": "webhook", "owner": "department", "path": LUQUAN, "url": "https://hooks.kunming.example/x"}
    answer = await officer.of(LUQUAN).post("/v1/delivery-targets", body | fields)
    assert (answer.status_code in (403, 409, 422), answer.json()["code"]) == (True, code)
    assert "u:p" not in answer.text


async def test_messengers_are_kept_masked_and_a_name_that_leads_inside_is_refused(post: Post, officer: Officer) -> None:
    for url, shown in (
        (ROBOT, "wecombot://****"),
        ("mailtos://u:p4ss@kunming.example?smtp=mail.kunming.example&to=a@kunming.example",
         "mailtos://****@mail.kunming.example"),
    ):  # fmt: skip
        body = {"channel": "apprise", "owner": "department", "path": LUQUAN, "url": url}
        answer = await officer.post("/v1/delivery-targets", body)
        assert (answer.status_code, answer.json()["shown"], answer.json()["secret"]) == (201, shown, None)
    target = await post.target("https://localhost/x", path=LUQUAN)
    await post.does(f"delivery-targets/{target['id']}:test")
    await post.send()
    [record] = await post.of(target)
    assert (record["state"], record["problem"]) == ("failed", "host_not_allowed")


async def test_a_message_reaches_a_mailbox(feed: Feed, post: Post, officer: Officer) -> None:
    today = START + timedelta(days=25)
    await feed.day(today)
    async with mailbox() as (port, mails):
        url = f"mailto://127.0.0.1:{port}?from=alerts@kunming.example&to=duty@kunming.example"
        target = await post.target(url, channel="apprise", path=LUQUAN)
        home = await alerted(feed, today)
        await post.send()
    [record] = await post.of(target, household_id=home.id)
    assert (record["state"], record["problem"]) == ("sent", None)
    [mail] = [mail for mail in mails if "Job lost" in mail]
    [number] = await feed.rows("SELECT number FROM profiles WHERE household_id = :id", id=home.id)
    assert f"household {number.number}" in mail
    assert "张" not in mail
