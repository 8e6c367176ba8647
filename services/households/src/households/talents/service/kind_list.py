"""The list of kinds of talents, which the city edits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id
from events.locks import locked
from kit.etag import require_version
from kit.policy_book import Confidence
from kit.scope import covers

from ..queries import Kind, kinds
from ..rules import KindsOfTheCity, TalentKindKnown, TalentKindUnknown
from ..tables import talent_kinds

_CITY = "5301/"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTerms:
    """人才类别: its name, the document that names it, and whether talents may still be registered for it."""

    name: str
    document: str
    confidence: Confidence
    active: bool = True


async def add_kind(tx: AsyncConnection, code: str, terms: KindTerms, *, paths: Sequence[str]) -> Kind:
    """Put a kind into the list.

    Raises:
        KindsOfTheCity, TalentKindKnown: as they say.
    """
    if code in await _held(tx, paths):
        raise TalentKindKnown
    kind = Kind(code=code, version=1, **asdict(terms))
    await tx.execute(insert(talent_kinds).values(**asdict(kind)))
    return kind


async def change_kind(tx: AsyncConnection, code: str, terms: KindTerms, *, paths: Sequence[str], version: int) -> Kind:
    """Correct a kind, or take it out of use; talents registered for it stay.

    Raises:
        KindsOfTheCity, TalentKindUnknown, PreconditionFailed: as they say.
    """
    before = (await _held(tx, paths)).get(code)
    if before is None:
        raise TalentKindUnknown
    require_version(before.version, version)
    after = replace(before, version=before.version + 1, **asdict(terms))
    await tx.execute(update(talent_kinds).where(talent_kinds.c.code == code).values(**asdict(after)))
    return after


async def _held(tx: AsyncConnection, paths: Sequence[str]) -> dict[str, Kind]:
    if not covers(paths, _CITY):
        raise KindsOfTheCity
    await locked(tx, [derived_id("talent-kinds")])
    return await kinds(tx)
