"""Canary values go through the whole platform; nothing that leaves a sealed column may sing."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from events.topology import PARTITIONS, all_topics
from kit.testing import certificate
from stack.traces import read_trace

NAME, PHONE, HELPER = "司徒金丝雀", "13912345678", "端木金丝雀"
NUMBER = certificate(777, date(1979, 9, 9))
CANARIES = (NAME, PHONE, HELPER, NUMBER)
REGIONS = Path(__file__).parents[2] / "data" / "kunming_regions.csv"


async def sing(http: httpx2.AsyncClient) -> list[httpx2.Response]:
    """Post canaries everywhere, rightly and wrongly; gives every answer."""
    named = {"certificate": NUMBER, "household_number": "53012800777"}
    wage = {"person": named, "month": "2023-09", "amount": "3200.00"}
    loan = {"person": named, "loan_number": "XD-7", "product": "petty_loan", "due_on": "2023-09-20", "amount": "9.00"}
    insured = {
        "insured": {"person": named}, "kind": "medical", "policy_number": "HMB-7", "starts_on": "2023-01-01",
        "ends_on": "2023-12-31", "sum_insured": "50000.00", "paid_by_household": "69.00",
    }  # fmt: skip
    share = {"person": named, "amount": "500.00"}
    order = {"order_number": "D-7", "cancelled_on": "2023-10-01", "cause": "buyer", "shares": [share]}
    member = {"certificate": NUMBER, "name": NAME, "relation": "户主", "phone": PHONE}
    home = {
        "number": "53012800777", "region_code": "530128001001", "household_type": "lifted", "members": [member],
        "stated_on": "2023-10-15",
    }  # fmt: skip
    posts: list[tuple[str, Any]] = [
        ("/employment/v1/wages", wage),
        ("/employment/v1/wages", wage | {"month": NAME}),
        ("/employment/v1/wages", wage | {"person": named | {NAME: PHONE}}),
        ("/finance/v1/missed-repayments", loan),
        ("/finance/v1/missed-repayments", loan | {"loan_number": f"{NAME} {NUMBER}"}),
        ("/procurement/v1/cancelled-orders", order),
        ("/procurement/v1/cancelled-orders", order | {"cause": PHONE}),
        ("/households/v1/households", home),
        ("/households/v1/households", home | {"number": NAME}),
        ("/households/v1/households", home | {"members": [member | {"relation": NAME}]}),
        ("/households/v1/households:search", {"certificate": NUMBER + PHONE}),
        ("/monitoring/v1/policy-drafts", {"name": NAME, "value": PHONE}),
        ("/finance/v1/insurance-policies", insured),
        ("/finance/v1/insurance-policies", insured | {"policy_number": f"{NAME} {NUMBER}"}),
    ]
    answers = [await http.post(path, json=body, headers={"idempotency-key": f"canary-{n}"}) for n, (path, body) in
               enumerate(posts)]  # fmt: skip
    answers += [
        await http.get(f"/households/v1/persons/{NUMBER}"),
        await http.get(f"/monitoring/v1/alerts?rule={NAME}"),
    ]
    helper = {"name": HELPER, "organisation": "农业农村局", "phone": PHONE, "since": "2023-10-01"}
    registered = answers[7].json()
    answers.append(await http.post(f"/households/v1/households/{registered['id']}/helpers", json=helper))
    return answers


async def test_no_person_is_named_outside_sealed_columns(platform: Any, eventually: Any) -> None:
    async with platform.client() as http:
        if not (await http.get("/households/v1/regions", params={"page_size": 1})).json()["items"]:
            await http.post("/households/v1/regions:import?valid_from=2020-01-01", content=REGIONS.read_bytes(),
                            headers={"content-type": "text/csv"})  # fmt: skip
            await http.post("/households/v1/business-date:advance", json={"to": "2023-10-15"})
        answers = await sing(http)
        codes = [answer.status_code for answer in answers]
        assert all(code in (200, 201) for code in (codes[0], codes[3], codes[5], codes[7], codes[12], codes[-1])), codes
        assert sum(400 <= code < 500 for code in codes) == 11, codes
        wage = answers[0].json()["id"]

        async def matched() -> bool:
            return (await http.get(f"/employment/v1/wages/{wage}")).json()["matched"] is True

        await eventually(matched)
    found = {f"answer {n}": answer.text for n, answer in enumerate(answers) if answer.status_code >= 400}
    found |= {f"location {n}": str(answer.headers.get("location")) for n, answer in enumerate(answers)}
    found |= await topics(platform.running.kafka)
    for service, dsns in platform.running.databases.items():
        found |= await tables(service, dsns["worker"])
    await eventually(lambda: bool(read_trace(platform.state.traces, answers[7].headers["x-trace-id"])))
    written = [*platform.state.logs.rglob("*"), *platform.state.traces.rglob("*")]
    found |= {str(path): path.read_text(errors="replace") for path in written if path.is_file()}
    assert len(found["households.event_log"]) > 1_000
    assert any(name.startswith("topic employment") and content for name, content in found.items())
    for canary in CANARIES:
        for shape in (canary, canary.encode().hex(), ascii(canary)[1:-1]):
            assert [name for name, content in found.items() if shape in content] == [], shape


async def topics(bootstrap: str) -> dict[str, str]:
    """Everything on every topic: keys, headers and values."""
    places = [TopicPartition(name, number) for name in all_topics() for number in range(PARTITIONS)]
    found = dict.fromkeys((f"topic {name}" for name in all_topics()), "")
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
        consumer.assign(places)
        quiet = 0
        while quiet < 3:
            polled = await consumer.getmany(timeout_ms=500)
            quiet = 0 if polled else quiet + 1
            for place, records in polled.items():
                parts = [str((r.key, r.headers)) + (r.value or b"").decode(errors="replace") for r in records]
                found[f"topic {place.topic}"] += "".join(parts)
    return found


async def tables(service: str, dsn: str) -> dict[str, str]:
    """Every row of every table the worker may read."""
    engine = create_async_engine(make_url(dsn).set(drivername="postgresql+asyncpg"))
    names = text("""
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND has_table_privilege(oid, 'SELECT')
    """)
    found = {}
    async with engine.connect() as connection:
        for name in (await connection.execute(names)).scalars().all():
            rows = (await connection.execute(text(f"SELECT to_jsonb(t)::text FROM {name} AS t"))).scalars()
            found[f"{service}.{name}"] = "".join(rows)
            await asyncio.sleep(0)
    await engine.dispose()
    return found
