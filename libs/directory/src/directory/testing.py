"""For tests of services: what households says is handed to the service's own handlers, as its consumer would."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from events.catalog.base import Service
from events.catalog.help import HelpOffer
from events.catalog.households import (
    BusinessDateAdvanced,
    HouseholdRegistered,
    HouseholdType,
    HouseholdUpdated,
    MeasureCategory,
    PersonJoined,
    RegionChanged,
    RiskCause,
    Sex,
)
from events.catalog.monitoring import HelpRequestedV2, HelpWithdrawn, WithdrawReason
from events.dispatch import Dispatch
from events.gate import gate_exclusive
from events.ids import derived_id, uuid7
from events.locks import locked
from events.received import Handlers, Received
from events.testing import received
from kit.cipher import FieldCipher
from kit.database import begin
from kit.testing import certificate

LUQUAN = "5301/530128/530128104/530128104201/"
"""a village of 禄劝"""
XUNDIAN = "5301/530129/530129101/530129101202/"
"""a village of 寻甸"""

_number = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody and the household, registered or not yet."""

    id: UUID
    household_id: UUID
    certificate: str
    number: str
    path: str

    @property
    def named(self) -> dict[str, str]:
        """As a department names them."""
        return {"certificate": self.certificate, "household_number": self.number}


def somebody(path: str = LUQUAN) -> Person:
    """Somebody new, whom nobody has registered."""
    n = next(_number)
    born = date.fromordinal(date(1970, 1, 1).toordinal() + n)
    return Person(uuid7(), uuid7(), certificate(n % 1000, born), f"53{n:09d}", path)


@dataclass(frozen=True)
class World:
    """What households says to a service, and what the service has written.

    Attributes:
        engine: as the worker role.
        cipher: of the platform.
        handlers: the worker's table.
    """

    engine: AsyncEngine
    cipher: FieldCipher
    handlers: Handlers

    async def hear(self, *events: Received[Any]) -> None:
        """Gate, locks, handlers, one transaction."""
        async with begin(self.engine) as tx:
            await gate_exclusive(tx)
            await locked(tx, {event.key for event in events})
            await Dispatch(self.handlers).hand_out(tx, events)

    async def registers(self, person: Person, revision: int = 1) -> Person:
        """The household and the person are registered."""
        await self.hear(self.household(person), self.joined(person, revision))
        return person

    def household(self, person: Person, revision: int = 1, *, path: str | None = None) -> Received[HouseholdRegistered]:
        """The person's household as it then stands."""
        where = path or person.path
        cls = HouseholdRegistered if revision == 1 else HouseholdUpdated
        event = cls(
            aggregate_revision=revision,
            number=person.number,
            region_code=where.split("/")[-2],
            path=where,
            household_type=HouseholdType.LIFTED,
            size=4,
        )
        return received(event, person.household_id)

    def joined(self, person: Person, revision: int = 1) -> Received[PersonJoined]:
        """The person as a member of the household."""
        event = PersonJoined(
            aggregate_revision=revision,
            person_id=person.id,
            since=date(2020, 1, 1),
            blind_index=self.cipher.blind_index(person.certificate),
            masked_name="张*三",
            birth_date=date(1980, 1, 2),
            sex=Sex.MALE,
        )
        return received(event, person.household_id)

    async def region(self, code: str, path: str, *, revision: int = 1) -> None:
        """The region is managed under the path."""
        event = RegionChanged(
            code=code, name="某区划", level="county", parent_code=None, path=path, valid_from=date(2020, 1, 1)
        )
        await self.hear(received(event, derived_id("region", code), revision=revision, known=False))

    async def day(self, day: str) -> None:
        """The business date advances to the day."""
        event = BusinessDateAdvanced(business_date=date.fromisoformat(day))
        await self.hear(received(event, derived_id("business-date"), known=False))

    def asks(self, to: Service, offer: HelpOffer, person: Person, on: str, due: str) -> Received[HelpRequestedV2]:
        """What monitoring says when it asks a department to help the person's household."""
        event = HelpRequestedV2(
            request_id=uuid7(),
            to=to,
            offer=offer,
            category=MeasureCategory.EMPLOYMENT,
            development=True,
            causes=(RiskCause.UNSTABLE_WORK,),
            alert_id=uuid7(),
            policy_version="offer@2023-01-01 某文",
            due_on=date.fromisoformat(due),
            business_date=date.fromisoformat(on),
            version=1,
            officer="tangdan-officer",
            path=person.path,
        )
        return received(event, person.household_id, fact_id=event.request_id)

    def withdraws(self, asked: Received[HelpRequestedV2]) -> Received[HelpWithdrawn]:
        """What monitoring says when the alert it was asked for is retracted."""
        event = HelpWithdrawn(
            request_id=asked.data.request_id,
            to=asked.data.to,
            reason=WithdrawReason.ALERT_RETRACTED,
            business_date=asked.data.business_date,
            path=asked.data.path,
        )
        return received(event, asked.key, fact_id=uuid7())

    async def start(self, day: str) -> None:
        """Another story begins on the day: the calendar forgets the earlier ones."""
        async with self.engine.begin() as tx:
            await tx.execute(text("DELETE FROM directory_business_days"))
        await self.day(day)

    async def rows(self, statement: str, **given: Any) -> list[Any]:
        """What is really in the tables, past row security."""
        async with self.engine.connect() as connection:
            return list(await connection.execute(text(statement), given))

    async def published(self, key: UUID | str, name: str | None = None) -> list[tuple[str, int, bool, dict[str, Any]]]:
        """Name, revision, void and data of the events under a key, in order."""
        found = await self.rows(
            "SELECT type, revision, void, data FROM event_log WHERE key = :key ORDER BY seq", key=UUID(str(key))
        )
        told = [(row.type.split(".")[-2], row.revision, row.void, row.data) for row in found]
        return [event for event in told if name in (None, event[0])]
