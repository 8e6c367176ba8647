"""Five hundred households go in with a few statements, and a second statement of the same changes nothing."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.catalog.households import ExpenseKind, Guarantee, HouseholdType, MonitoringCategory
from households.conditions import service as conditions
from households.income import service as income
from households.registry import service as registry
from households.support import service as support
from kit.cipher import FieldCipher
from kit.database import begin, engine
from stack.postgres import Dsns

from .conftest import CITY, COPPER, DONGCHUAN, LUQUAN, PINGSHAN, Clerk, Database, People

STATED = date(2023, 10, 15)


@pytest.fixture
async def app_engine(database: Dsns) -> AsyncIterator[AsyncEngine]:
    held = engine(database.app)
    yield held
    await held.dispose()


@contextmanager
def counted(held: AsyncEngine) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(held.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(held.sync_engine, "before_cursor_execute", note)


def _entry(people: People, *relations: str, region: str = PINGSHAN, **facts: Any) -> registry.HouseholdEntry:
    members = tuple(
        registry.PersonFacts(**people.person(relation, labour_skill="ordinary")) for relation in relations or ("户主",)
    )
    known = {"number": people.number(), "region_code": region, "household_type": HouseholdType.LIFTED} | facts
    return registry.HouseholdEntry(facts=registry.HouseholdFacts(**known), members=members, stated_on=STATED)


async def _register(
    held: AsyncEngine, cipher: FieldCipher, entries: Sequence[registry.HouseholdEntry], *scope: str
) -> list[registry.Outcome]:
    async with begin(held, scope or [CITY]) as tx:
        return await registry.register_households(tx, entries, cipher=cipher)


async def _align(held: AsyncEngine, cipher: FieldCipher, *entries: registry.HouseholdEntry) -> list[registry.Outcome]:
    async with begin(held, [CITY]) as tx:
        return await registry.align_households(tx, entries, cipher=cipher)


async def test_five_hundred_households_with_all_that_is_stated_of_them(
    clerk: Clerk, people: People, app_engine: AsyncEngine, cipher: FieldCipher, db: Database
) -> None:
    entries = [_entry(people, "户主", "配偶", "之子", "之母") for _ in range(500)]
    with counted(app_engine) as sent:
        outcomes = await _register(app_engine, cipher, entries)
    assert {outcome.status for outcome in outcomes} == {registry.Status.REGISTERED}
    assert len(sent) < 25

    ids = [outcome.household_id for outcome in outcomes if outcome.household_id]
    with counted(app_engine) as sent:
        async with begin(app_engine, [CITY]) as tx:
            await _record_everything(tx, ids, cipher)
    assert len(sent) < 30
    [told] = await db.rows("SELECT count(*) FROM event_log WHERE household_id = ANY(:ids)", ids=ids)
    assert told[0] == 500 * (1 + 4 + 1 + 1 + 1 + 1)

    before = await db.count()
    assert {outcome.status for outcome in await _align(app_engine, cipher, *entries)} == {registry.Status.UNCHANGED}
    async with begin(app_engine, [CITY]) as tx:
        await _record_everything(tx, ids, cipher)
    assert await db.count() == before


async def _record_everything(tx: AsyncConnection, ids: Sequence[Any], cipher: FieldCipher) -> None:
    window = {"window_from": date(2022, 10, 1), "window_to": date(2023, 9, 30)}
    amounts = income.Amounts(
        wage=Decimal(24000), business=Decimal(18000), property=Decimal(800), transfer=Decimal(5000),
        business_cost=Decimal(6000),
    )  # fmt: skip
    official = {"purpose": income.Purpose.OFFICIAL_YEAR, "source": income.Source.NATIONAL_EXPORT}
    figures = [income.FigureEntry(household_id=id_, **window, **official, amounts=amounts, persons=4) for id_ in ids]
    await income.record_figures(tx, figures, correct=True)
    faults = [conditions.ConditionEntry(household_id=id_, guarantee=Guarantee.WATER, since=STATED) for id_ in ids]
    await conditions.report_conditions(tx, faults, repeated=True)
    costs = [
        conditions.ExpenseEntry(
            household_id=id_, kind=ExpenseKind.MEDICAL, amount=Decimal(300), **window, source="national_export"
        )
        for id_ in ids
    ]
    await conditions.report_expenses(tx, costs, correct=True)
    helpers = [support.HelperEntry(household_id=id_, name="刘军秀", organisation="农业局", since=STATED) for id_ in ids]
    await support.assign_helpers(tx, helpers, cipher=cipher, repeated=True)


async def test_conflicts_are_parked_and_block_nobody(
    clerk: Clerk, people: People, app_engine: AsyncEngine, cipher: FieldCipher, db: Database
) -> None:
    known = _entry(people, region=COPPER)
    await _register(app_engine, cipher, [known])
    clean = [_entry(people) for _ in range(3)]
    shared = _entry(people)
    wrong = _entry(people, "户主", "户主")
    entries = [
        clean[0],
        replace(known, facts=replace(known.facts, region_code=PINGSHAN), members=clean[1].members),
        replace(clean[2], members=known.members),
        shared,
        replace(_entry(people), members=shared.members),
        wrong,
        _entry(people, region=COPPER),
    ]
    before = await db.count()
    outcomes = await _register(app_engine, cipher, entries, LUQUAN)
    codes = [outcome.refusal.code if outcome.refusal else None for outcome in outcomes]
    assert codes == [
        None, "number-taken", "registered-elsewhere", "registered-elsewhere", "registered-elsewhere", "two-heads",
        "village-unknown",
    ]  # fmt: skip
    assert await db.count() == before + 2
    # what was parked left no claim behind: the same people go in once the conflict is settled
    later = await _register(app_engine, cipher, [clean[1], shared], LUQUAN)
    assert {outcome.status for outcome in later} == {registry.Status.REGISTERED}


async def test_worker_that_acts_for_somebody_keeps_to_the_area(
    clerk: Clerk, people: People, worker_engine: AsyncEngine, cipher: FieldCipher, db: Database
) -> None:
    theirs = _entry(people, "户主", "之子", region=COPPER)
    [first] = await _register(worker_engine, cipher, [theirs], DONGCHUAN)
    assert first.household_id is not None
    son = (await clerk.get(f"/v1/households/{first.household_id}")).json()["members"][1]
    await clerk.made(f"/v1/persons/{son['id']}:leave", {"on": "2023-11-01", "reason": "moved"}, version=1)
    before = await db.count()
    ours = [replace(_entry(people), members=(replace(member, relation="户主"),)) for member in theirs.members]
    outcomes = await _register(worker_engine, cipher, ours, LUQUAN)
    async with begin(worker_engine, [LUQUAN]) as tx:
        seized = replace(theirs, facts=replace(theirs.facts, region_code=PINGSHAN))
        outcomes += await registry.align_households(tx, [seized], cipher=cipher)
    codes = [outcome.refusal.code for outcome in outcomes if outcome.refusal]
    assert codes == ["registered-elsewhere", "registered-elsewhere", "household-unknown"]
    assert all(theirs.facts.number not in outcome.refusal.zh for outcome in outcomes if outcome.refusal)
    assert await db.count() == before


async def test_later_statement_changes_only_what_differs(
    clerk: Clerk, people: People, app_engine: AsyncEngine, cipher: FieldCipher, db: Database
) -> None:
    entry = _entry(people, "户主", "配偶", "之子")
    [first] = await _register(app_engine, cipher, [entry])
    head, _, son = entry.members
    daughter = registry.PersonFacts(**people.person("之女", male=False, born=date(2022, 5, 5)))
    later = replace(
        entry,
        facts=replace(entry.facts, category=MonitoringCategory.UNSTABLE),
        members=(replace(head, phone="13800001111"), replace(son, school_stage="高中"), daughter),
        stated_on=date(2023, 12, 31),
    )
    later = replace(later, members=(later.members[0], son, daughter))
    [outcome] = await _align(app_engine, cipher, later)
    assert outcome.status is registry.Status.CHANGED
    assert first.household_id is not None
    names = [row["name"] for row in (await db.events(first.household_id))[4:]]
    assert names == ["PersonLeft", "PersonJoined", "PersonUpdated", "HouseholdUpdated"]
    [joined] = (await db.events(first.household_id, "PersonJoined"))[3:]
    assert joined["data"]["since"] == "2023-10-15"

    before = await db.count()
    [older] = await _align(app_engine, cipher, entry)
    [same] = await _align(app_engine, cipher, later)
    assert {older.status, same.status} == {registry.Status.UNCHANGED}
    assert await db.count() == before


async def test_decision_taken_by_hand_is_not_reverted_by_an_older_statement(
    clerk: Clerk, people: People, app_engine: AsyncEngine, cipher: FieldCipher
) -> None:
    entry = _entry(people, category=MonitoringCategory.BORDERLINE)
    [first] = await _register(app_engine, cipher, [entry])
    assert first.household_id is not None
    async with begin(app_engine, [CITY]) as tx:
        await registry.update_household(
            tx, first.household_id, {"category": MonitoringCategory.SUDDEN}, version=1, on=date(2023, 12, 1)
        )
    await _align(app_engine, cipher, replace(entry, stated_on=date(2023, 11, 15)))
    home = (await clerk.get(f"/v1/households/{first.household_id}")).json()
    assert home["category"] == "sudden"
    newer = replace(entry, stated_on=date(2023, 12, 15))
    await _align(app_engine, cipher, newer)
    assert (await clerk.get(f"/v1/households/{first.household_id}")).json()["category"] == "borderline"


async def test_households_follow_their_village_to_another_path(clerk: Clerk, people: People, db: Database) -> None:
    row = {"code": "530128001997", "name": "迁移村", "level": "village", "parent_code": "530128001000"}
    await clerk.made("/v1/regions:import?valid_from=2020-01-01", [row])
    home = await clerk.made("/v1/households", people.household(region="530128001997"))
    moved = await clerk.made("/v1/regions:import?valid_from=2024-01-01", [row | {"parent_code": "530113001000"}])
    assert moved == {"rows": 1, "changed": 1, "households_moved": 1}
    assert (await clerk.of(DONGCHUAN).get(f"/v1/households/{home['id']}")).json()["path"] == (
        "5301/530113/530113001/530128001997/"
    )
    assert len(await db.events(home["id"], "HouseholdUpdated")) == 1
