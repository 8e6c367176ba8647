"""The list of purposes of public money, which the city edits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id
from events.locks import locked
from kit.etag import require_version
from kit.policy_book import Confidence
from kit.scope import covers

from .. import queries
from ..rules import CITY, Purpose, PurposeKnown, PurposesOfTheCity, PurposeUnknown


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeTerms:
    """资金用途: its name, whether it counts as income, the document that names it, whether it is in use."""

    name: str
    counts_as_income: bool
    document: str
    confidence: Confidence
    active: bool = True


async def add_purpose(tx: AsyncConnection, code: str, terms: PurposeTerms, *, paths: Sequence[str]) -> Purpose:
    """Put a purpose into the list.

    Raises:
        PurposesOfTheCity, PurposeKnown: as they say.
    """
    if code in await _held(tx, paths):
        raise PurposeKnown
    purpose = Purpose(code=code, version=1, **_values(terms))
    await queries.put_purpose(tx, purpose)
    return purpose


async def change_purpose(
    tx: AsyncConnection, code: str, terms: PurposeTerms, *, paths: Sequence[str], version: int
) -> Purpose:
    """Correct a purpose, or take it out of use; what is owed under it already stays as it was taken.

    Raises:
        PurposesOfTheCity, PurposeUnknown, PreconditionFailed: as they say.
    """
    before = (await _held(tx, paths)).get(code)
    if before is None:
        raise PurposeUnknown
    require_version(before.version, version)
    after = replace(before, version=before.version + 1, **_values(terms))
    await queries.put_purpose(tx, after)
    return after


async def _held(tx: AsyncConnection, paths: Sequence[str]) -> dict[str, Purpose]:
    if not covers(paths, CITY):
        raise PurposesOfTheCity
    await locked(tx, [derived_id("transfer-purposes")])
    return await queries.all_purposes(tx)


def _values(terms: PurposeTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in PurposeTerms.__slots__}
