"""农户进出: households that are in a place, a base or a site, from a day on, leave it and come again.

One fact per place and household, whose revisions tell how it went on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.base import Event
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit.errors import Refusal
from kit.etag import require_version

from .registry import service as registry


class Stay(Protocol):
    """A row: a frozen dataclass with the fields of these, and the place."""

    @property
    def id(self) -> UUID: ...  # noqa: D102
    @property
    def revision(self) -> int: ...  # noqa: D102
    @property
    def household_id(self) -> UUID: ...  # noqa: D102
    @property
    def since(self) -> date: ...  # noqa: D102
    @property
    def until(self) -> date | None: ...  # noqa: D102


class Ordered(Protocol):
    """Refuses a day before another one."""

    def __call__(self, day: date, since: date, *, pointer: str) -> None: ...  # noqa: D102


S = TypeVar("S", bound=Stay)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays(Generic[S]):
    """Who is in the places of one kind.

    Attributes:
        table: one row per place and household.
        row: what a row holds.
        place: its column, and field of the events, that names the place.
        name: goes into the ids of the facts.
        entered, left: the events.
        unknown, gone: refuse a household that never was there, and one that has left.
    """

    table: Table
    row: Callable[..., S]
    place: str
    name: str
    entered: Callable[..., Event]
    left: Callable[..., Event]
    unknown: type[Refusal]
    gone: type[Refusal]
    check_order: Ordered

    async def enter(
        self, tx: AsyncConnection, place_id: UUID, homes: Mapping[UUID, registry.Household], *, since: date
    ) -> list[S]:
        """Households enter a place; those that are there stay as they are. Place and households are locked.

        Raises:
            Refusal: `check_order`, where one of them left later than that.
        """
        ids = {home: derived_id(self.name, place_id, home) for home in homes}
        known, new = await self._by_id(tx, *ids.values()), list[S]()
        for home, id_ in ids.items():
            before = known.get(id_)
            if before is not None:
                if before.until is None:
                    continue
                self.check_order(since, before.until, pointer="/since")
            place = {self.place: place_id}
            revision = before.revision + 1 if before else 1
            new.append(self.row(id=id_, revision=revision, household_id=home, since=since, until=None, **place))
        await rows.put(tx, self.table, new)
        event = self.entered(**{self.place: place_id}, since=since)
        await append(tx, *(_told(event, row, homes[row.household_id]) for row in new))
        return new

    async def leave(self, tx: AsyncConnection, place_id: UUID, household_id: UUID, *, until: date, version: int) -> S:
        """A household leaves a place.

        Raises:
            Refusal: `unknown`, `gone`, `check_order`.
            PreconditionFailed: it has changed since.
        """
        id_ = derived_id(self.name, place_id, household_id)
        await locked(tx, [place_id, household_id])
        before = (await self._by_id(tx, id_)).get(id_)
        if before is None:
            raise self.unknown
        require_version(before.revision, version)
        if before.until is not None:
            raise self.gone
        self.check_order(until, before.since, pointer="/until")
        row = replace(before, until=until, revision=before.revision + 1)  # type: ignore[type-var]
        await rows.put(tx, self.table, [row])
        home = await registry.get_household(tx, household_id)
        await append(tx, _told(self.left(**{self.place: place_id}, until=until), row, home))
        return row

    async def page(self, tx: AsyncConnection, place_id: UUID, *, after: UUID | None, limit: int) -> list[S]:
        """The households of a place in one's area, in the order of ids, those that left too."""
        query = select(self.table).where(self.table.c[self.place] == place_id)
        if after is not None:
            query = query.where(self.table.c.id > after)
        found = await tx.execute(query.order_by(self.table.c.id).limit(limit))
        return [self.row(**row) for row in found.mappings()]

    async def _by_id(self, tx: AsyncConnection, *ids: UUID) -> dict[UUID, S]:
        found = await tx.execute(select(self.table).where(self.table.c.id.in_(ids)))
        return {row["id"]: self.row(**row) for row in found.mappings()}


def _told(event: Event, row: Stay, home: registry.Household) -> NewEvent:
    return registry.about(home, event, fact_id=row.id, revision=row.revision)
