"""From what a file says about a household to what the other capabilities are told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import workbook
from events.catalog.households import (
    EliminationWay,
    ExpenseKind,
    Guarantee,
    HouseholdType,
    LabourSkill,
    MeasureCategory,
    MeasureSource,
    MonitoringCategory,
    RiskCause,
)

from ...conditions import service as conditions
from ...income import service as income
from ...measures import service as measures
from ...registry import service as registry
from ...support import service as support
from ..rules import first_of, year_before

SOURCE = "national_export"

HOUSEHOLD_TYPES = {
    "脱贫户": HouseholdType.LIFTED,
    "脱贫不享受政策户": HouseholdType.LIFTED_NO_POLICY,
    "一般农户": HouseholdType.GENERAL,
}
CATEGORIES = {
    "脱贫不稳定户": MonitoringCategory.UNSTABLE,
    "边缘易致贫户": MonitoringCategory.BORDERLINE,
    "突发严重困难户": MonitoringCategory.SUDDEN,
}
WAYS = {
    "帮扶消除": EliminationWay.HELPED,
    "自然消除": EliminationWay.NATURAL,
}
CAUSES = {
    "因病": RiskCause.ILLNESS,
    "因残": RiskCause.DISABILITY,
    "因学": RiskCause.SCHOOLING,
    "因自然灾害": RiskCause.DISASTER,
    "因意外事故": RiskCause.ACCIDENT,
    "因产业项目失败": RiskCause.BUSINESS_FAILURE,
    "因务工就业不稳": RiskCause.UNSTABLE_WORK,
    "缺劳动力": RiskCause.LABOUR_SHORTAGE,
    "因安全住房": RiskCause.HOUSING,
    "因安全饮水": RiskCause.WATER,
    "其他": RiskCause.OTHER,
}
SKILLS = {
    "普通劳动力": LabourSkill.ORDINARY,
    "技能劳动力": LabourSkill.SKILLED,
    "弱劳动力或半劳动力": LabourSkill.WEAK,
    "丧失劳动力": LabourSkill.LOST,
    "无劳动力": LabourSkill.NONE,
}
PARTS = {
    "asset_dividend": income.Part.ASSET_DIVIDEND,
    "other_property": income.Part.OTHER_PROPERTY,
    "family_planning": income.Part.FAMILY_PLANNING,
    "subsistence": income.Part.LIVING_ALLOWANCE,
    "special_care_money": income.Part.DESTITUTE_SUPPORT,
    "pension": income.Part.PENSION,
    "ecology": income.Part.ECOLOGY,
    "other_transfer": income.Part.OTHER_TRANSFER,
}


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class Statement:
    """What a file with these columns, exported on this day, says about one household."""

    record: workbook.HouseholdRecord
    columns: frozenset[str]
    exported_on: date


def household_entry(statement: Statement, standing: registry.HouseholdEntry | None) -> registry.HouseholdEntry:
    """What the registry is told; where the file has no column, what stands stays.

    Args:
        statement: what the file says.
        standing: what is registered, for a household that is.
    """
    record = statement.record
    facts = registry.HouseholdFacts(
        number=record.number,
        region_code=record.region_code,
        household_type=HOUSEHOLD_TYPES[record.household_type],
        category=CATEGORIES[record.category] if record.category else None,
        identified_on=first_of(record.identified_in) if record.identified_in else None,
        risk_eliminated=record.eliminated,
        eliminated_on=first_of(record.eliminated_in) if record.eliminated_in else None,
        elimination_way=WAYS.get(record.elimination_way),
        causes=tuple(CAUSES[cause] for cause in record.causes),
        no_labour=record.no_labour or False,
    )
    people = {member.identity: _person(member, record.phone) for member in record.members}
    if standing is not None:
        facts = replace(facts, **_kept(statement.columns, _OF_HOUSEHOLD, standing.facts))
        known = {person.certificate[:18]: person for person in standing.members}
        people = {
            identity: replace(person, **_kept(statement.columns, _OF_PERSON, known[identity]))
            if identity in known
            else person
            for identity, person in people.items()
        }
    return registry.HouseholdEntry(facts=facts, members=tuple(people.values()), stated_on=statement.exported_on)


_OF_HOUSEHOLD = {
    "category": "category",
    "identified_on": "identified_in",
    "risk_eliminated": "eliminated",
    "eliminated_on": "eliminated_in",
    "elimination_way": "elimination_way",
    "causes": "cause1",
    "no_labour": "no_labour",
}
_OF_PERSON = {
    "labour_skill": "labour_skill",
    "education": "education",
    "school_stage": "school_stage",
    "health": "health",
}


def _kept(
    columns: Collection[str], fields: Mapping[str, str], standing: registry.HouseholdFacts | registry.PersonFacts
) -> dict[str, Any]:
    return {name: getattr(standing, name) for name, column in fields.items() if column not in columns}


def keeps_nothing(columns: Collection[str]) -> bool:
    """Whether the file has every column, so that nothing of what stands is needed."""
    return {*_OF_HOUSEHOLD.values(), *_OF_PERSON.values()} <= set(columns)


def _person(member: workbook.MemberRecord, household_phone: str) -> registry.PersonFacts:
    head = member.relation == "户主"
    return registry.PersonFacts(
        certificate=member.certificate,
        name=member.name,
        relation=member.relation,
        phone=member.phone or (household_phone if head else "") or None,
        number=member.number or None,
        labour_skill=SKILLS[member.labour_skill] if member.labour_skill else None,
        education=member.education or None,
        school_stage=member.school_stage or None,
        health=member.health,
    )


def figures(statement: Statement, household_id: UUID) -> list[income.FigureEntry]:
    """The income figures that are complete: at identification, and after elimination where the file has them."""
    record = statement.record
    window = year_before(statement.exported_on)
    found = [_figure(statement, household_id, record.amounts, window, income.Purpose.IDENTIFICATION)]
    if record.eliminated_in:
        window = year_before(first_of(record.eliminated_in))
        found.append(_figure(statement, household_id, record.after, window, income.Purpose.ELIMINATION))
    return [figure for figure in found if figure is not None]


def _figure(
    statement: Statement,
    household_id: UUID,
    told: workbook.Amounts,
    window: tuple[date, date],
    purpose: income.Purpose,
) -> income.FigureEntry | None:
    kinds = _kinds(told)
    if kinds is None:
        return None
    return income.FigureEntry(
        household_id=household_id,
        window_from=window[0],
        window_to=window[1],
        purpose=purpose,
        source=income.Source.NATIONAL_EXPORT,
        amounts=income.Amounts(**kinds, claims=told.claims or Decimal(0), self_paid=told.self_paid or Decimal(0)),
        persons=statement.record.size or len(statement.record.members),
        parts={part: amount for name, part in PARTS.items() if (amount := getattr(told, name))},
    )


def _kinds(told: workbook.Amounts) -> dict[str, Decimal] | None:
    """The four kinds and the cost; an empty one counts as nothing only if the net income of the file proves it."""
    names = ("wage", "business", "property", "transfer", "business_cost")
    kinds = {name: getattr(told, name) for name in names}
    if all(amount is None for amount in kinds.values()):
        return None
    filled = {name: amount or Decimal(0) for name, amount in kinds.items()}
    net = sum(filled.values(), Decimal(0)) - 2 * filled["business_cost"]
    proved = told.net is not None and abs(told.net - net) < 1
    return filled if proved or None not in kinds.values() else None


def expenses(statement: Statement, household_id: UUID) -> list[conditions.ExpenseEntry]:
    """合规自付支出 of the window, where the file says it; nothing paid may correct an earlier export."""
    amount = statement.record.amounts.self_paid
    if amount is None:
        return []
    first, last = year_before(statement.exported_on)
    return [
        conditions.ExpenseEntry(
            household_id=household_id,
            kind=ExpenseKind.MEDICAL,
            amount=amount,
            window_from=first,
            window_to=last,
            source=SOURCE,
        )
    ]


def helpers(statement: Statement, household_id: UUID) -> list[support.HelperEntry]:
    """The helpers that the file names."""
    return [
        support.HelperEntry(
            household_id=household_id,
            name=helper.name,
            organisation=helper.organisation,
            since=statement.exported_on,
            phone=helper.phone or None,
        )
        for helper in statement.record.helpers
    ]


def given(statement: Statement, household_id: UUID) -> list[measures.MeasureEntry]:
    """The help that the file names; it stands since the export at the latest, as the file has no dates of it."""
    causes = tuple(CAUSES[cause] for cause in statement.record.causes)
    return [
        measures.MeasureEntry(
            household_id=household_id,
            category=MeasureCategory(category),
            causes=causes,
            started_on=statement.exported_on,
            department=SOURCE,
            source=MeasureSource.NATIONAL_EXPORT,
        )
        for category in statement.record.measures
    ]


Condition = tuple[Guarantee, UUID | None]
"""A guarantee of the household, or of one person."""


def guarantees(statement: Statement, persons: Mapping[str, UUID]) -> dict[Condition, bool]:
    """Which guarantees the file says are solved (True) or not (False); what is not filled is not said.

    Args:
        statement: what the file says.
        persons: person ids by the first 18 characters of the certificate.
    """
    record = statement.record
    said: dict[Condition, bool | None] = {
        (Guarantee.WATER, None): record.safe_water,
        (Guarantee.HOUSING, None): None if record.unsafe_housing is None else not record.unsafe_housing,
    }
    for member in record.members:
        if person := persons.get(member.identity):
            said[Guarantee.INSURANCE, person] = _insured(member)
    return {condition: solved for condition, solved in said.items() if solved is not None}


def _insured(member: workbook.MemberRecord) -> bool | None:
    told = (member.resident_insurance, member.employee_insurance)
    if True in told:
        return True
    return False if told == (False, False) else None
