"""Shares of a collective, quantified to households."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import SharesQuantified
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit.bulk import write_rows

from ...registry import service as registry
from ..queries import Holding, holdings_by_id, quantified
from ..rules import NamedTwice, TooManyShares
from ..tables import share_holdings
from .collectives import get_collective


@dataclass(frozen=True, slots=True)
class ShareLine:
    """股份量化到户: the shares a household has from now on; 0 takes them back."""

    household_id: UUID
    shares: Decimal


async def quantify_shares(
    tx: AsyncConnection, collective_id: UUID, lines: Sequence[ShareLine], *, since: date
) -> list[Holding]:
    """Say how many shares at most 400 households have, all of them or none; what stands already changes nothing.

    Raises:
        CollectiveUnknown, HouseholdUnknown, HouseholdMergedAway: as they say.
        NamedTwice: a household has two lines.
        TooManyShares: households would have more than there are.
    """
    wanted = {line.household_id: line.shares for line in lines}
    if len(wanted) < len(lines):
        raise NamedTwice(pointer="/lines")
    await locked(tx, [collective_id, *wanted])
    collective = await get_collective(tx, collective_id)
    homes = await registry.standing(tx, wanted)
    ids = {household_id: derived_id("shares", collective_id, household_id) for household_id in wanted}
    before = await holdings_by_id(tx, ids.values())
    changed = [
        Holding(
            id=ids[household_id],
            revision=before[ids[household_id]].revision + 1 if ids[household_id] in before else 1,
            collective_id=collective_id,
            household_id=household_id,
            shares=shares,
            since=since,
        )
        for household_id, shares in wanted.items()
        if (before[ids[household_id]].shares if ids[household_id] in before else Decimal(0)) != shares
    ]
    values = [{name: getattr(holding, name) for name in Holding.__slots__} for holding in changed]
    await write_rows(tx, share_holdings, values, conflict="replace")
    if await quantified(tx, collective_id) > collective.total_shares:
        raise TooManyShares
    await append(tx, *(_event(holding, homes[holding.household_id]) for holding in changed))
    now = before | {holding.id: holding for holding in changed}
    return [now[id_] for id_ in ids.values() if id_ in now]


def _event(holding: Holding, home: registry.Household) -> NewEvent:
    return registry.about(
        home,
        SharesQuantified(collective_id=holding.collective_id, shares=holding.shares, since=holding.since),
        fact_id=holding.id,
        revision=holding.revision,
    )
