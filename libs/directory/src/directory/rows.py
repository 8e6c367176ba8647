"""Facts in and out of their tables: frozen dataclasses whose fields are named like the columns."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Row, Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.log import NewEvent
from events.received import Received

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
    if facts:
        await tx.execute(insert(table).returning(table.c.id), [_values(fact) for fact in facts])


async def put(tx: AsyncConnection, table: Table, facts: Sequence[Any]) -> None:
    """Insert or replace facts, in one statement."""
    if not facts:
        return
    statement = insert(table)
    columns = {name: statement.excluded[name] for name in _values(facts[0]) if name != "id"}
    statement = statement.on_conflict_do_update(index_elements=["id"], set_=columns)
    await tx.execute(statement.returning(table.c.id), [_values(fact) for fact in facts])


def _values(fact: Any) -> dict[str, Any]:
    return {field.name: getattr(fact, field.name) for field in fields(fact)}


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
