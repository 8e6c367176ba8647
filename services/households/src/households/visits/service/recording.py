"""Recording visits. A batch may come again, whole or in part: what is known stays."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import RiskCause, VisitRecorded
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.cipher import FieldCipher
from kit.errors import Refusal
from kit.etag import require_version

from ...regions import service as regions
from ...registry import service as registry
from ...support import service as support
from ..queries import Visit, attached_to, attachments_seen, visits_by_id
from ..rules import AttachmentUnknown, NotTheirHelper, VisitDiffers, VisitNotYet, VisitUnknown
from ..tables import visit_attachments, visits

PURPOSE = "visits"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitForm:
    """走访表: one visit as the helper's device wrote it down; client_id is drawn by the device, once per visit."""

    client_id: UUID
    household_id: UUID
    visited_on: date
    assignment_id: UUID | None = None
    met: bool = True
    needs: tuple[RiskCause, ...] = ()
    note: str | None = field(default=None, repr=False)
    attachments: tuple[UUID, ...] = ()

    @property
    def visit_id(self) -> UUID:
        """The fact id of the visit, for ever."""
        return derived_id("visit", self.client_id)

    def digest(self, cipher: FieldCipher) -> bytes:
        """By which the same form is recognised when it comes again."""
        said = [str(self.household_id), str(self.visited_on), str(self.assignment_id), self.met, self.note]
        said += [sorted(self.needs), sorted(map(str, self.attachments))]
        return cipher.keys.signature("visit", json.dumps(said, ensure_ascii=False).encode())


class Taken(StrEnum):
    """上传结果"""

    RECORDED = "recorded"
    """已记录"""
    KNOWN = "known"
    """此前已记录"""
    REFUSED = "refused"
    """未记录"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one form; a refused one left no row and no event."""

    visit_id: UUID
    taken: Taken
    refusal: Refusal | None = None


async def record_visits(
    tx: AsyncConnection, forms: Sequence[VisitForm], *, visitor: str, cipher: FieldCipher
) -> list[Outcome]:
    """Record a batch of visits to at most 200 households; each form is taken whole or refused whole.

    Args:
        tx: the open transaction.
        forms: as the device wrote them down; a form that is known already is left as it is.
        visitor: account of who visited.
        cipher: seals the notes.
    """
    await locked(tx, {form.household_id for form in forms})
    on = await regions.today(tx)
    homes = await registry.households_by_id(tx, {form.household_id for form in forms})
    helpers = await support.helpers_of(tx, list(homes))
    known = await visits_by_id(tx, {form.visit_id for form in forms})
    seen = await attachments_seen(tx, {id_ for form in forms for id_ in form.attachments})
    outcomes, new = list[Outcome](), dict[UUID, tuple[Visit, VisitForm]]()
    for form in forms:
        digest = form.digest(cipher)
        before = known.get(form.visit_id) or (new[form.visit_id][0] if form.visit_id in new else None)
        refusal = _refusal(form, homes, helpers, seen, on)
        if before is not None:
            refusal = None if before.content == digest else VisitDiffers()
        elif refusal is None:
            new[form.visit_id] = (_visit(form, digest, visitor, cipher), form)
        taken = Taken.REFUSED if refusal else Taken.KNOWN if before else Taken.RECORDED
        outcomes.append(Outcome(visit_id=form.visit_id, taken=taken, refusal=refusal))
    await _save(tx, list(new.values()), homes)
    return outcomes


def _refusal(
    form: VisitForm,
    homes: Mapping[UUID, registry.Household],
    helpers: Mapping[UUID, Sequence[support.Helper]],
    seen: set[UUID],
    on: date,
) -> Refusal | None:
    home = homes.get(form.household_id)
    if home is None:
        return registry.HouseholdUnknown()
    if home.merged_into is not None:
        return registry.HouseholdMergedAway()
    if form.visited_on > on:
        return VisitNotYet()
    if form.assignment_id is not None and form.assignment_id not in {item.id for item in helpers[home.id]}:
        return NotTheirHelper()
    if not seen.issuperset(form.attachments):
        return AttachmentUnknown()
    return None


def _visit(form: VisitForm, digest: bytes, visitor: str, cipher: FieldCipher) -> Visit:
    id_ = form.visit_id
    return Visit(
        id=id_,
        revision=1,
        void=False,
        household_id=form.household_id,
        assignment_id=form.assignment_id,
        visited_on=form.visited_on,
        met=form.met,
        needs=tuple(sorted(set(form.needs))),
        note=cipher.seal(PURPOSE, "visits", "note", id_, form.note) if form.note else None,
        content=digest,
        visitor=visitor,
        recorded_at=clock.now(),
    )


async def _save(
    tx: AsyncConnection, new: Sequence[tuple[Visit, VisitForm]], homes: Mapping[UUID, registry.Household]
) -> None:
    if not new:
        return
    await tx.execute(insert(visits).returning(visits.c.id), [_values(row) for row, _ in new])
    links = [{"visit_id": row.id, "attachment_id": id_} for row, form in new for id_ in sorted(set(form.attachments))]
    if links:
        await tx.execute(insert(visit_attachments).returning(visit_attachments.c.visit_id), links)
    told = [_event(row, len(set(form.attachments)), homes[row.household_id].region_code) for row, form in new]
    await append(tx, *told)


def _values(row: Visit) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Visit.__slots__} | {"needs": list(row.needs)}


def _event(row: Visit, pictures: int, region: str) -> NewEvent:
    event = VisitRecorded(
        visit_id=row.id,
        visited_on=row.visited_on,
        assignment_id=row.assignment_id,
        met=row.met,
        needs=row.needs,
        attachments=pictures,
    )
    return NewEvent(
        event=event,
        key=row.household_id,
        household_id=row.household_id,
        region=region,
        occurred_at=clock.now(),
        fact_id=row.id,
        revision=row.revision,
        void=row.void,
    )


async def void_visit(tx: AsyncConnection, visit_id: UUID, *, version: int) -> Visit:
    """Take a visit back: the next revision of it is void."""
    seen = (await visits_by_id(tx, [visit_id])).get(visit_id)
    if seen is None:
        raise VisitUnknown
    await locked(tx, [seen.household_id])
    row = (await visits_by_id(tx, [visit_id]))[visit_id]
    require_version(row.revision, version)
    if row.void:
        return row
    after = replace(row, void=True, revision=row.revision + 1)
    await tx.execute(visits.update().where(visits.c.id == row.id).values(void=True, revision=after.revision))
    home = await registry.get_household(tx, row.household_id)
    pictures = (await attached_to(tx, [row.id]))[row.id]
    await append(tx, _event(after, len(pictures), home.region_code))
    return after


def note_of(row: Visit, cipher: FieldCipher) -> str | None:
    """What the visitor wrote, in clear."""
    return cipher.open(PURPOSE, "visits", "note", row.id, row.note) if row.note else None
