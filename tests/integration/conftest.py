"""What stories across services begin with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kit.testing import certificate

REGIONS = Path(__file__).parents[2] / "data" / "kunming_regions.csv"
TODAY = "2023-10-15"

Posts = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def http(platform: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """The gateway, as the city's office, with Kunming's regions known and the business date begun."""
    async with platform.client() as client:
        regions = await client.get("/households/v1/regions", params={"page_size": 1})
        if not regions.json()["items"]:
            told = await client.post(
                "/households/v1/regions:import",
                params={"valid_from": "2020-01-01"},
                content=REGIONS.read_bytes(),
                headers={"content-type": "text/csv"},
            )
            assert told.status_code in (200, 201), told.text
            told = await client.post("/households/v1/business-date:advance", json={"to": TODAY})
            assert told.status_code in (200, 201), told.text
        yield client


@pytest.fixture
def post(http: httpx2.AsyncClient) -> Posts:
    """Posts something that must be accepted; gives the answer."""

    async def posted(path: str, json: Any = None, **options: Any) -> dict[str, Any]:
        answer = await http.post(path, json=json, **options)
        assert answer.status_code in (200, 201, 202), answer.text
        return dict(answer.json())

    return posted


@pytest.fixture
def household(post: Posts) -> Callable[[int], Awaitable[dict[str, Any]]]:
    """Registers a household of one person; the serial makes its numbers its own."""

    async def registered(serial: int, born: date = date(1984, 3, 7)) -> dict[str, Any]:
        return await post(
            "/households/v1/households",
            {
                "number": f"530128{serial:05d}",
                "region_code": "530128001001",
                "household_type": "lifted",
                "members": [{"certificate": certificate(serial, born), "name": "张小三", "relation": "户主"}],
                "stated_on": TODAY,
            },
        )

    return registered
