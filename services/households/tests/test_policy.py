"""How large a grid may be is policy: set by two persons, and read from then on."""

from typing import Any

from fastapi import FastAPI
from joserfc.jwk import RSAKey

from kit.testing import Clerk as Office

from .conftest import CITY, Clerk, People

RIGHTS = "households-policy:read households-policy:write households-policy:approve"
REGION = "530128001014"
VILLAGE = f"5301/530128/530128001/{REGION}/"


async def test_a_grid_is_too_large_by_the_size_that_two_persons_set(
    app: FastAPI, signer: RSAKey, clerk: Clerk, people: People
) -> None:
    homes = [await clerk.made("/v1/households", people.household(region=REGION)) for _ in range(2)]
    grid = await clerk.made("/v1/grids", {"village_code": REGION, "name": "第一网格"})
    placed = await clerk.made(f"/v1/grids/{grid['code']}:place", {"household_ids": [home["id"] for home in homes]})
    assert (placed["households"], placed["over"]) == (2, False)
    office = Office.before(app, rights=RIGHTS, signer=signer)
    size: dict[str, Any] = {
        "name": "duty.grid_households", "path": VILLAGE, "valid_from": "2024-01-01", "value": "1",
        "document": "某县〔2024〕5号", "clause": "第四条", "confidence": "official",
    }  # fmt: skip
    far = await office.as_(paths=["5301/530113/"]).post("/v1/policy-drafts", size)
    assert (far.status_code, far.json()["code"]) == (403, "policy-out-of-area")
    released = await office.sets(size)
    [shown] = (await clerk.get(f"/v1/grids?path={VILLAGE}")).json()
    assert (shown["households"], shown["over"]) == (2, True)
    known = (await office.get("/v1/policies?name=duty.&on=2024-06-30")).json()
    assert {value["path"]: (value["unit"], value["corrected_by"]) for value in known} == {
        CITY: ("count", None),
        VILLAGE: ("count", None),
    }
    assert released["id"] in {value["id"] for value in known}
    await office.http.aclose()
