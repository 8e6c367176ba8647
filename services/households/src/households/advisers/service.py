"""Use cases of advisers; none of them commits."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.households import AdviserAssigned, AdviserReleased
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.bulk import write_rows
from kit.cipher import FieldCipher, mask_name, mask_phone
from kit.etag import require_version

from ..regions import service as regions
from ..registry import service as registry
from .queries import Advised, Adviser, adviser, advisers_below, coverage, stands
from .rules import AdviserReleasedAlready, AdviserStands, AdviserUnknown, VillageAdvisedUnknown
from .tables import advisers

__all__ = ["Advised", "Adviser", "AdviserEntry", "advisers_below", "assign_adviser", "coverage", "release_adviser"]

PURPOSE = "advisers"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviserEntry:
    """科技顾问: who is to advise a village on a trade."""

    region_code: str
    trade: str
    name: str = field(repr=False)
    organisation: str
    since: date
    phone: str | None = field(default=None, repr=False)


async def assign_adviser(tx: AsyncConnection, entry: AdviserEntry, *, cipher: FieldCipher) -> Adviser:
    """Somebody begins to advise a village.

    Raises:
        VillageAdvisedUnknown, AdviserStands: as they say.
    """
    village = (await regions.current_regions(tx, [entry.region_code])).get(entry.region_code)
    if village is None or village.level != "village" or await registry.outside_scope(tx, [village.path]):
        raise VillageAdvisedUnknown
    id_, name, organisation = uuid7(), entry.name.strip(), entry.organisation.strip()
    who = cipher.blind_index(f"adviser\x1f{name}\x1f{organisation}")
    # The village's trades are one thing to wait for, so that nobody is assigned twice at once.
    await locked(tx, [derived_id("advisers", village.path), id_])
    if await stands(tx, path=village.path, trade=entry.trade, who=who):
        raise AdviserStands
    row = Adviser(
        id=id_,
        version=1,
        path=village.path,
        who=who,
        name=cipher.seal(PURPOSE, "advisers", "name", id_, name),
        masked_name=mask_name(name),
        phone=cipher.seal(PURPOSE, "advisers", "phone", id_, entry.phone) if entry.phone else None,
        masked_phone=mask_phone(entry.phone) if entry.phone else None,
        organisation=organisation,
        trade=entry.trade,
        since=entry.since,
        until=None,
    )
    told: dict[str, Any] = {name: getattr(row, name) for name in ("path", "trade", "since", "organisation")}
    await _save(tx, row, AdviserAssigned(adviser_id=row.id, **told))
    return row


async def release_adviser(tx: AsyncConnection, adviser_id: UUID, *, until: date, version: int) -> Adviser:
    """Somebody stops advising a village.

    Raises:
        AdviserUnknown, PreconditionFailed, AdviserReleasedAlready: as they say.
    """
    await locked(tx, [adviser_id])
    row = await adviser(tx, adviser_id)
    if row is None:
        raise AdviserUnknown
    require_version(row.version, version)
    if row.until is not None or until < row.since:
        raise AdviserReleasedAlready
    after = replace(row, until=until, version=row.version + 1)
    await _save(tx, after, AdviserReleased(adviser_id=row.id, path=row.path, until=until))
    return after


async def _save(tx: AsyncConnection, row: Adviser, event: Event) -> None:
    values = {name: getattr(row, name) for name in Adviser.__slots__}
    await write_rows(tx, advisers, [values], conflict="replace")
    await append(tx, NewEvent(event=event, key=row.id, occurred_at=clock.now(), fact_id=row.id, revision=row.version))
