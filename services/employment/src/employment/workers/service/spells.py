"""Use cases of job spells: report, correct, end, reopen, take back; none of them commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.naming import PersonNamed, Placed, place
from directory.people import today
from events.ids import uuid7
from events.locks import locked
from events.log import append
from income.months import Month
from kit.cipher import FieldCipher
from kit.errors import Refusal
from kit.etag import require_version

from ...requests import service as requests
from ...zero_employment import service as zero_employment
from ..queries import add, by_id, missed_of, put, spells_of
from ..rules import NotEnded, Spell, SpellKnown, SpellUnknown, Voided, check_end, check_start, first_expected
from . import publishing
from .missed import took_back
from .outcomes import Outcome, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellReport:
    """务工登记: a job as a department reports it; the end where the job is over already."""

    person: PersonNamed
    started_on: date
    channel: str
    place_code: str | None = None
    employer: str | None = None
    monthly_wage: Decimal | None = None
    ended_on: date | None = None
    end_reason: str | None = None
    pointer: str = "/person"


_STATED = ("channel", "place_code", "employer", "monthly_wage")


async def report_spells(
    tx: AsyncConnection,
    reports: Sequence[SpellReport],
    *,
    cipher: FieldCipher,
    area: str,
    department: str,
    fill: bool = False,
) -> list[Outcome[Spell]]:
    """Record jobs, at most 500 at once; the same job reported again changes nothing.

    Args:
        tx: the open transaction.
        reports: the jobs.
        cipher: makes the blind index.
        area: the reporter's management path.
        department: the reporter.
        fill: a known job that is told differently is not refused: what is not known of it is filled in, its end is
            taken over, and what is known stays.
    """
    on = await today(tx)
    named = [report.person for report in reports]
    pointers = [report.pointer for report in reports]
    placed = await place(tx, named, cipher=cipher, area=area, on=on, pointers=pointers)
    drafts = [_draft(report, where, on, department) for report, where in zip(reports, placed, strict=True)]
    sound = [draft for draft in drafts if isinstance(draft, Spell)]
    await locked(tx, {draft.key for draft in sound})
    known = await spells_of(
        tx, persons=[draft.person_id for draft in sound], awaited=[draft.blind_index for draft in sound]
    )
    await locked(tx, {spell.household_id for spell in known if spell.household_id})
    outcomes = _compare_all(drafts, {_beginning(spell): spell for spell in known}, fill=fill)
    await _write(tx, outcomes, {spell.id: spell for spell in known})
    return outcomes


def _beginning(spell: Spell) -> tuple[object, date]:
    """A person begins one job a day."""
    return (spell.person_id or spell.blind_index, spell.started_on)


def _compare_all(
    drafts: Sequence[Spell | Refusal], begun: dict[tuple[object, date], Spell], *, fill: bool
) -> list[Outcome[Spell]]:
    earlier = set(begun)
    outcomes: list[Outcome[Spell]] = []
    for draft in drafts:
        if isinstance(draft, Refusal):
            outcomes.append(Outcome(Status.REFUSED, refusal=draft))
            continue
        place_ = _beginning(draft)
        outcome = _compared(draft, begun.get(place_), fill=fill and place_ in earlier)
        outcomes.append(outcome)
        if outcome.fact is not None:
            begun[place_] = outcome.fact
            earlier.discard(place_)
    return outcomes


async def _write(tx: AsyncConnection, outcomes: Sequence[Outcome[Spell]], known: Mapping[UUID, Spell]) -> None:
    new = [o.fact for o in outcomes if o.fact is not None and o.status is Status.RECORDED]
    filled = [o.fact for o in outcomes if o.fact is not None and o.status is Status.CORRECTED]
    await add(tx, new)
    await put(tx, filled)
    events = [publishing.started(spell) for spell in new]
    events += [publishing.started(spell) for spell in filled if spell.revision > known[spell.id].revision]
    over = [spell for spell in filled if spell.end_revision > known[spell.id].end_revision]
    events += [
        publishing.ended(spell, on=spell.ended_on, reason=spell.end_reason or "other")
        for spell in (*new, *over)
        if spell.ended_on is not None
    ]
    await append(tx, *events)
    await _settle_missed(tx, over)
    await _settle_home(tx, [*new, *filled])


def _draft(report: SpellReport, where: Placed | Refusal, on: date, department: str) -> Spell | Refusal:
    if isinstance(where, Refusal):
        return where
    expected = first_expected(report.started_on, on) if report.monthly_wage is not None else None
    spell = Spell(
        id=uuid7(), revision=1, void=False, **where.values(), started_on=report.started_on, department=department,
        **{name: getattr(report, name) for name in _STATED}, ended_on=report.ended_on, end_reason=report.end_reason,
        end_revision=0 if report.ended_on is None else 1, next_expected=expected,
    )  # fmt: skip
    try:
        check_start(spell.started_on, on)
        if spell.ended_on is not None:
            check_end(spell, spell.ended_on, on)
    except Refusal as refusal:
        return refusal
    return spell


def _compared(draft: Spell, known: Spell | None, *, fill: bool) -> Outcome[Spell]:
    if known is None:
        return Outcome(Status.RECORDED, draft)
    if fill:
        filled = _filled(known, draft)
        return Outcome(Status.UNCHANGED if filled == known else Status.CORRECTED, filled)
    same = all(getattr(known, name) == getattr(draft, name) for name in (*_STATED, "ended_on", "end_reason"))
    return Outcome(Status.UNCHANGED, known) if same else Outcome(Status.REFUSED, refusal=SpellKnown())


def _filled(known: Spell, told: Spell) -> Spell:
    gaps = {name: getattr(told, name) for name in ("place_code", "employer") if getattr(known, name) is None}
    filled = replace(known, **gaps)
    if filled != known:
        filled = replace(filled, revision=known.revision + 1)
    if told.ended_on is not None and told.ended_on != known.ended_on:
        reason = known.end_reason or told.end_reason
        filled = replace(filled, ended_on=told.ended_on, end_reason=reason, end_revision=known.end_revision + 1)
    return filled


async def get_spell(tx: AsyncConnection, spell_id: UUID) -> Spell:
    """One spell in scope.

    Raises:
        SpellUnknown: not there, or out of scope.
    """
    found = (await by_id(tx, Spell, [spell_id])).get(spell_id)
    if found is None:
        raise SpellUnknown
    return found


async def _to_change(tx: AsyncConnection, spell_id: UUID, version: int) -> tuple[Spell, date]:
    """The spell under its lock, in the version the caller read, and the business date."""
    on = await today(tx)
    await locked(tx, [(await get_spell(tx, spell_id)).key])
    spell = await get_spell(tx, spell_id)
    require_version(spell.version, version)
    if spell.void:
        raise Voided
    return spell, on


async def correct_spell(tx: AsyncConnection, spell_id: UUID, changes: Mapping[str, Any], *, version: int) -> Spell:
    """State anew when it began, channel, place, employer or agreed wage; publishes the next revision.

    Raises:
        SpellUnknown, PreconditionFailed, Voided, InFuture, EndBeforeStart, SpellKnown: as they say.
    """
    spell, on = await _to_change(tx, spell_id, version)
    changed = replace(spell, **changes)
    if changed == spell:
        return spell
    check_start(changed.started_on, on)
    if changed.ended_on is not None:
        check_end(changed, changed.ended_on, on)
    if changed.started_on != spell.started_on:
        others = await spells_of(tx, persons=[spell.person_id], awaited=[spell.blind_index])
        if any(other.started_on == changed.started_on and other.id != spell.id for other in others):
            raise SpellKnown
    if changed.monthly_wage is None:
        changed = replace(changed, next_expected=None)
    elif spell.monthly_wage is None:
        changed = replace(changed, next_expected=first_expected(changed.started_on, on))
    changed = replace(changed, revision=spell.revision + 1)
    await put(tx, [changed])
    await append(tx, publishing.started(changed))
    await _settle_missed(tx, [changed])
    await _settle_home(tx, [changed])
    return changed


async def end_spell(tx: AsyncConnection, spell_id: UUID, *, ended_on: date, reason: str, version: int) -> Spell:
    """The job ended; said again with another day or reason, it corrects the end.

    Raises:
        SpellUnknown, PreconditionFailed, Voided, InFuture, EndBeforeStart: as they say.
    """
    spell, on = await _to_change(tx, spell_id, version)
    if (spell.ended_on, spell.end_reason) == (ended_on, reason):
        return spell
    check_end(spell, ended_on, on)
    changed = replace(spell, ended_on=ended_on, end_reason=reason, end_revision=spell.end_revision + 1)
    await put(tx, [changed])
    await append(tx, publishing.ended(changed, on=ended_on, reason=reason))
    await _settle_missed(tx, [changed])
    await _settle_home(tx, [changed])
    return changed


async def reopen_spell(tx: AsyncConnection, spell_id: UUID, *, version: int) -> Spell:
    """The report of the end was wrong: the job goes on.

    Raises:
        SpellUnknown, PreconditionFailed, Voided, NotEnded: as they say.
    """
    spell, _ = await _to_change(tx, spell_id, version)
    if spell.ended_on is None:
        raise NotEnded
    changed = replace(spell, ended_on=None, end_reason=None, end_revision=spell.end_revision + 1)
    await put(tx, [changed])
    await append(tx, publishing.ended(changed, on=spell.ended_on, reason=spell.end_reason or "other", void=True))
    await _settle_home(tx, [changed])
    return changed


async def void_spell(tx: AsyncConnection, spell_id: UUID, *, version: int) -> Spell:
    """There never was such a job: takes back the spell, its end and what was expected of it; wages stay.

    Raises:
        SpellUnknown, PreconditionFailed, Voided: as they say.
    """
    spell, _ = await _to_change(tx, spell_id, version)
    gone = replace(spell, void=True, revision=spell.revision + 1)
    events = [publishing.started(gone)]
    if spell.ended_on is not None:
        gone = replace(gone, end_revision=spell.end_revision + 1)
        events.append(publishing.ended(gone, on=spell.ended_on, reason=spell.end_reason or "other", void=True))
    await put(tx, [gone])
    await append(tx, *events)
    await _settle_missed(tx, [gone])
    await _settle_home(tx, [gone])
    return gone


async def _settle_missed(tx: AsyncConnection, spells: Sequence[Spell]) -> None:
    """Take back the missed wages that the spells, as they now stand, do not owe."""
    standing = {spell.id: spell for spell in spells}
    missing = await missed_of(tx, list(standing))
    await took_back(tx, [fact for fact in missing if not standing[fact.spell_id].owes(Month.of(fact.month))])


async def _settle_home(tx: AsyncConnection, spells: Sequence[Spell]) -> None:
    """A job may be the help that was asked for; begun or lost, it may end or begin a family's being without any."""
    await zero_employment.settle(tx, persons=[spell.person_id for spell in spells])
    await requests.settle(tx, [spell.household_id for spell in spells])
