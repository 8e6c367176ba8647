"""What monitoring decides in its cases stands in the register beside what exports say; the latest dated one wins."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import workbook
from events.broker import BrokerSettings
from events.catalog.base import Event
from events.catalog.households import MonitoringCategory, RiskCause
from events.catalog.monitoring import CaseEliminated, CaseListed, CaseReentered, CaseWithdrawn
from events.consumer import Consumer
from events.ddl import create_v1
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from events.relay import Relay
from households.registry.handlers import on_case_decided
from households.registry.rules import Decided, case_wins, day_kept, statement_wins
from households.worker import HANDLERS
from kit.clock import now
from kit.database import begin, engine
from stack.postgres import Postgres

from .conftest import REGIONS, Clerk, Database, People, Run
from .import_files import HEADERS, household, row, sheet
from .test_delivery import running, until

REGION = "530128001202"
VILLAGE = next(
    line.split(",")[1] for line in REGIONS.read_text(encoding="utf-8").splitlines() if line.startswith(REGION)
)
MORE = (*HEADERS, "消除监测时间", "风险消除方式")
NAMED = {"监测对象类别": "脱贫不稳定户", "识别监测时间": "202311", "致贫/返贫风险1": "因病"}


@pytest.fixture(scope="module")
async def monitoring(postgres: Postgres) -> AsyncIterator[AsyncEngine]:
    """A database that holds nothing of monitoring but its event log."""
    dsns = postgres.create_service_database("monitoring")
    owner = engine(dsns.owner)
    async with owner.begin() as tx:
        for statement in create_v1("monitoring"):
            await tx.execute(text(statement))
    await owner.dispose()
    worker = engine(dsns.worker)
    yield worker
    await worker.dispose()


@dataclass
class Case:
    """The case of a household, as monitoring publishes its steps."""

    engine: AsyncEngine
    household_id: UUID
    id: UUID = field(default_factory=uuid7)
    version: int = 0

    async def step(self, kind: type[Event], on: str, **told: Any) -> None:
        self.version += 1
        step = {"move": "approve", "officer": "county", "path": "5301/530128/", "state": "listed", **told}
        event = kind(case_id=self.id, version=self.version, business_date=date.fromisoformat(on), **step)
        new = NewEvent(
            event=event, key=self.household_id, household_id=self.household_id, occurred_at=now(), fact_id=self.id,
            revision=self.version,
        )  # fmt: skip
        async with begin(self.engine) as tx:
            await locked(tx, [self.household_id])
            await append(tx, new)

    async def listed(self, on: str, identified_on: str, cause: RiskCause, **told: Any) -> None:
        given = {"category": MonitoringCategory.UNSTABLE, "causes": (cause,)}
        await self.step(CaseListed, on, identified_on=date.fromisoformat(identified_on), **given, **told)


async def test_the_latest_dated_decision_wins_whoever_made_it_and_is_exported(
    importer: Clerk,
    take: Run,
    db: Database,
    people: People,
    worker_engine: AsyncEngine,
    monitoring: AsyncEngine,
    broker: BrokerSettings,
) -> None:
    number, person = people.number(), people.person()

    async def exports(on: date, **told: str) -> str:
        job = await take(
            sheet(row(person, 户编号=number, 村=VILLAGE, 工资性收入=str(on.toordinal()), **told), on=on, headers=MORE)
        )
        [state] = job["states"]
        return str(state)

    async def stands() -> list[Any]:
        home = await household(importer, number)
        names = ("category", "identified_on", "causes", "risk_eliminated", "eliminated_on", "elimination_way")
        return [home[name] for name in names]

    async def stood(*wanted: Any) -> None:
        async def so() -> bool:
            return await stands() == list(wanted)

        await until(so)

    await exports(date(2023, 10, 15))
    home = await household(importer, number)
    case = Case(monitoring, UUID(home["id"]))
    tasks = (
        Relay("monitoring", monitoring, broker).run,
        Relay("households", worker_engine, broker).run,
        Consumer("households", worker_engine, broker, HANDLERS).run,
    )
    async with running(*tasks):
        await case.listed("2023-11-20", "2023-11-20", RiskCause.ILLNESS)
        listed = ["unstable", "2023-11-20", ["illness"], False, None, None]
        await stood(*listed)
        home = await household(importer, number)
        assert (home["case_id"], home["decided_on"], home["stated_on"]) == (str(case.id), "2023-11-20", "2023-10-15")

        # an export of before, and one of after that does not know of it yet, revert nothing
        assert await exports(date(2023, 11, 5), **{"监测对象类别": ""}) == "changed"
        assert await exports(date(2023, 11, 25)) == "changed"
        assert await stands() == listed
        # one that knows it says months only, and the day that was decided stays
        assert await exports(date(2023, 12, 5), **NAMED, 风险是否已消除="否") == "changed"
        assert await stands() == listed

        await case.step(CaseEliminated, "2024-02-14", way="helped", eliminated_on=date(2024, 2, 14))
        gone = ["unstable", "2023-11-20", ["illness"], True, "2024-02-14", "helped"]
        await stood(*gone)
        assert await exports(date(2024, 2, 10), **NAMED, 风险是否已消除="否") == "changed"
        assert await stands() == gone

        answer = await importer.post("/v1/households:export", {"path": home["path"], "on": "2024-02-20"})
        file = workbook.read_households(answer.content)
        [record] = [record for record in file.households if record.number == number]
        assert (record.category, record.eliminated_in, record.elimination_way) == (
            "脱贫不稳定户",
            "2024-02",
            "帮扶消除",
        )
        count = len(await db.events(home["id"]))
        await take(answer.content)
        assert len(await db.events(home["id"])) == count
        told = {"消除监测时间": "202402", "风险消除方式": "帮扶消除"}
        assert await exports(date(2024, 3, 5), **NAMED, 风险是否已消除="是", **told) == "changed"
        assert await stands() == gone

        await case.step(CaseReentered, "2024-04-02", causes=(RiskCause.SCHOOLING,))
        await stood("unstable", "2023-11-20", ["schooling"], False, None, None)

    versions = await db.rows(
        "SELECT DISTINCT risk_eliminated, case_version FROM household_versions"
        " WHERE household_id = :id AND case_id IS NOT NULL ORDER BY case_version",
        id=UUID(home["id"]),
    )
    assert [tuple(version) for version in versions] == [(False, 1), (True, 2), (False, 3)]


async def test_what_monitoring_took_over_from_the_register_and_what_comes_again_changes_nothing(
    clerk: Clerk, people: People, db: Database, worker_engine: AsyncEngine
) -> None:
    home = await clerk.made("/v1/households", people.household())
    id_, case_id = UUID(home["id"]), uuid7()
    told = {"case_id": case_id, "move": "approve", "officer": "county", "path": "5301/", "state": "listed"}
    listing = {
        "category": MonitoringCategory.SUDDEN,
        "causes": (RiskCause.ACCIDENT,),
        "identified_on": date(2024, 3, 1),
    }
    on = {"business_date": date(2024, 3, 2)}
    listed = CaseListed(**told, **listing, **on, version=1)
    gone = CaseEliminated(**told, **on, version=2, way="natural", eliminated_on=date(2024, 3, 2))
    again = CaseReentered(**told, **on, version=3, causes=(RiskCause.ILLNESS,))
    stated = {"ruled_on": date(2024, 3, 5), "business_date": date(2024, 3, 6)}
    echoes = [
        CaseEliminated(**told, **listing, **stated, version=4, way="unstated", eliminated_on=date(2024, 3, 5)),
        CaseListed(**told, **listing, **stated, version=5, loaded=True),
        CaseWithdrawn(**told, **stated, version=6, reason="not_stated"),
    ]

    async def deliver(*steps: Event) -> None:
        async with begin(worker_engine) as tx:
            await locked(tx, [id_])
            await on_case_decided(tx, [_received(step, id_) for step in steps])

    await deliver(listed, gone)
    await deliver(again)
    count = len(await db.events(id_))
    await deliver(*echoes)
    await deliver(gone, listed, again)
    await deliver(_of(listed, uuid7(), date(2024, 3, 1)))
    assert len(await db.events(id_)) == count
    home = (await clerk.get(f"/v1/households/{id_}")).json()
    assert (home["category"], home["causes"], home["risk_eliminated"]) == ("sudden", ["illness"], False)
    assert (home["case_id"], home["case_version"]) == (str(case_id), 3)

    # an officer's word of a later day stands, until the case goes on
    changed = await clerk.send("PATCH", f"/v1/households/{id_}", json={"causes": ["other"]}, version=home["version"])
    assert changed.json()["case_id"] is None
    await deliver(again)
    assert (await clerk.get(f"/v1/households/{id_}")).json()["causes"] == ["other"]


async def test_an_officer_s_word_takes_off_what_the_county_listed_on_a_later_day_only(
    clerk: Clerk, people: People, db: Database, worker_engine: AsyncEngine
) -> None:
    home = await clerk.made("/v1/households", people.household())
    id_ = UUID(home["id"])
    today = date.fromisoformat((await clerk.get("/v1/business-date")).json()["business_date"])
    listed = CaseListed(
        case_id=uuid7(), version=1, move="approve", officer="county", path="5301/", state="listed",
        business_date=today, category=MonitoringCategory.SUDDEN, causes=(RiskCause.ACCIDENT,), identified_on=today,
    )  # fmt: skip
    async with begin(worker_engine) as tx:
        await locked(tx, [id_])
        await on_case_decided(tx, [_received(listed, id_)])
    path, off = f"/v1/households/{id_}", {"category": None, "causes": [], "risk_eliminated": None}
    early = await clerk.send("PATCH", path, json=off, version=2)
    assert (early.status_code, early.json()["code"]) == (409, "case-decided-today")
    other = await clerk.send("PATCH", path, json={"no_labour": True, "category": "sudden"}, version=2)
    assert (other.status_code, other.json()["case_id"]) == (200, str(listed.case_id)), "the listing is as it was"
    tomorrow = date.fromordinal(today.toordinal() + 1)
    await clerk.made("/v1/business-date:advance", {"to": str(tomorrow)})
    later = await clerk.send("PATCH", path, json=off, version=3)
    assert (later.status_code, later.json()["category"], later.json()["case_id"]) == (200, None, None)
    [*_, told] = await db.events(id_, "HouseholdUpdated")
    assert (told["data"]["category"], told["data"]["decided_on"]) == (None, str(tomorrow))


async def test_an_export_quicker_than_the_county_s_word_is_no_decision(
    importer: Clerk, take: Run, people: People, worker_engine: AsyncEngine
) -> None:
    number, person = people.number(), people.person()
    for day in (date(2023, 10, 15), date(2023, 11, 25)):
        await take(sheet(row(person, 户编号=number, 工资性收入=str(day.toordinal())), on=day, headers=MORE))
    home = await household(importer, number)
    assert home["decided_on"] == "2023-10-15", "not to name who was not listed decides nothing"
    listed = CaseListed(
        case_id=uuid7(), version=1, move="approve", officer="county", path="5301/", state="listed",
        business_date=date(2023, 11, 20), category=MonitoringCategory.SUDDEN, causes=(RiskCause.ACCIDENT,),
        identified_on=date(2023, 11, 20),
    )  # fmt: skip
    async with begin(worker_engine) as tx:
        await locked(tx, [UUID(home["id"])])
        await on_case_decided(tx, [_received(listed, UUID(home["id"]))])
    home = await household(importer, number)
    assert (home["category"], home["decided_on"]) == ("sudden", "2023-11-20")


def _of(listed: CaseListed, case_id: UUID, on: date) -> CaseListed:
    return listed.model_copy(update={"case_id": case_id, "business_date": on})


def _received(step: Event, household_id: UUID) -> Received[Any]:
    moment = now()
    return Received(
        source="monitoring", seq=1, id=uuid7(), type=step.event_name(), key=household_id, household_id=household_id,
        region=None, fact_id=uuid7(), revision=1, void=False, occurred_at=moment, recorded_at=moment,
        correlation_id=uuid7(), causation_id=None, traceparent=None, data=step,
    )  # fmt: skip


DAYS = st.dates(date(2022, 1, 1), date(2024, 12, 31))
CASES = st.sampled_from([uuid7(), uuid7()])
STEPS = st.builds(Decided, on=DAYS, case_id=CASES, case_version=st.integers(1, 9))


@given(STEPS, DAYS, st.booleans())
def test_no_older_word_wins_and_an_export_that_names_nobody_takes_nobody_off(
    known: Decided, on: date, listed: bool
) -> None:
    wins = statement_wins(known, on, listed=listed)
    assert wins == (listed and on > known.on)
    assert statement_wins(Decided(on=known.on), on, listed=listed) == (on >= known.on)


@given(STEPS, STEPS)
def test_a_step_wins_by_its_day_and_within_a_case_by_its_place(known: Decided, new: Decided) -> None:
    wins = case_wins(known, new)
    assert not (wins and new.on < known.on)
    assert not case_wins(known, known), "the same step again decides nothing"
    if known.case_id == new.case_id:
        assert not (wins and case_wins(new, known))
    else:
        assert wins == (new.on >= known.on)
    assert case_wins(Decided(on=new.on), new), "a step of the day of a statement decides"


@given(st.none() | DAYS, st.none() | DAYS)
def test_a_month_that_is_stated_keeps_the_day_that_is_known(known: date | None, stated: date | None) -> None:
    kept = day_kept(known, stated)
    assert kept in (known, stated)
    assert (kept is None) == (stated is None)
    if kept is not None and stated is not None:
        assert (kept.year, kept.month) == (stated.year, stated.month)
        same = known is not None and (known.year, known.month) == (stated.year, stated.month)
        assert kept == (known if same and stated.day == 1 else stated)
