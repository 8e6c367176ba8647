"""The procurement service on a real PostgreSQL; what households publishes is handed to its handlers directly."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from directory.testing import World
from kit.cipher import FieldCipher
from kit.database import engine
from kit.keys import Keys
from kit.migrations import upgrade_async
from kit.testing import ISSUER, Clerk, credit_code
from procurement.app import create
from procurement.settings import Settings
from procurement.worker import HANDLERS
from stack.postgres import Dsns, Postgres

RIGHTS = (
    "buyers:read buyers:write buyers:approve orders:read orders:write sales:read sales:write"
    " procurement-help:read procurement-help:write"
    " procurement-policy:read procurement-policy:write procurement-policy:approve"
)


@pytest.fixture(scope="session")
async def database(postgres: Postgres) -> Dsns:
    dsns = postgres.create_service_database("procurement")
    await upgrade_async("procurement", dsns.owner)
    return dsns


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    Keys.generate().write(file)
    return file


@pytest.fixture(scope="session")
async def app(database: Dsns, keys_file: Path) -> AsyncIterator[FastAPI]:
    app = create(
        Settings(app_dsn=database.app, issuer=ISSUER, jwks_url="http://issuer.invalid/jwks", keys_file=keys_file)
    )
    yield app
    await app.state.running.engine.dispose()


@pytest.fixture(scope="session")
async def worker(database: Dsns) -> AsyncIterator[AsyncEngine]:
    held = engine(database.worker)
    yield held
    await held.dispose()


@pytest.fixture(scope="session")
def world(worker: AsyncEngine, keys_file: Path) -> World:
    return World(worker, FieldCipher(Keys.load(keys_file)), HANDLERS)


@pytest.fixture(scope="session")
async def clerk(app: FastAPI) -> AsyncIterator[Clerk]:
    """The office that runs public procurement."""
    held = Clerk.before(app, rights=RIGHTS)
    yield held
    await held.http.aclose()


COUNTY, COUNTY_CODE = "5301/530128/", "530128000000"
"""禄劝"""

_serial = count(1)


@pytest.fixture(scope="session")
async def office(clerk: Clerk, world: World) -> "Office":
    """The office, in a city that knows its regions."""
    await world.start("2024-05-25")
    await world.region("530100000000", "5301/")
    await world.region(COUNTY_CODE, COUNTY)
    await world.region("530129000000", "5301/530129/")
    await world.region("530127000000", "5301/530127/")
    return Office(clerk)


@dataclass(frozen=True)
class Office:
    """The office that runs public procurement: buyers and orders in a few words."""

    clerk: Clerk

    async def buyer(self, **given: Any) -> dict[str, Any]:
        """A budget unit of 禄劝 with a canteen, or another buyer."""
        n = next(_serial)
        body = {
            "kind": "budget_unit", "name": f"某预算单位{n}", "credit_code": credit_code(n), "region_code": COUNTY_CODE,
            "canteen": "own",
        }  # fmt: skip
        return await self.clerk.done("/v1/buyers", body | given)

    async def place(self, buyer: dict[str, Any], *shares: dict[str, Any], **given: Any) -> dict[str, Any]:
        """An order of the canteen, taken on the next day; from a cooperative where `amount` is given."""
        order = await self.clerk.done("/v1/orders", self.order(buyer, *shares, **given))
        path = f"/v1/orders/{order['id']}"
        taken = await self.clerk.post(f"{path}:accept", {"accepted_on": "2024-05-03"}, version=1)
        assert taken.status_code == 200, taken.text
        return dict((await self.clerk.get(path)).json())

    def order(self, buyer: dict[str, Any], *shares: dict[str, Any], **given: Any) -> dict[str, Any]:
        """What is sent to place it."""
        body: dict[str, Any] = {
            "order_number": f"CG-{next(_serial)}", "buyer_id": buyer["id"], "channel": "direct", "purpose": "canteen",
            "placed_on": "2024-05-02", "shares": list(shares),
        }  # fmt: skip
        if "amount" in given:
            body |= {
                "channel": "cooperative",
                "supplier": {"name": "某合作社", "credit_code": credit_code(900_000_001)},
            }
        return body | given

    async def delivers(self, order: dict[str, Any], **given: Any) -> dict[str, Any]:
        """A delivery of the order."""
        body = {"reference": f"SH-{next(_serial)}", "delivered_on": "2024-05-10"}
        return await self.clerk.done(f"/v1/orders/{order['id']}/deliveries", body | given)

    async def pays(self, order: dict[str, Any], **given: Any) -> dict[str, Any]:
        """A payment for the order."""
        body = {"reference": f"FK-{next(_serial)}", "paid_on": "2024-05-20"}
        return await self.clerk.done(f"/v1/orders/{order['id']}/settlements", body | given)

    async def now(self, order: dict[str, Any]) -> dict[str, Any]:
        """The order as it stands."""
        return dict((await self.clerk.get(f"/v1/orders/{order['id']}")).json())
