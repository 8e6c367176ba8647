"""No name, certificate or phone of a person leaves the sealed columns: not in events, rows, logs or refusals."""

import pytest

from .conftest import DONGCHUAN, Clerk, Database, People

NAME, PHONE, HELPER, HELPER_PHONE = "欧阳金丝雀", "13987654321", "诸葛金丝雀", "13876543210"


async def test_canaries_stay_in_the_cage(
    clerk: Clerk, people: People, db: Database, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    caplog.set_level("WARNING", logger="httpx2")  # the test's own client
    person = people.person(phone=PHONE) | {"name": NAME}
    certificate = person["certificate"]
    body = people.household(person)
    refusals = []
    home = await clerk.made("/v1/households", body, headers={"idempotency-key": "canary-0001"})
    refusals.append(await clerk.post("/v1/households", people.household(person)))
    refusals.append(await clerk.of(DONGCHUAN).post("/v1/households:search", {"certificate": certificate}))
    refusals.append(await clerk.post("/v1/households", body | {"members": [person | {"relation": NAME}]}))
    refusals.append(await clerk.post("/v1/households", body | {NAME: certificate}))
    refusals.append(await clerk.post("/v1/households", body | {"members": [person | {"phone": [PHONE]}]}))
    refusals.append(await clerk.post("/v1/households", body | {"number": f"{NAME} {certificate}"}))
    refusals.append(await clerk.post("/v1/households:search", {"certificate": f"{certificate}{PHONE}"}))
    refusals.append(await clerk.get(f"/v1/households?name={NAME}"))
    refusals.append(await clerk.get(f"/v1/persons/{certificate}"))
    assert all(400 <= answer.status_code < 500 for answer in refusals)

    one = f"/v1/persons/{home['members'][0]['id']}"
    await clerk.send("PATCH", one, version=1, json={"name": NAME + "二"})
    await clerk.post(f"{one}:reveal")
    helper = {"name": HELPER, "organisation": "农业农村局", "phone": HELPER_PHONE, "since": "2023-10-01"}
    await clerk.made(f"/v1/households/{home['id']}/helpers", helper)

    told = capfd.readouterr()
    places = {
        "refusals": "".join(answer.text for answer in refusals),
        "addresses": "".join(str(answer.headers.get("location")) for answer in refusals),
        "stdout": told.out,
        "stderr": told.err,
        "logs": caplog.text,
        **{table: await _dump(db, table) for table in await _tables(db)},
    }
    assert len(places["event_log"]) > 1000
    for canary in (NAME, certificate, PHONE, HELPER, HELPER_PHONE):
        # clear text in a binary column shows as hex
        for trace in (canary, canary.encode().hex()):
            assert [place for place, text in places.items() if trace in text] == []


async def _tables(db: Database) -> list[str]:
    rows = await db.rows(
        "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'households_worker'"
        " AND privilege_type = 'SELECT'"
    )
    return [name for (name,) in rows]


async def _dump(db: Database, table: str) -> str:
    return "".join(row[0] for row in await db.rows(f"SELECT to_jsonb(t)::text FROM {table} t"))
