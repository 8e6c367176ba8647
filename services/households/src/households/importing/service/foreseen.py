"""What the named checks will find once a file is applied, as far as its own columns let them judge.

A check whose columns the file lacks finds nothing here: what is registered already is not looked at.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import workbook
from kit.cipher import mask_phone
from kit.identity import normalise_certificate
from kit.policy_book import PolicyBook

from ...checks.rules import Earned, Family, Found, Member, judge
from ...income import service as income
from ...measures import service as measures
from ...registry import service as registry
from .entries import HOUSEHOLD_TYPES, Statement, figures, household_entry
from .reading import Found as Read

_NOBODY: Final = UUID(int=0)
_HELP: Final = frozenset(
    name for name in workbook.HOUSEHOLD_LAYOUT.columns if name.startswith("measure_")
) | {"eliminated"}  # fmt: skip
_COLUMNS: Final = {
    "sex": {"certificate"},
    "birth_date": {"certificate"},
    "disability": {"certificate"},
    "category": {"category"},
    "identified_on": {"identified_in"},
    "causes": {"cause1", "eliminated"},
    "measures": _HELP,
    "per_head": {"wage", "business", "property", "transfer", "business_cost"},
    "work_place": {"work_place", "work_months"},
    "work_months": {"work_place", "work_months"},
}
"""Field of a finding → columns without which it is not said; any other field is a column of its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """预计疑点: what a rule will find, and the row it stands in; it names fields and never what stands in them."""

    rule: str
    row: int
    case: str
    fields: tuple[str, ...]

    @property
    def told(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def foreseen(
    households: Iterable[Read], *, paths: Mapping[str, str], on: date, book: PolicyBook
) -> list[list[dict[str, Any]]]:
    """What the checks find in each household; nothing in one that is parked.

    Args:
        households: of one file.
        paths: management path by village.
        on: the business date.
        book: the policy values of the checks.
    """
    return [
        []
        if item.troubles
        else [found.told for found in _suspicions(item.statement, paths[item.statement.record.region_code], on, book)]
        for item in households
    ]


def _suspicions(statement: Statement, path: str, on: date, book: PolicyBook) -> Iterable[Suspicion]:
    rows = statement.record.rows
    for rule, found in judge(_family(statement, path), on, book):
        if _said(found, statement.columns):
            row = found.person_id.int if found.person_id else rows[0]
            yield Suspicion(rule=rule.id, row=row, case=found.case, fields=found.fields)


def _said(found: Found, columns: Collection[str]) -> bool:
    return all(_COLUMNS.get(field, {field}) <= set(columns) for field in found.fields)


def _family(statement: Statement, path: str) -> Family:
    entry, record = household_entry(statement, None), statement.record
    facts = entry.facts
    return Family(
        path=path,
        household_type=HOUSEHOLD_TYPES[record.household_type],
        category=facts.category,
        identified_on=facts.identified_on,
        risk_eliminated=facts.risk_eliminated,
        causes=facts.causes,
        no_labour=facts.no_labour,
        members=tuple(map(_member, record.members, entry.members)),
        measures=frozenset(record.measures),
        development=any(map(measures.is_development, record.measures)),
        medical_expense=bool(record.amounts.self_paid),
        earned=next(
            (
                Earned.of(figure.amounts, figure.persons)
                for figure in figures(statement, _NOBODY)
                if figure.purpose is income.Purpose.IDENTIFICATION
            ),
            None,
        ),
    )


def _member(record: workbook.MemberRecord, facts: registry.PersonFacts) -> Member:
    certificate = normalise_certificate(record.certificate)
    disability = f"{certificate.disability}{certificate.grade}" if certificate.disability else None
    return Member(
        id=UUID(int=record.row),
        relation=facts.relation,
        sex=certificate.sex,
        birth_date=certificate.birth_date,
        education=facts.education,
        school_stage=facts.school_stage,
        health=tuple(sorted(facts.health)),
        labour_skill=facts.labour_skill,
        disability=disability,
        phone=mask_phone(facts.phone) if facts.phone else None,
        resident_insurance=record.resident_insurance,
        employee_insurance=record.employee_insurance,
        work_place=bool(record.work_place),
        work_months=record.work_months,
    )
