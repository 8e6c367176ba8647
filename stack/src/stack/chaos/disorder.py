"""Faults in the databases, made as they come about: bad deploys, bad migrations, wrong clocks, forgotten transactions.

Poison is no trick of the consumer: the event stands in the publisher's log, under the key's lock, and no code can read
it; or it can be read, and a constraint of the consumer's database refuses what follows from it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.employment import WagePaid
from events.catalog.finance import LoanOverdue
from events.catalog.households import ExpenseReported
from events.catalog.procurement import OrderCancelled
from events.ids import uuid7
from events.locks import locked

from ..databases import transaction

SPOILT: Final[Mapping[str, type[Event]]] = {
    "households": ExpenseReported,
    "employment": WagePaid,
    "finance": LoanOverdue,
    "procurement": OrderCancelled,
}
"""Publisher → the event that its bad deploy writes."""
_BUSY: Final[Mapping[str, int]] = {"households": 1, "employment": 6, "finance": 2, "procurement": 1}
"""Poison falls where most is written, so that something comes behind it and has to wait."""

_APPEND = text("""
    INSERT INTO event_log (id, type, key, household_id, revision, void, occurred_at, correlation_id, data)
    VALUES (:id, :type, :key, :key, 1, false, :occurred_at, :id, '{}')
""")
_TIMEOUT = text("SET LOCAL lock_timeout = '2s'")
_TRIES: Final = 240

Work = Callable[[AsyncConnection], Awaitable[None]]


@dataclass(slots=True)
class Disorder:
    """What was put out of order, so that the verdict knows what to expect and `mend` what to undo.

    Attributes:
        poison: event id → publisher; whether it was committed is seen in the log.
        refused_households: households whose facts a constraint keeps out of monitoring.
    """

    databases: Mapping[str, Mapping[str, str]]
    random: Random
    poison: dict[UUID, str] = field(default_factory=dict)
    refused_households: list[UUID] = field(default_factory=list)

    async def bad_publisher(self, household: UUID) -> str:
        """毒丸: an event in an unknown version, or without its data."""
        [service] = self.random.choices(list(_BUSY), weights=list(_BUSY.values()))
        await self._try(lambda tx: self._append(tx, service, household), self.databases[service]["owner"])
        return service

    async def forgotten(self, household: UUID, seconds: float) -> str:
        """长事务: an event is appended, and its transaction stays open; then it is committed after all, or not."""
        service = self.random.choice(list(SPOILT))
        commit = self.random.random() < 0.5
        try:
            async with transaction(self.databases[service]["owner"]) as tx:
                await self._append(tx, service, household)
                await asyncio.sleep(seconds)
                if not commit:
                    raise _Never
        except (_Never, DBAPIError, OSError):
            return f"{service} rolled back"
        return f"{service} committed late"

    async def bad_migration(self, household: UUID) -> None:
        """坏迁移: a constraint that refuses the facts of one household."""
        name = f"refuses_{household.hex}"
        # A try whose answer was lost may have made it.
        ddl = (
            f"ALTER TABLE facts DROP CONSTRAINT IF EXISTS {name}, "
            f"ADD CONSTRAINT {name} CHECK (household_id <> '{household}') NOT VALID"
        )
        await self._ddl("monitoring", ddl)
        self.refused_households.append(household)

    async def mend(self) -> None:
        """Take the constraints away again, as the next migration would."""
        for household in self.refused_households:
            await self._ddl("monitoring", f"ALTER TABLE facts DROP CONSTRAINT IF EXISTS refuses_{household.hex}")

    @asynccontextmanager
    async def wrong_clock(self, service: str) -> AsyncIterator[str]:
        """时钟偏差: what the service writes is recorded hours before or after its time."""
        hours = self.random.choice((-30, -7, -1, 1, 7, 30))
        column = "ALTER TABLE event_log ALTER COLUMN recorded_at SET DEFAULT clock_timestamp()"
        try:
            await self._ddl(service, f"{column} + interval '{hours} hours'")
            yield f"{service} {hours:+d} h"
        finally:
            await self._ddl(service, column)

    async def _append(self, tx: AsyncConnection, service: str, household: UUID) -> None:
        id_, type_ = uuid7(), SPOILT[service].wire_type()
        self.poison[id_] = service
        if self.random.random() < 0.5:
            type_ = f"{type_.rpartition('.v')[0]}.v99"
        await locked(tx, [household])
        row = {"id": id_, "type": type_, "key": household, "occurred_at": datetime.now(UTC)}
        await tx.execute(_APPEND, row)

    async def _ddl(self, service: str, statement: str) -> None:
        async def work(tx: AsyncConnection) -> None:
            await tx.execute(_TIMEOUT)
            await tx.execute(text(statement))

        await self._try(work, self.databases[service]["owner"])

    async def _try(self, work: Work, dsn: str) -> None:
        """Do it even while the server restarts or somebody holds the table.

        Raises:
            DBAPIError, OSError: it did not succeed in four minutes.
        """
        for left in reversed(range(_TRIES)):
            try:
                async with transaction(dsn) as tx:
                    await work(tx)
                return
            except (DBAPIError, OSError):
                if not left:
                    raise
                await asyncio.sleep(1)


class _Never(Exception):
    """The forgotten transaction is rolled back."""
