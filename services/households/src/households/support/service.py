"""Use cases of helpers; none of them commits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import HelperAssigned, HelperReleased
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append_many
from kit.bulk import write_rows
from kit.cipher import FieldCipher, mask_name, mask_phone
from kit.errors import Refusal
from kit.etag import require_version

from ..regions import service as regions
from ..registry import service as registry
from .queries import Helper, PastHelper, helpers_as_of, helpers_by_id, helpers_of
from .rules import HelperAssignedAlready, HelperReleasedAlready, HelperUnknown
from .tables import helper_assignments, helper_versions

__all__ = [
    "Helper",
    "HelperEntry",
    "HelperOutcome",
    "assign_helpers",
    "helpers_as_of",
    "helpers_of",
    "named",
    "release_helper",
    "release_helpers",
    "restore_helpers",
]

PURPOSE = "support"


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class HelperEntry:
    """帮扶责任人: who is to answer for a household."""

    household_id: UUID
    name: str = field(repr=False)
    organisation: str
    since: date
    phone: str | None = field(default=None, repr=False)


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class HelperOutcome:
    """What became of one entry; a refused or unchanged one left no row and no event."""

    assignment_id: UUID
    assigned: bool = False
    refusal: Refusal | None = None


def assignment_id(entry: HelperEntry, cipher: FieldCipher) -> UUID:
    """One assignment per helper and household; ending and beginning anew are its revisions."""
    who = cipher.blind_index(f"helper\x1f{entry.name.strip()}\x1f{entry.organisation.strip()}")
    return derived_id("helper", entry.household_id, who)


async def assign_helpers(
    tx: AsyncConnection,
    entries: Sequence[HelperEntry],
    *,
    cipher: FieldCipher,
    repeated: bool = False,
    homes: Mapping[UUID, registry.Household] | None = None,
) -> list[HelperOutcome]:
    """Assign helpers to at most 500 households at once.

    Args:
        tx: the open transaction.
        entries: who is to help whom.
        cipher: seals names and phones.
        repeated: a helper that is assigned already is left as it is; else it is refused.
        homes: the households, where the caller, who holds them, has read them.
    """
    await locked(tx, {entry.household_id for entry in entries})
    homes = homes or await registry.standing(tx, {entry.household_id for entry in entries})
    ids = [assignment_id(entry, cipher) for entry in entries]
    standing = await helpers_by_id(tx, ids)
    outcomes, new = list[HelperOutcome](), dict[UUID, Helper]()
    for id_, entry in zip(ids, entries, strict=True):
        before = standing.get(id_)
        if before is not None and before.until is None:
            outcomes.append(HelperOutcome(assignment_id=id_, refusal=None if repeated else HelperAssignedAlready()))
            continue
        standing[id_] = new[id_] = _row(id_, entry, before.revision + 1 if before else 1, cipher)
        outcomes.append(HelperOutcome(assignment_id=id_, assigned=True))
    await _save(tx, list(new.values()), homes)
    return outcomes


def _row(id_: UUID, entry: HelperEntry, revision: int, cipher: FieldCipher) -> Helper:
    name = entry.name.strip()
    return Helper(
        id=id_,
        revision=revision,
        household_id=entry.household_id,
        name=cipher.seal(PURPOSE, "helper_assignments", "name", id_, name),
        masked_name=mask_name(name),
        phone=cipher.seal(PURPOSE, "helper_assignments", "phone", id_, entry.phone) if entry.phone else None,
        masked_phone=mask_phone(entry.phone) if entry.phone else None,
        organisation=entry.organisation.strip(),
        since=entry.since,
        until=None,
    )


def named(helper: Helper, cipher: FieldCipher) -> tuple[str, str | None]:
    """Name and phone of a helper in clear."""
    name = cipher.open(PURPOSE, "helper_assignments", "name", helper.id, helper.name)
    return name, cipher.open(PURPOSE, "helper_assignments", "phone", helper.id, helper.phone) if helper.phone else None


async def release_helper(tx: AsyncConnection, helper_id: UUID, *, until: date, version: int) -> Helper:
    """End one helper's assignment."""
    seen = (await helpers_by_id(tx, [helper_id])).get(helper_id)
    if seen is None:
        raise HelperUnknown
    await locked(tx, [seen.household_id])
    require_version((await helpers_by_id(tx, [helper_id]))[helper_id].revision, version)
    return (await release_helpers(tx, [helper_id], until=until))[0]


async def release_helpers(tx: AsyncConnection, ids: Sequence[UUID], *, until: date) -> list[Helper]:
    """End assignments of at most 500 households at once."""
    seen = await helpers_by_id(tx, ids)
    await locked(tx, {helper.household_id for helper in seen.values()})
    found = await helpers_by_id(tx, ids)
    if any(id_ not in found for id_ in ids):
        raise HelperUnknown
    if any(helper.until is not None or until < helper.since for helper in found.values()):
        raise HelperReleasedAlready
    released = [replace(found[id_], until=until, revision=found[id_].revision + 1) for id_ in ids]
    homes = await registry.standing(tx, {helper.household_id for helper in released}, merged_too=True)
    await _save(tx, released, homes)
    return released


async def restore_helpers(tx: AsyncConnection, was: Sequence[Helper], never: Collection[UUID]) -> None:
    """Bring assignments back to what they were, in the next revision; those of `never` end on the day they began."""
    standing = await helpers_by_id(tx, [*never, *(row.id for row in was)])
    await locked(tx, {row.household_id for row in standing.values()})
    wanted = [*was, *(replace(standing[id_], until=standing[id_].since) for id_ in never)]
    rows = [replace(row, revision=standing[row.id].revision + 1) for row in wanted]
    await _save(tx, rows, await registry.standing(tx, {row.household_id for row in rows}, merged_too=True))


async def _save(tx: AsyncConnection, rows: Sequence[Helper], homes: Mapping[UUID, registry.Household]) -> None:
    if not rows:
        return
    await write_rows(tx, helper_assignments, [_values(row) for row in rows], conflict="replace")
    await _keep_history(tx, rows)
    await append_many(tx, [_event(row, homes[row.household_id]) for row in rows])


async def _keep_history(tx: AsyncConnection, rows: Sequence[Helper]) -> None:
    on = await regions.today(tx)
    kept = [{name: getattr(row, name) for name in PastHelper.__slots__} | {"recorded_on": on} for row in rows]
    await write_rows(tx, helper_versions, kept)


def _values(row: Helper) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Helper.__slots__}


def _event(row: Helper, home: registry.Household) -> NewEvent:
    event = (
        HelperReleased(assignment_id=row.id, until=row.until)
        if row.until is not None
        else HelperAssigned(assignment_id=row.id, since=row.since, organisation=row.organisation)
    )
    return registry.about(home, event, fact_id=row.id, revision=row.revision)
