"""Writing households in the national layout, so that reading what was written gives the same households."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from .household_layout import HOUSEHOLD_COLUMNS, MONEY_COLUMNS, MOST_CAUSES
from .households import HouseholdRecord, MemberRecord
from .measures import measure_cells
from .writing import write_csv, write_xlsx

TITLE = "（自定义）监测对象信息"
HEADERS = tuple(column.header for column in HOUSEHOLD_COLUMNS)


def write_households(households: Iterable[HouseholdRecord], *, exported_on: date) -> bytes:
    """An xlsx workbook of the households, one row per member."""
    return write_xlsx(HEADERS, household_rows(households), title=TITLE, exported_on=exported_on)


def write_households_csv(households: Iterable[HouseholdRecord], *, exported_on: date) -> bytes:
    """The same as CSV in GB18030."""
    return write_csv(HEADERS, household_rows(households), title=TITLE, exported_on=exported_on)


def household_rows(households: Iterable[HouseholdRecord]) -> Iterator[list[str]]:
    """The rows under `HEADERS`."""
    for household in households:
        shared = _shared(household)
        for place, member in enumerate(household.members):
            fields = shared | _own(member) | _helper(household, place)
            yield [fields[column.field] for column in HOUSEHOLD_COLUMNS]


def _shared(household: HouseholdRecord) -> dict[str, str]:
    names = (
        "province",
        "city",
        "county",
        "township",
        "village",
        "hamlet",
        "household_type",
        "category",
        "size",
        "phone",
        "eliminated",
        "elimination_way",
        "safe_water",
        "unsafe_housing",
        "no_labour",
        "year",
    )
    causes = (*household.causes, *[""] * MOST_CAUSES)[:MOST_CAUSES]
    return {
        **{name: _text(getattr(household, name)) for name in names},
        "household": household.number,
        "identified_in": _month(household.identified_in),
        "eliminated_in": _month(household.eliminated_in),
        **{f"cause{number}": cause for number, cause in enumerate(causes, start=1)},
        **{field: _text(getattr(household.amounts, field)) for field in MONEY_COLUMNS},
        **measure_cells(household.measures),
        **{f"after_{field}": _text(getattr(household.after, field)) for field in MONEY_COLUMNS},
    }


def _own(member: MemberRecord) -> dict[str, str]:
    names = (
        "name",
        "sex",
        "certificate_kind",
        "certificate",
        "ethnicity",
        "relation",
        "politics",
        "education",
        "school_stage",
        "labour_skill",
        "resident_insurance",
        "employee_insurance",
        "work_place",
        "work_months",
        "post_months",
    )
    return {
        **{name: _text(getattr(member, name)) for name in names},
        "person": member.number,
        "person_phone": member.phone,
        "health": ",".join(member.health),
    }


def _helper(household: HouseholdRecord, place: int) -> dict[str, str]:
    """One helper in each row; those for whom there is no row of their own share the last."""
    last = place == len(household.members) - 1
    helpers = household.helpers[place:] if last else household.helpers[place : place + 1]
    return {
        "helper": _joined([helper.name for helper in helpers]),
        "helper_organisation": _joined([helper.organisation for helper in helpers]),
        "helper_phone": _joined([helper.phone for helper in helpers]),
    }


def _joined(texts: Sequence[str]) -> str:
    return "、".join(texts)


def _month(month: str | None) -> str:
    return (month or "").replace("-", "")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
