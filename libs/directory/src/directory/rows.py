"""Facts in and out of their tables: frozen dataclasses whose fields are named like the columns."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.log import NewEvent
from events.received import Received
from kit.bulk import columns_of, write_columns

F = TypeVar("F")


def of(cls: type[F], row: Row[Any]) -> F:
    """The row as the fact it holds."""
    return cls(**{field.name: row._mapping[field.name] for field in fields(cls)})  # type: ignore[arg-type]


async def by_id(
    tx: AsyncConnection, table: Table, cls: type[F], ids: Collection[UUID], *, to_change: bool = False
) -> dict[UUID, F]:
    """Facts by their ids, those within the scope.

    Args:
        tx: the open transaction.
        table: of the facts.
        cls: of the facts.
        ids: of the facts.
        to_change: hold the rows: a registration that gives one of them its household is waited for, or waits.
    """
    wanted = select(table).where(table.c.id.in_(ids)).order_by(table.c.id)
    found = await tx.execute(wanted.with_for_update() if to_change else wanted)
    return {row.id: of(cls, row) for row in found}


async def add(tx: AsyncConnection, table: Table, facts: Sequence[Any]) -> None:
    """Insert new facts, in one statement."""
    await write_columns(tx, table, _columns(facts))


async def put(tx: AsyncConnection, table: Table, facts: Sequence[Any]) -> None:
    """Insert or replace facts, in one statement."""
    await write_columns(tx, table, _columns(facts), conflict="replace", key=("id",))


def _columns(facts: Sequence[Any]) -> dict[str, list[Any]]:
    return columns_of(facts, [field.name for field in fields(facts[0])]) if facts else {}


class FactRow(Protocol):
    """What every row of a table of facts says."""

    @property
    def id(self) -> UUID: ...  # noqa: D102
    @property
    def revision(self) -> int: ...  # noqa: D102
    @property
    def void(self) -> bool: ...  # noqa: D102
    @property
    def household_id(self) -> UUID | None: ...  # noqa: D102
    @property
    def region(self) -> str | None: ...  # noqa: D102


def event_of(event: Event, fact: FactRow, occurred_at: datetime, *, cause: Received[Any] | None = None) -> NewEvent:
    """The event of a fact as it stands: under its household's key, else under its own id."""
    return NewEvent(
        event=event,
        key=fact.household_id or fact.id,
        household_id=fact.household_id,
        region=fact.region,
        fact_id=fact.id,
        revision=fact.revision,
        void=fact.void,
        occurred_at=occurred_at,
        cause=cause,
    )
