"""Lists of codes that the city edits: no code is ever removed, as facts were told with it, but it may go out of use."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, Generic, Protocol, TypeVar

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id
from events.locks import locked
from kit.bulk import write_rows
from kit.errors import Refusal
from kit.etag import require_version
from kit.scope import covers

from . import rows

CITY: Final = "5301/"


class Coded(Protocol):
    """An item of such a list: a frozen dataclass whose fields are named like the columns."""

    @property
    def code(self) -> str:
        """The code that facts carry."""

    @property
    def version(self) -> int:
        """1 when it came into the list, one more for each change."""


Item = TypeVar("Item", bound=Coded)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList(Generic[Item]):
    """可编辑代码表.

    Attributes:
        table: one row per code.
        item: what a row holds.
        of_the_city: refuses whoever does not answer for the whole city.
        known, unknown: refuse a code that is there already, and one that is not.
    """

    table: Table
    item: type[Item]
    of_the_city: type[Refusal]
    known: type[Refusal]
    unknown: type[Refusal]

    async def all(self, tx: AsyncConnection) -> dict[str, Item]:
        """The list, by code."""
        found = await tx.execute(select(self.table).order_by(self.table.c.code))
        return {row.code: rows.of(self.item, row) for row in found}

    async def add(self, tx: AsyncConnection, code: str, terms: Mapping[str, object], *, paths: Sequence[str]) -> Item:
        """Put a code into the list.

        Raises:
            Refusal: `of_the_city`, `known`.
        """
        if code in await self._held(tx, paths):
            raise self.known
        return await self._put(tx, self.item(code=code, version=1, **terms))  # type: ignore[call-arg]

    async def change(
        self, tx: AsyncConnection, code: str, terms: Mapping[str, object], *, paths: Sequence[str], version: int
    ) -> Item:
        """Correct what a code stands for, or take it out of use; what was told with it stays.

        Raises:
            Refusal: `of_the_city`, `unknown`.
            PreconditionFailed: it has changed since.
        """
        before = (await self._held(tx, paths)).get(code)
        if before is None:
            raise self.unknown
        require_version(before.version, version)
        return await self._put(tx, replace(before, version=before.version + 1, **terms))  # type: ignore[type-var]

    async def _held(self, tx: AsyncConnection, paths: Sequence[str]) -> dict[str, Item]:
        if not covers(paths, CITY):
            raise self.of_the_city
        await locked(tx, [derived_id(self.table.name)])
        return await self.all(tx)

    async def _put(self, tx: AsyncConnection, item: Item) -> Item:
        await write_rows(tx, self.table, [asdict(item)], conflict="replace")  # type: ignore[call-overload]
        return item
