"""The pay day is policy: set by two persons, and waited for from then on."""

from directory.testing import World, somebody
from kit.testing import Clerk

VILLAGE = "5301/530129/530129101/530129101299/"
"""a village of 寻甸 in which nobody else of these tests lives"""


async def test_wages_are_waited_for_until_the_pay_day_that_two_persons_set(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    here, elsewhere = await world.registers(somebody(VILLAGE)), await world.registers(somebody())
    for person in (here, elsewhere):
        job = {"started_on": "2023-10-01", "channel": "migrant", "monthly_wage": "3200.00"}
        await clerk.done("/v1/spells", {"person": person.named, **job})
    later = await clerk.sets(
        {
            "name": "wage.pay_day", "path": VILLAGE, "valid_from": "2023-11-01", "value": "20",
            "document": "某县人社局〔2023〕8号", "clause": "第二条", "confidence": "official",
        }
    )  # fmt: skip
    shown = (await clerk.get("/v1/policies?name=wage.&on=2023-11-01")).json()
    assert [(value["path"], value["unit"]) for value in shown if value["id"] == later["id"]] == [
        (VILLAGE, "day_of_month")
    ]

    async def missed() -> list[int]:
        return [len(await world.published(person.household_id, "WageMissed")) for person in (here, elsewhere)]

    await world.day("2023-11-18")
    assert await missed() == [0, 1]
    await world.day("2023-11-21")
    assert await missed() == [1, 1]


async def test_a_month_has_no_thirty_second_day(clerk: Clerk) -> None:
    body = {
        "name": "wage.pay_day", "valid_from": "2023-11-01", "value": "32", "document": "某文", "clause": "某条",
        "confidence": "demo",
    }  # fmt: skip
    assert (await clerk.post("/v1/policy-drafts", body)).json()["code"] == "not-of-its-unit"
