"""Every decision stands in the chain; whoever changes a row by hand is found, and the row is named."""

from datetime import UTC, date, datetime
from typing import Any

from monitoring_feed import Feed, Home
from monitoring_officer import DONGCHUAN, Officer
from sqlalchemy import text

from kit.chain import FIRST
from kit.database import begin, engine
from monitoring.decisions.service import lengthen
from stack.chaining import Anchor, Verified, verify

START = date(2023, 10, 15)


async def chain(feed: Feed) -> int:
    async with begin(feed.engine) as tx:
        return await lengthen(tx)


async def verified(dsns: Any, anchors: Any = ()) -> Verified:
    return await verify({"monitoring": {"worker": dsns.worker}}, anchors)


async def by_hand(dsns: Any, statement: str, **values: object) -> None:
    owner = engine(dsns.owner)
    async with owner.begin() as tx:
        await tx.execute(text("ALTER TABLE decisions NO FORCE ROW LEVEL SECURITY"))
        changed = await tx.execute(text(statement), values)
        assert changed.rowcount == 1
        await tx.execute(text("ALTER TABLE decisions FORCE ROW LEVEL SECURITY"))
    await owner.dispose()


async def decided(feed: Feed, officer: Officer) -> Home:
    """Something of every kind."""
    await feed.day(START)
    home = Home()
    await feed.send(*home.settled())
    await feed.send(home.loses(START))
    alert = await feed.alert(home.id, "work.job_lost")
    clue = {"household_id": str(home.id), "channel": "alert", "causes": ["unstable_work"], "alert_id": str(alert.id)}
    draft = {
        "name": "help.days", "value": "10.00", "valid_from": "2023-10-15", "document": "演示", "clause": "演示",
        "confidence": "demo",
    }  # fmt: skip
    drafts = [(await officer.post("/v1/policy-drafts", draft)).json()["id"] for _ in range(2)]
    for path, body, who in (
        (f"alerts/{alert.id}:acknowledge", None, officer),
        (f"alerts/{alert.id}:judge", {"verdict": "confirmed"}, officer),
        ("cases", clue, officer),
        (f"policy-drafts/{drafts[0]}:release", None, officer.named("second")),
        (f"policy-drafts/{drafts[1]}:withdraw", None, officer),
    ):
        answer = await who.post(f"/v1/{path}", body)
        assert answer.is_success, answer.text
    return home


async def test_a_row_that_somebody_changes_by_hand_is_named(feed: Feed, officer: Officer, dsns: Any) -> None:
    assert (await verified(dsns)).hash == FIRST
    home = await decided(feed, officer)
    assert (await verified(dsns)).waiting == 5
    assert (await chain(feed), await chain(feed)) == (5, 0)
    whole = await verified(dsns)
    assert (whole.holds, whole.rows, whole.waiting) == (True, 5, 0)

    page = await officer.read("/v1/decisions", params={"household_id": str(home.id)})
    kinds = [(row["kind"], row["officer"], row["decided_on"]) for row in reversed(page["items"])]
    assert kinds == [(kind, "officer", "2023-10-15") for kind in ("AlertAcknowledged", "AlertJudged", "CaseOpened")]
    [raised] = await feed.rows(
        "SELECT id, causation_id FROM event_log WHERE household_id = :id AND type LIKE '%.AlertRaised.%'", id=home.id
    )
    judged = page["items"][1]
    assert judged["evidence"]["told"] == str(raised.id)
    assert judged["evidence"]["caused_by"] == str(raised.causation_id)
    assert "work.job_lost.days@" in judged["evidence"]["policy"]
    assert (await officer.of(DONGCHUAN).read("/v1/decisions"))["items"] == []

    for statement, back, number, why in (
        ("UPDATE decisions SET officer = 'wang' WHERE number = 2", "UPDATE decisions SET officer = 'officer'"
         " WHERE number = 2", 2, "its content does not match its hash"),
        ("UPDATE decisions SET number = 99 WHERE number = 3", "UPDATE decisions SET number = 3 WHERE number = 99",
         3, "row 3 is missing"),
    ):  # fmt: skip
        await by_hand(dsns, statement)
        found = (await verified(dsns)).first_broken
        assert found is not None
        assert (found.number, found.en) == (number, why)
        await by_hand(dsns, back)
    assert (await verified(dsns)).holds


async def test_an_anchor_knows_what_was_cut_off_or_chained_anew(feed: Feed, officer: Officer, dsns: Any) -> None:
    await decided(feed, officer)
    await chain(feed)
    before = await verified(dsns)
    anchor = Anchor(service="monitoring", number=before.rows, hash=before.hash, at=datetime(2023, 10, 16, tzinfo=UTC))
    assert (await verified(dsns, [anchor])).anchors == 1
    [last] = await feed.rows("SELECT * FROM decisions ORDER BY number DESC LIMIT 1")
    await by_hand(dsns, "DELETE FROM decisions WHERE number = :number", number=last.number)
    cut = (await verified(dsns, [anchor])).first_broken
    assert cut is not None
    assert cut.number == last.number
    # The worker chains it again, the same: nothing was lost, and the anchor agrees.
    assert await chain(feed) == 1
    assert (await verified(dsns, [anchor])).holds
    stranger = anchor.model_copy(update={"hash": "f" * 64})
    found = (await verified(dsns, [stranger])).first_broken
    assert found is not None
    assert found.en == "it differs from the anchor of 2023-10-16"
