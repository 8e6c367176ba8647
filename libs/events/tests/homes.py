"""A service's database for the tests, with a ledger whose rows tell order, gaps and doubles apart."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from typing import Any, cast
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from events import ddl
from events.catalog.base import Service
from events.catalog.employment import WagePaid
from events.ids import uuid7
from events.locks import locked
from events.log import Appended, NewEvent, append
from events.tables import metadata
from stack.postgres import Dsns

OCCURRED = datetime(2023, 10, 15, 8, tzinfo=UTC)
_LEDGER = (
    "CREATE TABLE ledger (source text, key uuid, chain text, count int, CONSTRAINT pk_ledger PRIMARY KEY (source, key))"
)


@dataclass
class Home:
    """One service's database with an engine per role."""

    service: Service
    dsns: Dsns
    owner: AsyncEngine
    app: AsyncEngine
    worker: AsyncEngine
    made: bool = False

    async def emptied(self) -> "Home":
        """Itself, as after the first migration."""
        async with self.owner.begin() as tx:
            for statement in [] if self.made else _tables(self.service):
                await tx.execute(text(statement))
            for table in (*metadata.tables, "ledger"):
                await tx.execute(text(f"DELETE FROM {table}"))
            await tx.execute(text("ALTER TABLE event_log ALTER COLUMN seq RESTART"))
            await tx.execute(text("ALTER TABLE received_log ALTER COLUMN number RESTART"))
        self.made = True
        return self

    async def rows(self, query: str, **values: object) -> list[Any]:
        async with self.owner.connect() as connection:
            return list((await connection.execute(text(query), values)).all())

    async def one(self, query: str, **values: object) -> Any:
        return (await self.rows(query, **values))[0][0]

    async def run(self, statement: str, **values: object) -> None:
        async with self.owner.begin() as tx:
            await tx.execute(text(statement), values)

    async def post(self, *new: NewEvent) -> list[Appended]:
        """Append in a transaction of its own, as a use case does."""
        async with self.app.begin() as tx:
            await locked(tx, [one.key for one in new])
            return await append(tx, *new)

    async def close(self) -> None:
        for engine in (self.owner, self.app, self.worker):
            await engine.dispose()


def make_home(service: str, dsns: Dsns) -> Home:
    kind = "rows" if service == "monitoring" else "advisory"
    owner, app, worker = (engine_for(dsn, kind) for dsn in (dsns.owner, dsns.app, dsns.worker))
    return Home(cast(Service, service), dsns, owner, app, worker)


def engine_for(dsn: str, key_locks: str = "advisory", **options: Any) -> AsyncEngine:
    url = dsn.replace("postgresql://", "postgresql+asyncpg://", 1)
    return create_async_engine(url, execution_options={"key_locks": key_locks}, **{"pool_size": 10, **options})


def _tables(service: Service) -> list[str]:
    return [*ddl.create_v1(service), ddl.drop_index_of_chains(), *_ledger(service)]


def _ledger(service: str) -> list[str]:
    return [_LEDGER, f"GRANT SELECT, INSERT, UPDATE ON ledger TO {service}_worker"]


def wage(household: UUID, amount: int = 2_400) -> NewEvent:
    """A wage of a household; the amount tells events apart."""
    paid = WagePaid(person_id=None, month="2023-10", amount=f"{amount}.00")
    return NewEvent(event=paid, key=household, household_id=household, occurred_at=OCCURRED, fact_id=uuid7())


async def settled(home: Home) -> bool:
    """Whether the relay knows everything to be sent or dead."""
    return bool(
        await home.one("""
            SELECT NOT EXISTS (SELECT 1 FROM relay_gaps)
               AND (SELECT max(hi) FROM relay_state) = (SELECT max(seq) FROM event_log)
        """)
    )


async def until(met: Callable[[], Awaitable[object]], within: float = 20.0) -> None:
    """Wait for an outcome.

    Raises:
        TimeoutError: it did not come.
    """
    deadline = time.monotonic() + within
    while not await met():
        if time.monotonic() > deadline:
            raise TimeoutError("the outcome did not come")
        await asyncio.sleep(0.01)


@dataclass
class Chains:
    """What a ledger must hold: per source and key a hash over the sequence numbers in order."""

    of: dict[tuple[str, UUID], tuple[str, int]] = field(default_factory=dict)

    def add(self, source: str, key: UUID, seq: int) -> None:
        chain, count = self.of.get((source, key), ("", 0))
        self.of[source, key] = (md5(f"{chain}/{seq}".encode(), usedforsecurity=False).hexdigest(), count + 1)

    @classmethod
    def over(cls, events: Iterable[tuple[str, UUID, int]]) -> "Chains":
        chains = cls()
        for source, key, seq in events:
            chains.add(source, key, seq)
        return chains


async def ledger_of(tx: AsyncConnection, keys: Iterable[UUID] | None = None) -> Chains:
    wanted = None if keys is None else list(keys)
    rows = await tx.execute(
        text("SELECT source, key, chain, count FROM ledger WHERE CAST(:keys AS uuid[]) IS NULL OR key = ANY(:keys)"),
        {"keys": wanted},
    )
    return Chains({(row.source, row.key): (row.chain, row.count) for row in rows})
