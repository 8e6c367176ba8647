"""Contesting 异议: the household says that a recorded fact is wrong; it stands, flagged, until that is settled."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import ContestRaised, ContestSettled
from events.ids import uuid7
from events.locks import locked
from kit.cipher import FieldCipher
from kit.etag import require_version

from ...regions import service as regions
from ...registry import service as registry
from ..queries import Contest, contest, contests_of, fact_is_theirs
from ..rules import ContestOutcome, ContestSettledAlready, ContestStands, ContestUnknown, FactNotTheirs
from .filing import PURPOSE
from .publishing import save_contest


async def raise_contest(
    tx: AsyncConnection, household_id: UUID, fact_id: UUID, *, text: str | None, cipher: FieldCipher
) -> Contest:
    """The household contests one fact about it.

    Raises:
        FactNotTheirs: no such fact about this household.
        ContestStands: the same fact is contested already.
    """
    await locked(tx, [household_id])
    home = await registry.get_standing(tx, household_id)
    if not await fact_is_theirs(tx, fact_id, await registry.family_ids(tx, home.id)):
        raise FactNotTheirs
    if any(row.fact_id == fact_id for row in await contests_of(tx, household_id=home.id, standing=True)):
        raise ContestStands
    id_ = uuid7()
    row = Contest(
        id=id_,
        version=1,
        household_id=home.id,
        fact_id=fact_id,
        raised_on=await regions.today(tx),
        text=cipher.seal(PURPOSE, "contests", "text", id_, text) if text else None,
    )
    event = ContestRaised(contest_id=id_, contested_fact_id=fact_id, raised_on=row.raised_on)
    await save_contest(tx, row, event, home.region_code)
    return row


async def settle_contest(tx: AsyncConnection, contest_id: UUID, *, outcome: ContestOutcome, version: int) -> Contest:
    """办结: corrected, upheld or withdrawn; a correction itself is made where the fact stands."""
    seen = await contest(tx, contest_id)
    if seen is None:
        raise ContestUnknown
    await locked(tx, [seen.household_id])
    row = await contest(tx, contest_id)
    if row is None:
        raise ContestUnknown
    require_version(row.version, version)
    if row.settled_on is not None:
        raise ContestSettledAlready
    home = await registry.get_household(tx, row.household_id)
    after = replace(row, settled_on=await regions.today(tx), outcome=outcome, version=row.version + 1)
    event = ContestSettled(
        contest_id=row.id, contested_fact_id=row.fact_id, outcome=outcome, settled_on=after.settled_on
    )
    await save_contest(tx, after, event, home.region_code)
    return after
