"""Who is entitled, for many persons at once: what the directory and the job spells say, judged by the rules."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.circumstances import groups_of
from directory.people import HouseholdRef
from kit import policy

from .. import queries
from ..rules import Ask, Claim, Eligibility, Proof, Subsidy, assess


async def judge(
    tx: AsyncConnection, ask: Ask, person_id: UUID, home: HouseholdRef, *, standing: UUID | None
) -> Eligibility:
    """Whether one person is entitled."""
    groups = (await groups_of(tx, [home.household_id])).get(home.household_id, frozenset())
    jobs = (await queries.jobs(tx, [person_id]))[person_id]
    return assess(ask, Claim(path=home.path, groups=groups, jobs=jobs, standing=standing), await policy.load(tx))


async def judge_again(
    tx: AsyncConnection, applications: Collection[Subsidy], homes: Mapping[UUID, HouseholdRef]
) -> dict[UUID, Eligibility]:
    """Whether those who applied are entitled by what is known now, asked on the day they applied.

    Args:
        tx: the open transaction.
        applications: of one kind and year.
        homes: by person; whoever has none in scope is left out.
    """
    here = [one for one in applications if one.person_id in homes]
    groups = await groups_of(tx, {homes[one.person_id].household_id for one in here})
    jobs = await queries.jobs(tx, {one.person_id for one in here})
    book = await policy.load(tx)
    judged = {}
    for one in here:
        home = homes[one.person_id]
        claim = Claim(path=home.path, groups=groups.get(home.household_id, frozenset()), jobs=jobs[one.person_id])
        judged[one.id] = assess(ask_of(one), claim, book)
    return judged


def ask_of(subsidy: Subsidy) -> Ask:
    """What was asked for."""
    return Ask(kind=subsidy.kind, year=subsidy.year, on=subsidy.applied_on, proof=Proof(subsidy.proof))


def kept(found: Eligibility) -> list[dict[str, Any]]:
    """The conditions as they are kept beside an application: what each rests on, by ids."""
    return [
        {
            "check": reason.check,
            "state": reason.state.value,
            "evidence": [str(id_) for id_ in reason.evidence],
            "policy": [str(value.id) for value in reason.policy],
            "missing": reason.missing,
        }
        for reason in found.reasons
    ]
