"""Facts and policy for tests of the pure rules: a household in a few words."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

from msgspec.structs import replace

import monitoring.policy
from kit.policy import PolicyBook, PolicyValue, read_seeds
from monitoring.policy.rules import Remembering, World
from monitoring.risk.rules import Fact

HOUSEHOLD = UUID("00000000-0000-4000-8000-000000000001")
OTHER = UUID("00000000-0000-4000-8000-000000000002")
PATH = "5301/530128/530128104/530128104201/"
TODAY = date(2023, 10, 15)


def id_of(*parts: object) -> UUID:
    return uuid5(HOUSEHOLD, "/".join(map(str, parts)))


EARNER, SPOUSE, CHILD, ELDER = (id_of(name) for name in ("earner", "spouse", "child", "elder"))


def fact(kind: str, on: date, /, *, name: object = "", person: UUID | None = None, **data: object) -> Fact:
    household = data.pop("household", HOUSEHOLD)
    amount = data.pop("amount", None)
    revision = data.pop("revision", 1)
    identity = id_of(kind, name, person, on if kind != "PersonJoined" else household)
    return Fact(
        id=identity,
        kind=kind,
        household_id=household,
        person_id=person,
        revision=revision,
        void=bool(data.pop("void", False)),
        on=on,
        amount=None if amount is None else Decimal(str(amount)),
        data=data,
        received=0,
        event_id=id_of("event", identity, revision),
        source="test",
    )


def registered(*, household: UUID = HOUSEHOLD, size: int = 4, **data: object) -> Fact:
    record = {
        "number": "5301280001",
        "path": PATH,
        "region_code": "530128104201",
        "household_type": "lifted",
        "category": None,
        "risk_eliminated": None,
        "size": size,
    } | data
    return replace(fact("HouseholdRegistered", date.min, household=household, **record), id=id_of("record", household))


def joined(
    person: UUID, since: date = date(2015, 1, 1), *, household: UUID = HOUSEHOLD, revision: int = 1, **data: object
) -> Fact:
    return fact("PersonJoined", since, person=person, household=household, revision=revision, **data)


def family(**data: object) -> list[Fact]:
    return [registered(**data), *(joined(person) for person in (EARNER, SPOUSE, CHILD, ELDER))]


def surveyed(
    *,
    wage: object = "24000",
    business: object = "18000",
    property: object = "800",
    transfer: object = "5000",
    cost: object = "6000",
    persons: int = 4,
    first: date = date(2022, 10, 1),
    last: date = date(2023, 9, 30),
    **data: object,
) -> Fact:
    return fact(
        "IncomeRecorded",
        last,
        window_from=first.isoformat(),
        window_to=last.isoformat(),
        wage=str(wage),
        business=str(business),
        property=str(property),
        transfer=str(transfer),
        business_cost=str(cost),
        claims="0.00",
        self_paid="0.00",
        persons=persons,
        verified=True,
        source="national_export",
        purpose="official_year",
        **data,
    )


def helped(since: date = date(2022, 9, 1)) -> Fact:
    return fact("HelperAssigned", since, assignment_id=str(id_of("helper")))


def struck(on: date, *, kind: str = "disaster", **data: object) -> Fact:
    told = {"kind": kind, "happened_on": on.isoformat(), "means_lost": False, "loss": None} | data
    resolved = {"name": kind} if "resolved_on" not in data else {"name": kind, "revision": 2}
    shock = fact("ShockReported", on, **told, **resolved)
    return shock if "resolved_on" not in data else replace(shock, kind="ShockResolved")


def listed(on: date, *causes: str, version: int = 4) -> Fact:
    return fact("CaseListed", on, name="case", causes=list(causes), revision=version)


def measured(category: str, on: date, *causes: str, **data: object) -> Fact:
    told = {"category": category, "causes": list(causes), "development": category in ("industry", "employment")}
    return fact("MeasureStarted", on, name=category, started_on=on.isoformat(), **told, **data)


def jobless(on: date, *, cleared_on: date | None = None, **data: object) -> Fact:
    told = {"found_on": on.isoformat(), "persons": 2, "due_on": None, "offered_on": None} | data
    if cleared_on is None:
        return fact("ZeroEmploymentFound", on, **told)
    cleared = {**told, "cleared_on": cleared_on.isoformat(), "revision": 2}
    return replace(fact("ZeroEmploymentFound", on, **cleared), kind="ZeroEmploymentCleared")


VALUES = tuple(read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml")))


def seeds(*more: PolicyValue, without: str = "") -> PolicyBook:
    return PolicyBook(value for value in (*VALUES, *more) if value.name != without)


def world(on: date, number: int, policy: PolicyBook | None = None) -> World:
    book = policy or seeds()
    return World(number, on, Remembering(book), book.changes(on) or date.max)
