"""Rows of reports and contests, written and told in one go."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.log import NewEvent, append
from kit import clock

from ..queries import Contest, Report
from ..tables import contests, self_reports


async def save_report(tx: AsyncConnection, row: Report, event: Event | None) -> None:
    """Write the report as it stands, and tell of it: under its household's key, else under its own id."""
    await _write(tx, self_reports, row)
    if event is None:
        return
    await append(
        tx,
        NewEvent(
            event=event,
            key=row.household_id or row.id,
            household_id=row.household_id,
            region=row.region_code,
            occurred_at=clock.now(),
            fact_id=row.id,
            revision=row.version,
        ),
    )


async def save_contest(tx: AsyncConnection, row: Contest, event: Event, region: str) -> None:
    """Write the contest as it stands, and tell of it under its household's key."""
    await _write(tx, contests, row)
    await append(
        tx,
        NewEvent(
            event=event,
            key=row.household_id,
            household_id=row.household_id,
            region=region,
            occurred_at=clock.now(),
            fact_id=row.id,
            revision=row.version,
        ),
    )


async def _write(tx: AsyncConnection, table: Any, row: Report | Contest) -> None:
    values = {name: getattr(row, name) for name in row.__slots__}
    statement = insert(table).values(**values)
    columns = {name: statement.excluded[name] for name in values if name != "id"}
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=columns))
