"""Events of other services, consumed as the worker consumes them, without a broker in between."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from directory.handlers import HANDLERS as DIRECTORY
from events import fence
from events.batch import Processor
from events.catalog.base import Event
from events.catalog.employment import (
    EmploymentEnded,
    EmploymentStarted,
    EndReason,
    WageMissed,
    WagePaid,
    WorkChannel,
    ZeroEmploymentCleared,
    ZeroEmploymentFound,
)
from events.catalog.finance import TransferPaid, TransferReturned
from events.catalog.households import (
    BusinessDateAdvanced,
    HelperAssigned,
    HouseholdRegistered,
    HouseholdType,
    IncomeRecorded,
    MeasureStarted,
    PersonJoined,
    Sex,
    ShockReported,
    ShockResolved,
    StaffAssigned,
)
from events.catalog.procurement import DeliveryRejected, HouseholdSalePaid, PurchasePurpose, RejectCause
from events.consumer import transient
from events.dispatch import Dispatch
from events.ids import derived_id, uuid7
from events.incoming import Incoming
from events.received import Received, merge_handlers
from kit.database import engine
from monitoring.consumption import handlers
from monitoring.indicators.bodies import HANDLERS as TEAMS
from monitoring.profile.service import Profiles
from monitoring.rebuild import Report, rebuild

VILLAGE = "5301/530128/530128104/530128104201/"
T = TypeVar("T")
_APART = 1_000_000
"""What keeps the places of two partitions in a publisher's log apart."""
NOON = datetime(2023, 10, 15, 4, tzinfo=UTC)


@dataclass
class Sent:
    """One event on its way."""

    data: Event
    key: UUID
    household: bool = True
    fact_id: UUID | None = None
    revision: int = 1
    void: bool = False
    source: str | None = None


@dataclass
class Feed:
    """Numbers events per source and applies them in batches."""

    dsns: Any
    engine: AsyncEngine
    profiles: Profiles
    processor: Processor
    owners: dict[int, int]
    partition: int
    seqs: Counter[str] = field(default_factory=Counter)
    offset: int = 0

    @classmethod
    async def open(cls, dsns: Any, partition: int = 0) -> "Feed":
        """A worker that owns one partition; two of them work side by side."""
        worker = engine(dsns.worker, key_locks="rows")
        profiles = Profiles()
        processor = Processor("monitoring", "epoch", Dispatch(merge_handlers(DIRECTORY, TEAMS, handlers(profiles))))
        async with worker.begin() as tx:
            owners = await fence.take_over(tx, {partition})
        return cls(dsns, worker, profiles, processor, owners, partition)

    async def close(self) -> None:
        await self.engine.dispose()

    async def send(self, *events: Sent, each: bool = False) -> None:
        """Consume events: together in one batch, or one batch each."""
        records = [self.record(event) for event in events]
        gated = any(record.gated for record in records)
        for part in [[record] for record in records] if each or gated else [records]:
            await self._until_done(lambda tx, part=part: self.processor.apply(tx, part, self.owners))  # type: ignore[misc]

    async def day(self, *days: date, sweep: bool = True) -> None:
        """Advance the business date, and let the sweep finish."""
        for day in days:
            await self.send(Sent(BusinessDateAdvanced(business_date=day), derived_id("business-date"), household=False))
        if sweep:
            await self.sweep()

    async def through(self, first: date, last: date, *, sweep: bool = True) -> None:
        await self.day(*(first + timedelta(days=n) for n in range((last - first).days + 1)), sweep=sweep)

    async def sweep(self, most: int = 50) -> None:
        while await self._until_done(lambda tx: self.profiles.catch_up(tx, most)):
            pass

    async def _until_done(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """As consumer and sweep do: what may go well the next time is tried again."""
        while True:
            try:
                async with self.engine.begin() as tx:
                    return await work(tx)
            except Exception as error:
                if not transient(error):
                    raise

    async def rebuilt(self, *, swap: bool = False) -> Report:
        """A rebuild beside what stands, compared with it."""
        owner = engine(self.dsns.owner)
        try:
            return await rebuild(owner, self.engine, swap=swap)
        finally:
            await owner.dispose()

    async def rows(self, statement: str, **values: object) -> list[Any]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(text(statement), values))

    async def on_duty(self, officer: str, path: str) -> None:
        data = StaffAssigned(assignment_id=uuid7(), officer=officer, path=path, since=date(2022, 1, 1))
        await self.send(Sent(data, data.assignment_id, household=False))

    async def alert(self, household: UUID, rule: str) -> Any:
        [row] = await self.rows(
            "SELECT * FROM alerts WHERE household_id = :id AND rule = :rule ORDER BY number DESC LIMIT 1",
            id=household,
            rule=rule,
        )
        return row

    async def level(self, household: UUID) -> str:
        [row] = await self.rows("SELECT level FROM profiles WHERE household_id = :id", id=household)
        return str(row.level)

    async def alerts(self, household: UUID) -> list[tuple[str, str, str]]:
        rows = await self.rows(
            "SELECT rule, level, state FROM alerts WHERE household_id = :id ORDER BY number, rule", id=household
        )
        return [(row.rule, row.level, row.state) for row in rows]

    async def told(self, household: UUID) -> list[str]:
        rows = await self.rows("SELECT type FROM event_log WHERE key = :id ORDER BY seq", id=household)
        return [row.type.split(".")[-2] for row in rows]

    def record(self, sent: Sent) -> Incoming:
        source = sent.source or sent.data.SERVICE
        self.seqs[source] += 1
        self.offset += 1
        event = Received(
            source=source,
            seq=self.seqs[source] + self.partition * _APART,
            id=uuid7(),
            type=sent.data.wire_type(),
            key=sent.key,
            household_id=sent.key if sent.household else None,
            region="530128104201" if sent.household else None,
            fact_id=sent.fact_id,
            revision=sent.revision,
            void=sent.void,
            occurred_at=NOON,
            recorded_at=NOON + timedelta(seconds=self.offset),
            correlation_id=uuid7(),
            causation_id=None,
            traceparent=None,
            data=sent.data,
        )
        return Incoming(
            topic=f"{source}.v1",
            partition=self.partition,
            offset=self.offset,
            headers={},
            value=sent.data.model_dump_json().encode(),
            event=event,
            fault=None,
            source=source,
            seq=event.seq,
            key=sent.key,
        )


@dataclass
class Home:
    """A household of two and what is said of it."""

    id: UUID = field(default_factory=uuid7)
    path: str = VILLAGE
    head: UUID = field(default_factory=uuid7)
    spouse: UUID = field(default_factory=uuid7)

    def registered(self, **fields: Any) -> Sent:
        data = {
            "aggregate_revision": 1,
            "number": f"5301280{self.id.int % 10**6:06d}",
            "region_code": "530128104201",
            "path": self.path,
            "household_type": HouseholdType.LIFTED,
            "size": 2,
        } | fields
        return Sent(HouseholdRegistered(**data), self.id)

    def joined(self, person: UUID, **fields: Any) -> Sent:
        data = {
            "aggregate_revision": 1,
            "person_id": person,
            "since": date(2015, 1, 1),
            "blind_index": "k1:00",
            "masked_name": "张*",
            "birth_date": date(1985, 5, 1),
            "sex": Sex.FEMALE,
        } | fields
        return Sent(PersonJoined(**data), self.id)

    def helped(self) -> Sent:
        data = HelperAssigned(
            assignment_id=derived_id("h", self.id), since=date(2022, 9, 1), organisation="县农业农村局"
        )
        return Sent(data, self.id)

    def earns(self, wage: int, *, revision: int = 1, **fields: Any) -> Sent:
        zero = Decimal("0.00")
        data = {
            "window_from": date(2022, 10, 1),
            "window_to": date(2023, 9, 30),
            "purpose": "official_year",
            "wage": Decimal(wage).quantize(zero),
            "business": Decimal("8000.00"),
            "property": zero,
            "transfer": Decimal("1000.00"),
            "business_cost": zero,
            "claims": zero,
            "self_paid": zero,
            "persons": 2,
            "source": "national_export",
        } | fields
        return Sent(IncomeRecorded(**data), self.id, fact_id=derived_id("income", self.id), revision=revision)

    def settled(self, wage: int = 90_000) -> list[Sent]:
        members = (self.joined(self.head), self.joined(self.spouse))
        return [self.registered(), *members, self.helped(), self.earns(wage), self.starts()]

    def struck(
        self,
        on: date,
        *,
        means_lost: bool = False,
        resolved_on: date | None = None,
        revision: int = 1,
        void: bool = False,
    ) -> Sent:
        told = {"kind": "disaster", "disaster": "flood", "happened_on": on, "means_lost": means_lost, "loss": None}
        data = ShockReported(**told) if resolved_on is None else ShockResolved(**told, resolved_on=resolved_on)
        return Sent(data, self.id, fact_id=derived_id("shock", self.id, on), revision=revision, void=void)

    def given(self, category: str, cause: str, on: date, *, revision: int = 1, void: bool = False) -> Sent:
        id_ = derived_id("measure", self.id, category, on)
        data = MeasureStarted(
            measure_id=id_, category=category, causes=(cause,), started_on=on,
            development=category in ("industry", "employment"),
        )  # fmt: skip
        return Sent(data, self.id, fact_id=id_, revision=revision, void=void)

    def without_work(self, on: date, *, cleared_on: date | None = None, revision: int = 1, void: bool = False) -> Sent:
        told = {"found_on": on, "persons": 2, "due_on": on + timedelta(days=30)}
        data = ZeroEmploymentFound(**told)
        if cleared_on is not None:
            data = ZeroEmploymentCleared(**told, cleared_on=cleared_on, reason="employed")
        return Sent(data, self.id, fact_id=derived_id("zero", self.id, on), revision=revision, void=void)

    def spell(self, n: int = 1) -> UUID:
        return derived_id("spell", self.id, n)

    def starts(self, on: date = date(2023, 1, 5), n: int = 1) -> Sent:
        data = EmploymentStarted(
            person_id=self.head, started_on=on, channel=WorkChannel.MIGRANT, monthly_wage=Decimal("2000.00")
        )
        return Sent(data, self.id, fact_id=self.spell(n))

    def loses(self, on: date, n: int = 1, *, revision: int = 1, void: bool = False) -> Sent:
        data = EmploymentEnded(person_id=self.head, spell_id=self.spell(n), ended_on=on, reason=EndReason.LAID_OFF)
        return Sent(data, self.id, fact_id=derived_id("end", self.spell(n)), revision=revision, void=void)

    def paid(self, month: str, amount: int, *, key: UUID | None = None, revision: int = 1) -> Sent:
        wage = Decimal(amount).quantize(Decimal("0.01"))
        data = WagePaid(person_id=self.head, month=month, amount=wage, spell_id=self.spell())
        return Sent(data, key or self.id, fact_id=derived_id("wage", self.head, month), revision=revision)

    def misses(self, month: str, *, came_on: date | None = None) -> Sent:
        data = WageMissed(person_id=self.head, month=month, spell_id=self.spell(), came_on=came_on)
        gone = came_on is not None
        return Sent(data, self.id, fact_id=derived_id("missed", self.spell(), month), revision=1 + gone, void=gone)

    def transfer(
        self,
        amount: str,
        on: date,
        *,
        revision: int = 1,
        back: bool = False,
        months: tuple[str, str] = ("2022-10", "2023-09"),
        counts: bool = True,
        person: UUID | None = None,
        n: int = 1,
    ) -> Sent:
        """A public payment that reached the household, or came back."""
        common = {
            "person_id": person, "purpose": "farmland", "counts_as_income": counts, "amount": Decimal(amount),
            "first_month": months[0], "last_month": months[1], "due_on": None,
        }  # fmt: skip
        paid = TransferPaid(**common, paid_on=on)
        data = TransferReturned(**common, returned_on=on, reason="account_closed") if back else paid
        return Sent(data, self.id, fact_id=derived_id("transfer", self.id, n), revision=revision, void=back)

    def sells(self, amount: str, on: date, *, buyer: UUID, revision: int = 1) -> Sent:
        data = HouseholdSalePaid(
            order_id=derived_id("order", self.id), settlement_id=derived_id("settlement", self.id), buyer_id=buyer,
            purpose=PurchasePurpose.CANTEEN, paid_on=on, amount=Decimal(amount),
        )  # fmt: skip
        return Sent(data, self.id, fact_id=derived_id("sale", self.id, on), revision=revision)

    def rejects(self, amount: str, on: date, *, revision: int = 1, void: bool = False) -> Sent:
        data = DeliveryRejected(
            order_id=derived_id("order", self.id), delivery_id=derived_id("delivery", self.id), rejected_on=on,
            amount=Decimal(amount), cause=RejectCause.QUALITY,
        )  # fmt: skip
        return Sent(data, self.id, fact_id=derived_id("rejected", self.id, on), revision=revision, void=void)
