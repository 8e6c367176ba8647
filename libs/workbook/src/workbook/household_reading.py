"""Reading the household layout: rows to households, problems beside them; nothing is guessed and nothing raised."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .cells import compact, count, month, person_name, trimmed, yes_no
from .household_checks import HEAD, note_cross_problems
from .household_layout import HOUSEHOLD_LAYOUT
from .households import Helper, HouseholdFile, HouseholdRecord, MemberRecord
from .limits import Limits
from .measures import measures_of
from .problems import Kind
from .row_reading import Certify, Notes, OwnCells, SharedCells
from .sheets import read_sheets
from .tables import Table, find_table

Locate = Callable[[str, str, str], str | None]
"""Gives the code of a village from the names of county, township and village; None where there is no such village."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """外部核对: what this library cannot know by itself; a check that is not given does not fire."""

    certify: Certify | None = None
    locate: Locate | None = None


def read_households(data: bytes, checks: Checks = Checks(), limits: Limits = Limits()) -> HouseholdFile:  # noqa: B008
    """Read a file in the household layout.

    Raises:
        Unreadable: the file as a whole cannot be read.
    """
    return households_of(find_table(read_sheets(data, limits), HOUSEHOLD_LAYOUT), checks)


def households_of(table: Table, checks: Checks) -> HouseholdFile:
    """Read the households of a table."""
    reading = _Reading(table, checks)
    households = tuple(reading.household(number, rows) for number, rows in reading.groups().items())
    note_cross_problems(reading.notes, households)
    problems = sorted(reading.notes.problems, key=lambda problem: (problem.row, problem.column))
    return HouseholdFile(table=table, households=households, problems=tuple(problems))


class _Reading:
    """One pass over a table; the notes grow as cells are read."""

    def __init__(self, table: Table, checks: Checks):
        self.table, self.checks, self.notes = table, checks, Notes(table)
        self._codes: dict[tuple[str, str, str], str | None] = {}

    def groups(self) -> Mapping[str, list[int]]:
        groups: dict[str, list[int]] = {}
        for row in self.table.records():
            if number := compact(self.table.text(row, "household")):
                groups.setdefault(number, []).append(row)
            else:
                self.notes.add(Kind.MISSING_VALUE, [row], "household", household="")
        return groups

    def household(self, number: str, rows: list[int]) -> HouseholdRecord:
        members = tuple(self._member(number, row) for row in rows)
        head = next((member.row for member in members if member.relation == HEAD), rows[0])
        first = [head, *(row for row in rows if row != head)]
        told = self.notes.told
        each = SharedCells(self.notes, number, rows)
        return HouseholdRecord(
            number=number,
            members=members,
            **self._place(number, rows, head),
            hamlet=trimmed(told(head).get("hamlet", "")),
            household_type=each.code("household_type", needed=True),
            category=each.code("category"),
            size=each.value("size", count, Kind.BAD_NUMBER),
            phone=next(filter(None, (compact(told(row).get("phone", "")) for row in first)), ""),
            identified_in=each.value("identified_in", month, Kind.BAD_MONTH),
            causes=each.causes(),
            eliminated=each.value("eliminated", yes_no, Kind.UNKNOWN_VALUE),
            eliminated_in=each.value("eliminated_in", month, Kind.BAD_MONTH),
            elimination_way=each.value("elimination_way", _text, Kind.UNKNOWN_VALUE) or "",
            safe_water=each.value("safe_water", yes_no, Kind.UNKNOWN_VALUE),
            unsafe_housing=each.value("unsafe_housing", yes_no, Kind.UNKNOWN_VALUE),
            no_labour=each.value("no_labour", yes_no, Kind.UNKNOWN_VALUE),
            year=each.value("year", _text, Kind.UNKNOWN_VALUE) or "",
            amounts=each.amounts(""),
            after=each.amounts("after_"),
            helpers=self._helpers(rows),
            measures=measures_of(each.told),
        )

    def _member(self, household: str, row: int) -> MemberRecord:
        told = self.notes.told(row)
        number = compact(told.get("person", ""))
        own = OwnCells(self.notes, household, number or None, row)
        certificate = compact(told.get("certificate", "")).upper()
        return MemberRecord(
            row=row,
            number=number,
            name=own.needed("name", person_name),
            sex=own.code("sex"),
            certificate_kind=own.text("certificate_kind"),
            certificate=certificate,
            identity=own.identity(certificate, self.checks.certify),
            ethnicity=own.text("ethnicity"),
            relation=own.code("relation", needed=True),
            politics=own.text("politics"),
            education=own.code("education"),
            school_stage=own.text("school_stage"),
            health=own.codes("health"),
            labour_skill=own.code("labour_skill"),
            resident_insurance=own.value("resident_insurance", yes_no, Kind.UNKNOWN_VALUE),
            employee_insurance=own.value("employee_insurance", yes_no, Kind.UNKNOWN_VALUE),
            work_place=own.text("work_place"),
            work_months=own.value("work_months", count, Kind.BAD_NUMBER),
            post_months=own.value("post_months", count, Kind.BAD_NUMBER),
            phone=compact(told.get("person_phone", "")),
        )

    def _place(self, household: str, rows: list[int], head: int) -> dict[str, str]:
        """The household's village; a row that names an unknown one is a problem, two known ones disagree."""
        names = {row: self._names(row) for row in rows}
        place = dict(zip(_PLACE, names[head], strict=True), province=self._first(rows, "province"))
        place["city"] = self._first(rows, "city")
        locate = self.checks.locate
        if locate is None or not all(map(self.table.has, _PLACE)):
            return place
        codes = {row: self._code(names[row], locate) for row in rows if names[row][-1]}
        if not codes:
            self.notes.add(Kind.MISSING_VALUE, rows, "village", household=household)
        unknown = [row for row, code in codes.items() if code is None]
        known = {code: row for row, code in reversed(codes.items()) if code is not None}
        if unknown:
            person = compact(self.table.text(unknown[0], "person")) or None
            self.notes.add(Kind.UNKNOWN_VILLAGE, unknown, "village", household=household, person=person)
        elif len(known) > 1:
            self.notes.add(Kind.ROWS_DISAGREE, sorted(known.values()), "village", household=household)
        return place | {"region_code": codes.get(head) or next(iter(known), "")}

    def _code(self, names: tuple[str, str, str], locate: Locate) -> str | None:
        if names not in self._codes:
            self._codes[names] = locate(*names)
        return self._codes[names]

    def _names(self, row: int) -> tuple[str, str, str]:
        told = self.notes.told(row)
        county, township, village = (trimmed(told.get(field, "")) for field in _PLACE)
        return county, township, village

    def _first(self, rows: Iterable[int], field: str) -> str:
        return next(filter(None, (trimmed(self.notes.told(row).get(field, "")) for row in rows)), "")

    def _helpers(self, rows: Iterable[int]) -> tuple[Helper, ...]:
        found: dict[tuple[str, str], Helper] = {}
        for row in rows:
            for helper in self._helpers_of(row):
                known = found.get((helper.name, helper.organisation))
                if known is None or not known.phone:
                    found[helper.name, helper.organisation] = helper
        return tuple(found.values())

    def _helpers_of(self, row: int) -> Iterable[Helper]:
        """The named helpers of a row, which may name several at once; a phone without a name is nobody's."""
        told = self.notes.told(row)
        if not told.get("helper"):
            return
        names = told["helper"].split("、")
        organisations = told.get("helper_organisation", "").split("、")
        phones = told.get("helper_phone", "").split("、")
        for place, name in enumerate(map(person_name, names)):
            if name:
                organisation = _nth(organisations, place, len(names))
                yield Helper(name=name, organisation=organisation, phone=compact(_nth(phones, place, len(names))))


_PLACE = ("county", "township", "village")


def _text(text: str) -> str | None:
    return compact(text) or None


def _nth(values: list[str], place: int, wanted: int) -> str:
    return trimmed(values[place] if len(values) == wanted else "、".join(values))
