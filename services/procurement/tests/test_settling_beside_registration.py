"""A payment and the registration of whoever it is for meet: the household has the money, once."""

import asyncio
from typing import Any

from sqlalchemy import text

from directory.testing import World, somebody

from .conftest import Office


async def test_a_registration_waits_for_a_payment_under_way_and_takes_what_it_wrote(
    office: Office, world: World, eventually: Any
) -> None:
    """The payment holds the share while it waits for the order's row; the registration then finds its sale."""
    person = somebody()
    order = await office.place(await office.buyer(), {"person": person.named, "amount": "100.00"})
    await office.delivers(order, accepted="100.00")

    async def waiting(locks: int) -> bool:
        return len(await world.rows("SELECT 1 FROM pg_locks WHERE NOT granted")) >= locks

    async with world.engine.begin() as slow:
        await slow.execute(text("SELECT 1 FROM orders WHERE id = :id FOR UPDATE"), {"id": order["id"]})
        payment = asyncio.create_task(office.pays(order, amount="100.00"))
        await eventually(lambda: waiting(1))
        registration = asyncio.create_task(world.registers(person))
        await eventually(lambda: waiting(2))
    paid, _ = await asyncio.gather(payment, registration)
    [sale] = paid["sales"]
    assert not sale["matched"], "nobody knew the household when it was paid"
    told = await world.published(person.household_id, "HouseholdSalePaid")
    assert [(revision, void, data["amount"]) for _, revision, void, data in told] == [(2, False, "100.00")]
    [row] = await world.rows("SELECT household_id FROM sales WHERE id = :id", id=sale["id"])
    assert row.household_id == person.household_id
