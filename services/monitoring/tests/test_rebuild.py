"""A rebuild from the received log stands row by row where live flow stands, and delivers nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from monitoring_feed import Feed, Home, Sent
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.catalog.help import (
    FirstOffer,
    HelpDeclined,
    HelpDeclinedV2,
    HelpProvided,
    HelpProvidedV2,
    HelpTaken,
    HelpTakenV2,
)
from kit.auth import Principal
from kit.database import engine
from monitoring import shares
from monitoring.alerts.rules import SnoozeReason, Verdict
from monitoring.alerts.rules.refusals import AlertEnded, NotTheSameHousehold
from monitoring.care import service as care
from monitoring.cases import queries as case_rows
from monitoring.cases import service as cases
from monitoring.cases.rules import Measure, Move, Step
from monitoring.help import service as help_
from monitoring.help.rules import OFFERS
from monitoring.help.rules.refusals import HelpAsked, OfferMisses
from monitoring.profile import service as profile_service
from monitoring.rebuild import rebuild

START = date(2023, 12, 20)


@pytest.fixture(scope="module")
async def owner(dsns: Any) -> AsyncIterator[AsyncEngine]:
    held = engine(dsns.owner)
    yield held
    await held.dispose()


def _something(home: Home, other: Home, today: date, random: Random) -> list[Sent]:
    match random.randrange(9):
        case 8:
            amount = random.choice(["6800", "6800.5", "200.00"])
            return [home.rejects(amount, today, revision=random.randrange(1, 4))]
        case 0:
            return [home.loses(today)]
        case 1:
            return [home.loses(today, revision=random.randrange(2, 5), void=random.random() < 0.5)]
        case 2:
            return [home.starts(today, random.randrange(2, 4))]
        case 3:
            return [home.paid(f"{today:%Y-%m}", random.randrange(500, 9000), key=random.choice([home, other]).id)]
        case 4:
            return [home.earns(random.choice([500, 9_000, 60_000]), revision=random.randrange(2, 9))]
        case 5:
            return [home.struck(today, revision=random.randrange(1, 9), resolved_on=random.choice([None, today]))]
        case 6:
            return [home.given("industry", "labour_shortage", today)]
        case _:
            return [other.joined(home.head, aggregate_revision=random.randrange(2, 9), since=today)]


OFFICER = Principal(subject="village-1", department="village", rights=frozenset(), paths=("5301/",))


async def _handle(feed: Feed, today: date, random: Random) -> None:
    """An officer does something about an alert that is open, or judges one that is closed."""
    rows = await feed.rows("SELECT id, household_id, state FROM alerts WHERE state <> 'retracted' ORDER BY id")
    if not rows:
        return
    row = random.choice(rows)
    others = [r.id for r in rows if r.household_id == row.household_id and r.state == "open" and r.id != row.id]
    # Beside live flow the alert may end while the officer waits for his turn.
    with suppress(AlertEnded):
        await _handled(feed, row, others, today, random)


async def _pay(feed: Feed, home: Home, other: Home, today: date, random: Random) -> None:
    """A public payment arrives or comes back, to the household or to somebody who may have moved."""
    person, amount = random.choice([None, home.head, other.head]), random.choice(["300.00", "1200", "9000.5"])
    revision, months = random.randrange(1, 7), random.choice([("2023-01", "2023-12"), (f"{today:%Y-%m}",) * 2])
    told: dict[str, Any] = {"person": person, "months": months, "counts": random.random() < 0.8}
    sent = home.transfer(amount, today, revision=revision, back=revision % 2 == 0, n=random.randrange(2), **told)
    await feed.send(sent)


async def _ask_for_help(feed: Feed, today: date, random: Random) -> None:
    """An officer asks a department for help; a department answers something, in some order."""
    rows = await feed.rows("SELECT id FROM alerts WHERE state = 'open' ORDER BY id")
    if rows:
        with suppress(AlertEnded, OfferMisses, HelpAsked):
            async with feed.engine.begin() as tx:
                await help_.ask_for_alert(tx, random.choice(rows).id, random.choice(list(OFFERS)), OFFICER)
    asked = await feed.rows("SELECT * FROM help_requests ORDER BY id")
    if not asked:
        return
    row, kind = random.choice(asked), random.randrange(4)
    common = {"request_id": row.id, "offer": row.offer, "causes": row.causes, "asked_on": row.asked_on,
              "business_date": today, "officer": row.service, "category": "employment", "development": True,
              "taken_on": random.choice([None, today])}  # fmt: skip
    first = row.offer in set(FirstOffer) and random.random() < 0.5
    if kind == 0:
        data: Any = (HelpTaken if first else HelpTakenV2)(**common)
    elif kind == 1:
        data = (HelpDeclined if first else HelpDeclinedV2)(**common, reason="no_capacity")
    else:
        data = (HelpProvided if first else HelpProvidedV2)(**common, reference=row.id, provided_on=today)
    answer = Sent(data, row.household_id, fact_id=row.id, revision=random.randrange(2, 12), void=kind == 3,
                  source=row.service)  # fmt: skip
    await feed.send(answer)


async def _go_on_with_a_case(feed: Feed, home: Home, today: date, random: Random) -> None:
    """A household is put on the list, or its case names a measure."""
    async with feed.engine.begin() as tx:
        known = await case_rows.standing(tx, home.id)
        if known is None:
            listed = {"category": "unstable", "causes": ("illness", "labour_shortage"), "identified_on": today}
            await cases.open_case(tx, home.id, Step(move=Move.LOAD, on=today, officer="", **listed), OFFICER)
        else:
            measure = random.choice([Measure.HEALTH, Measure.INDUSTRY])
            step = Step(move=Move.MEASURE, on=today, officer="", cause="illness", measure=measure)
            await cases.take_step(tx, known.id, step, version=known.version, who=OFFICER)


async def _handled(feed: Feed, row: Any, others: list[Any], today: date, random: Random) -> None:
    async with feed.engine.begin() as tx:
        match random.randrange(4):
            case 0 if row.state == "open":
                await care.acknowledge(tx, row.id, OFFICER)
            case 1 if row.state == "open":
                until = today + timedelta(days=random.randrange(1, 10))
                await care.snooze(tx, row.id, until=until, reason=SnoozeReason.AWAY, who=OFFICER)
            case 2 if row.state == "open" and others:
                finding = care.Finding(verdict=Verdict.DUPLICATE, helped_on=None, duplicate_of=random.choice(others))
                with suppress(NotTheSameHousehold):
                    await care.judge(tx, row.id, finding, OFFICER)
            case _:
                verdict = random.choice([Verdict.CONFIRMED, Verdict.UNFOUNDED, Verdict.HELPED])
                helped_on = today if verdict is Verdict.HELPED else None
                finding = care.Finding(verdict=verdict, helped_on=helped_on, duplicate_of=None)
                await care.judge(tx, row.id, finding, OFFICER)


async def test_live_flow_and_rebuild_are_identical(
    feed: Feed, owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, helping, paying = Random(7), Random(8), Random(9)
    homes = [Home() for _ in range(12)]
    await feed.day(START)
    for home in homes:
        await feed.send(*home.settled(random.choice([1_000, 20_000, 90_000])), each=random.random() < 0.5)
    today = START
    for _ in range(60):
        events = [
            event for _ in range(random.randrange(4)) for event in _something(*random.sample(homes, 2), today, random)
        ]
        if events:
            await feed.send(*events, each=random.random() < 0.3)
        if random.random() < 0.6:
            await _handle(feed, today, random)
        if random.random() < 0.4:
            await _go_on_with_a_case(feed, random.choice(homes), today, random)
        await _ask_for_help(feed, today, helping)
        await _pay(feed, *paying.sample(homes, 2), today, paying)
        today += timedelta(days=1)
        await feed.day(today, sweep=random.random() < 0.4)
    await feed.sweep()
    monkeypatch.setattr(profile_service, "MOST_REMEMBERED", 0)
    forgetful = await rebuild(owner, feed.engine)
    assert forgetful.identical, f"what a process remembers makes no difference: {forgetful!r}"
    monkeypatch.undo()
    monkeypatch.setattr(shares, "HOUSEHOLDS", 4)
    async with owner.begin() as tx:
        divided = [await shares.how_many(tx, processes) for processes in (1, 2, 5)]
    assert divided == [3, 4, 5], "as many rounds as are needed, and in the last one too nobody is idle"
    report = await rebuild(owner, feed.engine, processes=2)
    assert report.identical, f"how many processes replay makes no difference: {report!r}"
    compared = {table.table: table.rows for table in report.tables}
    assert min(compared["profiles"], compared["alerts"], compared["follow_ups"]) >= 12
    assert compared["alert_acts"] >= 12
    assert compared["case_steps"] >= 12
    assert compared["help_requests"] >= 6
    assert "AlertHandedUp" in {n for home in homes for n in await feed.told(home.id)}


async def test_a_sweep_beside_live_flow_replays_the_same(feed: Feed, owner: AsyncEngine) -> None:
    random = Random(11)
    homes = [Home() for _ in range(10)]
    today = START + timedelta(days=61)
    await feed.day(today)
    for home in homes:
        await feed.send(*home.settled(random.choice([1_000, 20_000, 90_000])))
    for _ in range(15):
        today += timedelta(days=1)
        await feed.day(today, sweep=False)
        events = [event for _ in range(4) for event in _something(*random.sample(homes, 2), today, random)]
        case = _go_on_with_a_case(feed, random.choice(homes), today, random)
        await asyncio.gather(feed.send(*events), _handle(feed, today, random), case, feed.sweep(3), feed.sweep(5))
    await feed.sweep()
    report = await rebuild(owner, feed.engine)
    assert report.identical, repr(report)


async def test_an_act_does_not_see_the_fact_behind_it(feed: Feed, owner: AsyncEngine) -> None:
    home = Home()
    today = START + timedelta(days=150)
    await feed.day(today)
    await feed.send(*home.settled(1_000))
    await feed.send(home.loses(today))
    await feed.day(today + timedelta(days=1))
    alert = await feed.alert(home.id, "work.job_lost")
    async with feed.engine.begin() as tx:
        await care.acknowledge(tx, alert.id, OFFICER)
    await feed.sweep()
    await feed.send(home.earns(60_000, revision=2))
    # Live the sweep took the act up alone; in the replay act and fact come in one part.
    report = await rebuild(owner, feed.engine)
    assert report.identical, repr(report)


async def test_a_fact_that_was_nobody_s_at_first_is_its_household_s_in_whatever_share(
    feed: Feed, owner: AsyncEngine
) -> None:
    homes = [Home() for _ in range(8)]
    today = START + timedelta(days=152)
    await feed.day(today)
    for home in homes:
        lost = home.loses(today)
        nobodys = lost.data.model_copy(update={"person_id": None})
        await feed.send(replace(lost, data=nobodys, key=lost.fact_id, household=False))
        await feed.send(*home.settled(20_000))
        await feed.send(home.loses(today, revision=2))
    report = await rebuild(owner, feed.engine, processes=2)
    assert report.identical, repr(report)


async def test_a_changed_row_is_found(feed: Feed, owner: AsyncEngine) -> None:
    async with feed.engine.begin() as tx:
        await tx.execute(
            text("UPDATE alerts SET version = version + 1 WHERE number = (SELECT max(number) FROM alerts)")
        )
    report = await rebuild(owner, feed.engine)
    assert not report.identical


async def test_a_swap_mends_what_was_damaged_and_the_flow_goes_on(feed: Feed, owner: AsyncEngine) -> None:
    homes = [Home() for _ in range(6)]
    today = START + timedelta(days=200)
    await feed.day(today)
    for home in homes:
        await feed.send(*home.settled(20_000))
    async with owner.begin() as tx:
        lost = await _damage(tx, homes)
    # A worker that started after the damage works with what it found.
    feed.profiles._remembered.clear()
    await feed.send(homes[2].paid(f"{today:%Y-%m}", 3_000, key=homes[2].id))

    found = await rebuild(owner, feed.engine)
    named = {table.table: table for table in found.tables}
    assert not found.holds
    assert lost in named["facts"].missing
    assert str(homes[0].id) in named["profiles"].missing

    swapped = await rebuild(owner, feed.engine, swap=True)
    assert swapped.swapped
    assert not swapped.identical

    for home in homes:
        await feed.send(home.loses(today), home.paid(f"{today:%Y-%m}", 4_000, key=home.id))
    await feed.day(today + timedelta(days=1))
    await feed.sweep()
    after = await rebuild(owner, feed.engine)
    assert {table.table: table.different for table in after.tables if table.table != "follow_ups"} == {
            "facts": 0, "profiles": 0, "alerts": 0, "alert_acts": 0, "cases": 0, "case_steps": 0, "level_counts": 0,
            "indicator_values": 0, "consents": 0, "help_requests": 0, "month_ends": 0,
            "gates": 0, "policy_values": 0,
    }  # fmt: skip


async def _damage(tx: AsyncConnection, homes: list[Home]) -> str:
    """As a slip of the hand would: a fact and a profile gone, an amount changed, counts emptied."""
    for table in ("facts", "profiles"):
        await tx.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
    one = (
        "DELETE FROM facts WHERE fact_id = (SELECT fact_id FROM facts WHERE household_id = :home AND"
        " kind = 'IncomeRecorded' LIMIT 1) RETURNING fact_id"
    )
    lost = str((await tx.execute(text(one), {"home": homes[1].id})).scalar_one())
    await tx.execute(text("DELETE FROM profiles WHERE household_id = :home"), {"home": homes[0].id})
    wrong = (
        "UPDATE facts SET data = jsonb_set(data, '{wage}', '\"1.00\"')"
        " WHERE household_id = :home AND kind = 'IncomeRecorded'"
    )
    await tx.execute(text(wrong), {"home": homes[2].id})
    for table in ("facts", "profiles"):
        await tx.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    return lost
