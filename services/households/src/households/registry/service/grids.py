"""Placing households in the grid of their village."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.locks import locked

from ..queries import Household
from ..rules import OtherVillage
from .changes import Changes, save
from .lookup import standing


async def place_in_grid(
    tx: AsyncConnection, household_ids: Collection[UUID], grid: str | None, *, village: str
) -> list[Household]:
    """Put at most 500 households of a village into one of its grids, or into none; gives those that changed.

    Raises:
        OtherVillage: a household lies elsewhere.
        HouseholdUnknown, HouseholdMergedAway: as they say.
    """
    await locked(tx, household_ids)
    homes = (await standing(tx, household_ids)).values()
    if any(home.path != village for home in homes):
        raise OtherVillage
    moved = [replace(home, grid=grid, version=home.version + 1) for home in homes if home.grid != grid]
    await save(tx, Changes(updated=moved))
    return moved
