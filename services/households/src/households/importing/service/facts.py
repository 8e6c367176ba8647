"""Telling income, conditions, expenses and helpers what a file says; each publishes only what differs."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.cipher import FieldCipher

from ...conditions import service as conditions
from ...income import service as income
from ...measures import service as measures
from ...registry import service as registry
from ...support import service as support
from ..said import Said as SaidOfMember
from ..said import say
from .entries import Condition, Statement, expenses, figures, given, guarantees, helpers

Said = Mapping[UUID, Statement]
"""Statements by household."""

_Homes = Mapping[UUID, registry.Household]

_People = Mapping[UUID, Mapping[str, UUID]]
"""Person ids of each household by the first 18 characters of the certificate."""


@dataclass(slots=True, kw_only=True)
class Told:
    """Which households something was published about, and which helpers the file names."""

    changed: set[UUID] = field(default_factory=set)
    helpers: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)


async def tell(
    tx: AsyncConnection,
    said: Said,
    *,
    new: Mapping[UUID, registry.Outcome],
    older: Collection[UUID],
    helpers_before: Mapping[UUID, tuple[UUID, ...]],
    cipher: FieldCipher,
) -> Told:
    """Tell the other capabilities about at most 500 households.

    Args:
        tx: the open transaction, which holds the households.
        said: what the file says.
        new: what the registry said of those that it had not known.
        older: households of which a newer export is known; only their figures, which have months of their own, count.
        helpers_before: the assignments that the last import made.
        cipher: seals names.
    """
    told = Told()
    homes = {id_: outcome.registered for id_, outcome in new.items() if outcome.registered}
    homes |= await registry.standing(tx, said.keys() - homes.keys())
    current = {household_id: statement for household_id, statement in said.items() if household_id not in older}
    # Help before figures: a low income is an alert only where nobody helps, and listeners read in this order.
    await _tell_helpers(tx, current, homes, helpers_before, told, cipher)
    entries = [entry for household_id, statement in current.items() for entry in given(statement, household_id)]
    told.changed |= await measures.state_measures(tx, entries) if entries else set()
    await _tell_conditions(tx, current, await _people(tx, current, new, cipher), told)
    await _tell_figures(tx, said, homes, told)
    await _tell_expenses(tx, said, homes, told)
    return told


async def _tell_figures(tx: AsyncConnection, said: Said, homes: _Homes, told: Told) -> None:
    entries = [entry for household_id, statement in said.items() for entry in figures(statement, household_id)]
    if not entries:
        return
    outcomes = await income.record_figures(tx, entries, correct=True, homes=homes)
    told.changed |= {entry.household_id for entry, outcome in zip(entries, outcomes, strict=True) if outcome.recorded}


async def _tell_expenses(tx: AsyncConnection, said: Said, homes: _Homes, told: Told) -> None:
    entries = [entry for household_id, statement in said.items() for entry in expenses(statement, household_id)]
    # nothing paid is worth saying only where an earlier export of the same months said something else
    nothing = [conditions.expense_id(entry) for entry in entries if not entry.amount]
    standing = await conditions.expenses_by_id(tx, nothing)
    entries = [entry for entry in entries if entry.amount or conditions.expense_id(entry) in standing]
    if not entries:
        return
    outcomes = await conditions.report_expenses(tx, entries, correct=True, homes=homes)
    told.changed |= {entry.household_id for entry, outcome in zip(entries, outcomes, strict=True) if outcome.recorded}


async def _tell_conditions(tx: AsyncConnection, said: Said, people: _People, told: Told) -> None:
    await say(tx, list(_said_of_members(said, people)))
    stand = {household_id: guarantees(statement, people[household_id]) for household_id, statement in said.items()}
    unsolved = [
        conditions.ConditionEntry(
            household_id=household_id,
            guarantee=condition[0],
            person_id=condition[1],
            since=said[household_id].exported_on,
        )
        for household_id, found in stand.items()
        for condition, solved in found.items()
        if not solved
    ]
    if unsolved:
        outcomes = await conditions.report_conditions(tx, unsolved, repeated=True)
        found = zip(unsolved, outcomes, strict=True)
        told.changed |= {entry.household_id for entry, outcome in found if outcome.recorded}
    await _resolve(tx, said, stand, told)


def _said_of_members(said: Said, people: Mapping[UUID, Mapping[str, UUID]]) -> Iterator[SaidOfMember]:
    for household_id, statement in said.items():
        known = "work_place" in statement.columns and "work_months" in statement.columns
        for member in statement.record.members:
            if person_id := people[household_id].get(member.identity):
                yield SaidOfMember(
                    person_id=person_id,
                    household_id=household_id,
                    resident_insurance=member.resident_insurance,
                    employee_insurance=member.employee_insurance,
                    work_place=bool(member.work_place) if known else None,
                    work_months=member.work_months if known else None,
                )


async def _resolve(tx: AsyncConnection, said: Said, stand: Mapping[UUID, Mapping[Condition, bool]], told: Told) -> None:
    solved: dict[UUID, list[UUID]] = {}
    for row in await conditions.open_conditions(tx, said.keys()):
        if (
            stand[row.household_id].get((row.guarantee, row.person_id))
            and row.since <= said[row.household_id].exported_on
        ):
            solved.setdefault(row.household_id, []).append(row.fact_id)
    for household_id, fact_ids in solved.items():
        await conditions.resolve_conditions(tx, household_id, fact_ids, on=said[household_id].exported_on)
    told.changed |= solved.keys()


async def _people(
    tx: AsyncConnection, said: Said, new: Mapping[UUID, registry.Outcome], cipher: FieldCipher
) -> _People:
    here: dict[UUID, dict[str, UUID]] = {}
    standing = said.keys() - new.keys()
    for person in await registry.present(tx, standing) if standing else ():
        here.setdefault(person.household_id, {})[person.blind_index] = person.id
    result = {id_: outcome.joined for id_, outcome in new.items()}
    for household_id in standing:
        by_index = here.get(household_id, {})
        indexes = {m.identity: cipher.blind_index(m.identity) for m in said[household_id].record.members}
        result[household_id] = {identity: by_index[index] for identity, index in indexes.items() if index in by_index}
    return result


async def _tell_helpers(
    tx: AsyncConnection,
    said: Said,
    homes: _Homes,
    before: Mapping[UUID, tuple[UUID, ...]],
    told: Told,
    cipher: FieldCipher,
) -> None:
    named = {household_id: statement for household_id, statement in said.items() if "helper" in statement.columns}
    entries = [entry for household_id, statement in named.items() for entry in helpers(statement, household_id)]
    if entries:
        outcomes = await support.assign_helpers(tx, entries, cipher=cipher, repeated=True, homes=homes)
        for entry, outcome in zip(entries, outcomes, strict=True):
            told.helpers[entry.household_id] = (*told.helpers.get(entry.household_id, ()), outcome.assignment_id)
            if outcome.assigned:
                told.changed.add(entry.household_id)
    for household_id in said.keys() - named.keys():
        told.helpers[household_id] = before.get(household_id, ())
    await _release(tx, named, before, told)


async def _release(tx: AsyncConnection, named: Said, before: Mapping[UUID, tuple[UUID, ...]], told: Told) -> None:
    """Release whom an earlier import assigned and this file no longer names; helpers assigned by hand stay."""
    gone = {
        household_id: set(before.get(household_id, ())) - set(told.helpers.get(household_id, ()))
        for household_id in named
    }
    wanted = {assignment for assignments in gone.values() for assignment in assignments}
    if not wanted:
        return
    current = await support.helpers_of(tx, [household_id for household_id, assignments in gone.items() if assignments])
    for household_id, present in current.items():
        until = named[household_id].exported_on
        leaving = [row.id for row in present if row.id in wanted and row.until is None and row.since <= until]
        if leaving:
            await support.release_helpers(tx, leaving, until=until)
            told.changed.add(household_id)
