"""The list of modes of interest links, which the city edits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id
from events.locks import locked
from kit.etag import require_version
from kit.policy_book import Confidence
from kit.scope import covers

from ..queries import Mode, modes
from ..rules import ModeKnown, ModesOfTheCity, ModeUnknown
from ..tables import interest_modes

_CITY = "5301/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeTerms:
    """利益联结模式: its name, the document that names it, and whether links may still be made of it."""

    name: str
    document: str
    confidence: Confidence
    active: bool = True


async def add_mode(tx: AsyncConnection, code: str, terms: ModeTerms, *, paths: Sequence[str]) -> Mode:
    """Put a mode into the list.

    Raises:
        ModesOfTheCity, ModeKnown: as they say.
    """
    if code in await _held(tx, paths):
        raise ModeKnown
    mode = Mode(code=code, version=1, **_values(terms))
    await tx.execute(insert(interest_modes).values(**{name: getattr(mode, name) for name in Mode.__slots__}))
    return mode


async def change_mode(tx: AsyncConnection, code: str, terms: ModeTerms, *, paths: Sequence[str], version: int) -> Mode:
    """Correct a mode, or take it out of use; links that are made of it stay.

    Raises:
        ModesOfTheCity, ModeUnknown, PreconditionFailed: as they say.
    """
    before = (await _held(tx, paths)).get(code)
    if before is None:
        raise ModeUnknown
    require_version(before.version, version)
    after = replace(before, version=before.version + 1, **_values(terms))
    row = update(interest_modes).where(interest_modes.c.code == code)
    await tx.execute(row.values(version=after.version, **_values(terms)))
    return after


async def _held(tx: AsyncConnection, paths: Sequence[str]) -> dict[str, Mode]:
    if not covers(paths, _CITY):
        raise ModesOfTheCity
    await locked(tx, [derived_id("interest-modes")])
    return await modes(tx)


def _values(terms: ModeTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in ModeTerms.__slots__}
