"""Exporting households under the headers of the national system, so that importing the file changes nothing."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from events.catalog.households import Guarantee, LabourSkill, Sex
from kit.cipher import FieldCipher

from ...conditions import service as conditions
from ...income import service as income
from ...measures import service as measures
from ...regions import service as regions
from ...registry import service as registry
from ...support import service as support
from ..rules import TooManyToExport, year_before
from .entries import CATEGORIES, CAUSES, HOUSEHOLD_TYPES, PARTS, SKILLS, WAYS

MOST_HOUSEHOLDS = 5000

_TYPES = {value: text for text, value in HOUSEHOLD_TYPES.items()}
_CATEGORIES = {value: text for text, value in CATEGORIES.items()}
_CAUSES = {value: text for text, value in CAUSES.items()}
_WAYS = {value: text for text, value in WAYS.items()}
_SKILLS: dict[LabourSkill | None, str] = {value: text for text, value in SKILLS.items()}
_FIELDS = {part: field for field, part in PARTS.items()}
_SEXES = {Sex.MALE: "男", Sex.FEMALE: "女"}


async def export_households(tx: AsyncConnection, *, path: str | None, on: date, cipher: FieldCipher) -> bytes:
    """An xlsx workbook of households in scope, below a management path if one is given.

    Raises:
        TooManyToExport: more than one file should hold.
    """
    homes = await registry.households_page(tx, path=path, category=None, after=None, limit=MOST_HOUSEHOLDS + 1)
    if len(homes) > MOST_HOUSEHOLDS:
        raise TooManyToExport
    ids = [home.id for home in homes]
    people = await registry.members(tx, ids)
    helpers = await support.helpers_of(tx, ids)
    figures = _of_window((await income.latest_figures(tx, household_ids=ids)).values(), on)
    unsolved = {(row.household_id, row.guarantee) for row in await conditions.open_conditions(tx, ids)}
    given: dict[UUID, set[str]] = {}
    for measure in await measures.measures_of(tx, *ids):
        if not measure.void and measure.completed_on is None:
            given.setdefault(measure.household_id, set()).add(measure.category)
    for id_, carried_out in (await measures.given_to(tx, ids)).items():
        running = (item for item in carried_out if item.lasts_to(on))
        given.setdefault(id_, set()).update(item.category for item in running if item.category is not None)
    villages = {village.code: village for village in await regions.villages(tx)}
    records = [
        _record(
            home,
            villages[home.region_code],
            people[home.id],
            figures.get(home.id),
            [_helper(helper, cipher) for helper in helpers[home.id] if helper.until is None],
            tuple(sorted(given.get(home.id, ()))),
            cipher,
        )
        for home in homes
    ]
    marked = [_with_conditions(record, home.id, unsolved) for record, home in zip(records, homes, strict=True)]
    return await asyncio.to_thread(workbook.write_households, marked, exported_on=on)


def _of_window(figures: Iterable[income.Figure], on: date) -> dict[UUID, income.Figure]:
    """Figures of the twelve months that an export of this date speaks of; the sheet has no other way to say which."""
    return {
        figure.household_id: figure
        for figure in figures
        if figure.purpose is income.Purpose.IDENTIFICATION
        and not figure.void
        and (figure.window_from, figure.window_to) == year_before(on)
    }


def _record(
    home: registry.Household,
    village: regions.Village,
    people: Sequence[registry.Person],
    figure: income.Figure | None,
    helpers: Iterable[workbook.Helper],
    given: tuple[str, ...],
    cipher: FieldCipher,
) -> workbook.HouseholdRecord:
    members = tuple(_member(person, cipher) for person in people)
    return workbook.HouseholdRecord(
        number=home.number,
        members=members,
        county=village.county,
        township=village.township,
        village=village.village,
        household_type=_TYPES[home.household_type],
        category=_CATEGORIES[home.category] if home.category else "",
        size=figure.persons if figure else home.size,
        phone=next((member.phone for member in members if member.relation == "户主"), ""),
        identified_in=f"{home.identified_on:%Y-%m}" if home.identified_on else None,
        causes=tuple(_CAUSES[cause] for cause in home.causes),
        eliminated=home.risk_eliminated,
        eliminated_in=f"{home.eliminated_on:%Y-%m}" if home.eliminated_on else None,
        elimination_way=_WAYS[home.elimination_way] if home.elimination_way else "",
        no_labour=home.no_labour,
        amounts=_amounts(figure) if figure else workbook.Amounts(),
        helpers=tuple(helpers),
        measures=given,
    )


def _helper(helper: support.Helper, cipher: FieldCipher) -> workbook.Helper:
    name, phone = support.named(helper, cipher)
    return workbook.Helper(name=name, organisation=helper.organisation, phone=phone or "")


def _member(person: registry.Person, cipher: FieldCipher) -> workbook.MemberRecord:
    facts = registry.stated(person, cipher)
    return workbook.MemberRecord(
        row=0,
        number=facts.number or "",
        name=facts.name,
        sex=_SEXES[person.sex],
        certificate_kind="居民身份证",
        certificate=facts.certificate,
        relation=facts.relation,
        education=facts.education or "",
        school_stage=facts.school_stage or "",
        health=facts.health,
        labour_skill=_SKILLS.get(facts.labour_skill, ""),
        phone=facts.phone or "",
    )


def _amounts(figure: income.Figure) -> workbook.Amounts:
    told = {name: getattr(figure.amounts, name) for name in income.Amounts.__slots__}
    parts = {_FIELDS[part]: amount for part, amount in figure.parts.items()}
    net = told["wage"] + told["business"] + told["property"] + told["transfer"] - told["business_cost"]
    per_head = (net / figure.persons).quantize(net)
    return workbook.Amounts(**told, **parts, net=net, per_head=per_head)


def _with_conditions(
    record: workbook.HouseholdRecord, household_id: UUID, unsolved: Collection[tuple[UUID, Guarantee]]
) -> workbook.HouseholdRecord:
    """What is reported as unsolved is written; that nothing is reported says nothing."""
    return replace(
        record,
        safe_water=False if (household_id, Guarantee.WATER) in unsolved else None,
        unsafe_housing=True if (household_id, Guarantee.HOUSING) in unsolved else None,
    )
