"""Two workers on one household: whoever locks it first has the lower number, so that a replay sees what happened."""

import asyncio
from datetime import date
from typing import Any

from monitoring_feed import Feed, Home

from events.locks import locked

TODAY = date(2024, 3, 4)


async def test_numbers_stand_in_the_order_in_which_a_household_was_handled(
    feed: Feed, dsns: Any, eventually: Any
) -> None:
    second = await Feed.open(dsns, partition=1)
    home, elsewhere = Home(), Home()
    await feed.day(TODAY)
    await feed.send(*home.settled(), *elsewhere.settled())

    async def waits() -> bool:
        return bool(await feed.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
                                    "current_database()"))  # fmt: skip

    async with second.engine.begin() as tx:
        await locked(tx, {home.id})
        # Under the key of another household: its number is drawn, then it waits for this one.
        wage = asyncio.create_task(feed.send(home.paid("2023-09", 3000, key=elsewhere.id)))
        await eventually(waits)
        await second.processor.apply(tx, [second.record(home.loses(TODAY))], second.owners)
    await wage
    received = await feed.rows("SELECT type FROM received_log WHERE type LIKE '%.employment.%' ORDER BY number")
    assert [row.type.split(".")[-2] for row in received][-2:] == ["EmploymentEnded", "WagePaid"]
    report = await feed.rebuilt()
    await second.close()
    assert report.identical, repr(report)
