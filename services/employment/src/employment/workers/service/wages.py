"""Use cases of monthly wages: report one or many, correct, take back; none of them commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.naming import PersonNamed, Placed, place
from directory.people import today
from events.ids import uuid7
from events.locks import MOST_ADVISORY_KEYS, locked
from events.log import append
from income.months import Month
from kit.cipher import FieldCipher
from kit.errors import Refusal, TooLarge
from kit.etag import require_version

from ..queries import add, by_id, missed_of, put, spells_of, wages_of
from ..rules import Spell, SpellUnknown, Voided, Wage, WageKnown, WageUnknown, check_month, spell_for
from . import publishing
from .missed import missing_again, took_back
from .outcomes import Outcome, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class WageReport:
    """工资登记: what a person was paid for a month, for a named job or for the one that ran then."""

    person: PersonNamed
    month: Month
    amount: Decimal
    channel: str | None = None
    spell_id: UUID | None = None
    pointer: str = ""


async def report_wages(
    tx: AsyncConnection, reports: Sequence[WageReport], *, cipher: FieldCipher, area: str, department: str
) -> list[Outcome[Wage]]:
    """Record wages, at most 500 at once; the same wage reported again changes nothing.

    A wage that was missing is missing no longer.
    """
    on = await today(tx)
    named = [report.person for report in reports]
    pointers = [f"{report.pointer}/person" for report in reports]
    placed = await place(tx, named, cipher=cipher, area=area, on=on, pointers=pointers)
    jobs = await _Jobs.of(tx, [where for where in placed if isinstance(where, Placed)])
    drafts = [_draft(report, where, jobs, on, department) for report, where in zip(reports, placed, strict=True)]
    sound = [draft for draft in drafts if isinstance(draft, Wage)]
    keys = {wage.key for wage in sound} | jobs.keys(sound)
    if len(keys) > MOST_ADVISORY_KEYS:
        raise TooLarge
    await locked(tx, keys)
    standing = await wages_of(
        tx,
        persons=[wage.person_id for wage in sound],
        awaited=[wage.blind_index for wage in sound],
        months={wage.month for wage in sound},
    )
    known = {_place(wage): wage for wage in standing}
    outcomes = [_compared(draft, known) for draft in drafts]
    new = [outcome.fact for outcome in outcomes if outcome.fact and outcome.status is Status.RECORDED]
    await add(tx, new)
    await append(tx, *map(publishing.paid, new))
    await _arrived(tx, new)
    return outcomes


@dataclass(frozen=True, slots=True)
class _Jobs:
    """The spells of the persons of a batch."""

    by_person: Mapping[object, list[Spell]]
    by_id: Mapping[UUID, Spell]

    @classmethod
    async def of(cls, tx: AsyncConnection, placed: Iterable[Placed]) -> "_Jobs":
        wheres = list(placed)
        found = await spells_of(
            tx, persons=[where.person_id for where in wheres], awaited=[where.blind_index for where in wheres]
        )
        by_person: dict[object, list[Spell]] = {}
        for spell in found:
            by_person.setdefault(spell.person_id or spell.blind_index, []).append(spell)
        return cls(by_person, {spell.id: spell for spell in found})

    def find(self, report: WageReport, where: Placed) -> Spell | None:
        own = self.by_person.get(where.person_id or where.blind_index, [])
        if report.spell_id is None:
            return spell_for(report.month, own)
        named = [spell for spell in own if spell.id == report.spell_id]
        if not named:
            raise SpellUnknown(pointer="/spell_id")
        return named[0]

    def keys(self, wages: Iterable[Wage]) -> set[UUID]:
        """The keys of matched jobs: a person may have moved since, so they need not be those of the wages."""
        jobs = (self.by_id[wage.spell_id] for wage in wages if wage.spell_id)
        return {job.household_id for job in jobs if job.household_id}


def _draft(report: WageReport, where: Placed | Refusal, jobs: _Jobs, on: date, department: str) -> Wage | Refusal:
    if isinstance(where, Refusal):
        return where
    try:
        spell = jobs.find(report, where)
        check_month(report.month, spell if report.spell_id else None, on)
    except Refusal as refusal:
        refusal.pointer = f"{report.pointer}{refusal.pointer or ''}"
        return refusal
    return Wage(
        id=uuid7(), revision=1, void=False, **where.values(), spell_id=spell.id if spell else None,
        month=report.month.first_day, amount=report.amount, department=department,
        channel=spell.channel if spell else report.channel or "migrant",
    )  # fmt: skip


def _place(wage: Wage) -> tuple[object, ...]:
    """What only one wage may stand for: a job and a month, else a person, a month and a channel."""
    if wage.spell_id is not None:
        return (wage.spell_id, wage.month)
    return (wage.person_id or wage.blind_index, wage.month, wage.channel)


def _compared(draft: Wage | Refusal, known: dict[tuple[object, ...], Wage]) -> Outcome[Wage]:
    if isinstance(draft, Refusal):
        return Outcome(Status.REFUSED, refusal=draft)
    standing = known.setdefault(_place(draft), draft)
    if standing is draft:
        return Outcome(Status.RECORDED, draft)
    if standing.amount == draft.amount:
        return Outcome(Status.UNCHANGED, standing)
    return Outcome(Status.REFUSED, refusal=WageKnown())


async def _arrived(tx: AsyncConnection, wages: Sequence[Wage]) -> None:
    """Take back what was missing for the months of these wages."""
    paid = {(wage.spell_id, wage.month) for wage in wages}
    missing = await missed_of(tx, [wage.spell_id for wage in wages if wage.spell_id])
    came = [fact for fact in missing if (fact.spell_id, fact.month) in paid]
    if came:
        await took_back(tx, came, came_on=await today(tx))


async def get_wage(tx: AsyncConnection, wage_id: UUID) -> Wage:
    """One wage in scope.

    Raises:
        WageUnknown: not there, or out of scope.
    """
    found = (await by_id(tx, Wage, [wage_id])).get(wage_id)
    if found is None:
        raise WageUnknown
    return found


async def correct_wage(tx: AsyncConnection, wage_id: UUID, *, amount: Decimal, version: int) -> Wage:
    """State the amount anew; publishes the next revision.

    Raises:
        WageUnknown, PreconditionFailed, Voided: as they say.
    """
    wage, _ = await _to_change(tx, wage_id, version)
    if wage.amount == amount:
        return wage
    return await _changed(tx, replace(wage, amount=amount, revision=wage.revision + 1))


async def void_wage(tx: AsyncConnection, wage_id: UUID, *, version: int) -> Wage:
    """The wage was never paid; where it was expected, it is missing.

    Raises:
        WageUnknown, PreconditionFailed, Voided: as they say.
    """
    wage, spell = await _to_change(tx, wage_id, version)
    gone = await _changed(tx, replace(wage, void=True, revision=wage.revision + 1))
    if spell is not None:
        await missing_again(tx, spell, Month.of(wage.month))
    return gone


async def _changed(tx: AsyncConnection, wage: Wage) -> Wage:
    await put(tx, [wage])
    await append(tx, publishing.paid(wage))
    return wage


async def _to_change(tx: AsyncConnection, wage_id: UUID, version: int) -> tuple[Wage, Spell | None]:
    """The wage under its lock, in the version the caller read, and its job."""
    await today(tx)
    seen = await get_wage(tx, wage_id)
    spell = (await by_id(tx, Spell, [seen.spell_id])).get(seen.spell_id) if seen.spell_id else None
    await locked(tx, {seen.key} | ({spell.key} if spell else set()))
    wage = await get_wage(tx, wage_id)
    require_version(wage.version, version)
    if wage.void:
        raise Voided
    return wage, (await by_id(tx, Spell, [spell.id])).get(spell.id) if spell else None
