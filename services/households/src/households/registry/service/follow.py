"""Households follow their village when it comes under another management path."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from events.locks import locked

from ..queries import Household, households_by_id, misplaced
from .changes import Changes, save


async def follow_villages(tx: AsyncConnection, paths: Mapping[str, str], *, limit: int = 500) -> int:
    """Bring households to the path of their village.

    Args:
        tx: the open transaction.
        paths: management path by village code.
        limit: households to take at once; call again until it gives 0.

    Returns:
        How many households were moved.
    """
    ids = await misplaced(tx, paths, limit)
    await locked(tx, ids)
    rows = (await households_by_id(tx, ids)).values()
    moved = [
        replace(row, path=paths[row.region_code], grid=_grid_below(row, paths), version=row.version + 1)
        for row in rows
        if row.path != paths.get(row.region_code, row.path)
    ]
    await save(tx, Changes(updated=moved))
    return len(moved)


def _grid_below(row: Household, paths: Mapping[str, str]) -> str | None:
    return row.grid and paths[row.region_code] + row.grid.removeprefix(row.path)
