"""Reading a file into households and troubles: checked against certificates, regions, area and the other rules."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import workbook
from kit.errors import Invalid, Refusal, TooLarge
from kit.identity import Certificate, normalise_certificate
from kit.scope import covers

from ...conditions import rules as conditions_rules
from ...income import rules as income_rules
from ...registry import rules as registry_rules
from ..rules import (
    ExportDateInFuture,
    ExportDateMissing,
    Gazetteer,
    OutsideArea,
    Trouble,
    from_refusal,
)
from .entries import Statement, expenses, figures

LIMITS = workbook.Limits(rows=50_000)
"""A file is read whole by the process that answers; counties send their townships one by one."""

TITLES = ("（自定义）监测对象信息", "（基础信息）户信息", "（乡村建设）户信息")
"""What the national system calls the sheets; the first lines of a file could say anything besides."""

_NOBODY = UUID(int=0)
_KINDS = {
    "certificate-checksum": workbook.Kind.BAD_CHECK_DIGIT,
    "certificate-damaged": workbook.Kind.FLOAT_DAMAGED_ID,
}
_FIELDS = {
    "certificate": "certificate", "name": "name", "relation": "relation", "education": "education", "health": "health",
    "region_code": "village", "members": "relation", "persons": "size",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How files are read for somebody: with which villages, and for which area."""

    gazetteer: Gazetteer
    scope: Sequence[str]

    def checks(self, exported_on: date) -> workbook.Checks:
        """What the workbook library cannot know by itself."""

        def certify(text: str) -> str:
            try:
                return normalise_certificate(text, on=exported_on).id18
            except Invalid as error:
                raise workbook.BadCertificate(_KINDS.get(error.code, workbook.Kind.BAD_CERTIFICATE)) from None

        return workbook.Checks(certify=certify, locate=self.gazetteer.locate)


Rows = Mapping[int, Sequence[str]]
"""Text cells by the number of the row in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A household of a file: what it says, its rows as they stand, and why it must wait."""

    statement: Statement
    rows: Rows = field(repr=False)
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """预览: a whole file as read; nothing is written yet."""

    exported_on: date
    title: str
    headers: tuple[str, ...]
    households: tuple[Found, ...]


def read_file(data: bytes, reader: Reader, exported_on: date | None, latest: date) -> Preview:
    """Read an uploaded file.

    Args:
        data: the file.
        reader: for whom.
        exported_on: the export date, where the file does not name it.
        latest: the business date; an export after it has not happened.

    Raises:
        Invalid, TooLarge: the file as a whole cannot be read.
    """
    try:
        table = workbook.find_table(workbook.read_sheets(data, LIMITS), workbook.HOUSEHOLD_LAYOUT)
        workbook.require(workbook.HOUSEHOLD_LAYOUT, table.places, workbook.REGISTRATION_COLUMNS)
    except workbook.Unreadable as error:
        kind = TooLarge if error.code == "too-large" else Invalid
        raise kind(
            code=error.code, zh=error.zh, en=error.en, fix_zh=error.fix_zh, fix_en=error.fix_en, pointer="/file"
        ) from None
    day = _export_date(table.exported_on or exported_on, latest)
    return Preview(
        exported_on=day,
        title=_title(table.sheet.rows[: table.header_row - 1]),
        headers=table.sheet.rows[table.header_row - 1],
        households=tuple(_found(table, reader, day)),
    )


def _title(above: Iterable[Sequence[str]]) -> str:
    said = "".join(text for cells in above for text in cells)
    return next((name for name in TITLES if name in said), TITLES[0])


def _export_date(told: date | None, latest: date) -> date:
    if told is None:
        raise ExportDateMissing
    if told > latest:
        raise ExportDateInFuture
    return told


def read_household(headers: Sequence[str], rows: Rows, reader: Reader, exported_on: date) -> Found:
    """Read one household again from its rows, as it is judged now."""
    table = workbook.table_of(headers, rows, workbook.HOUSEHOLD_LAYOUT)
    [found] = _found(table, reader, exported_on)
    return found


def _found(table: workbook.Table, reader: Reader, exported_on: date) -> Iterator[Found]:
    file = workbook.households_of(table, reader.checks(exported_on))
    problems: dict[str, list[Trouble]] = {}
    for problem in file.problems:
        for number in problem.households:
            problems.setdefault(number, []).append(_trouble(problem))
    columns = frozenset(table.places)
    for record in file.households:
        statement = Statement(record=record, columns=columns, exported_on=exported_on)
        troubles = problems.get(record.number) or _own_troubles(table, statement, reader)
        rows = {row: table.line(row) for row in record.rows}
        yield Found(statement=statement, rows=rows, troubles=tuple(troubles))


def _trouble(problem: workbook.Problem) -> Trouble:
    return Trouble(
        kind=problem.kind, row=problem.row, column=problem.column, header=problem.header,
        household=problem.household, person=problem.person, others=problem.others, also=problem.also,
        cause_zh=problem.cause_zh, cause_en=problem.cause_en, remedy_zh=problem.remedy_zh, remedy_en=problem.remedy_en,
    )  # fmt: skip


def _own_troubles(table: workbook.Table, statement: Statement, reader: Reader) -> list[Trouble]:
    """What this service would refuse, seen before anything is written."""
    record = statement.record
    refusals: list[Refusal] = []
    if not covers(reader.scope, reader.gazetteer.paths[record.region_code]):
        refusals.append(OutsideArea(pointer="/region_code"))
    shapes = [
        registry_rules.MemberShape(
            identity=member.identity, relation=member.relation, sex=Certificate(member.identity).sex
        )
        for member in record.members
    ]
    refusals += registry_rules.household_problems(shapes)
    for figure in figures(statement, _NOBODY):
        refusals += income_rules.figure_problems(
            figure.amounts,
            figure.parts,
            window_from=figure.window_from,
            window_to=figure.window_to,
            persons=figure.persons,
        )
    for expense in expenses(statement, _NOBODY):
        found = conditions_rules.expense_problems(expense.amount, expense.window_from, expense.window_to)
        refusals += [] if refusals else found
    return troubles_of(refusals, table.places, table.headers, statement)


def troubles_of(
    refusals: Iterable[Refusal],
    places: Mapping[str, Collection[int]],
    headers: Sequence[str],
    statement: Statement,
) -> list[Trouble]:
    """Refusals put where they belong in the file: the pointer tells the member and the field."""
    found = []
    for refusal in refusals:
        row, name = _place(refusal.pointer or "", statement)
        column = next(iter(places.get(name) or places["household"]))
        header, number = headers[column - 1], statement.record.number
        found.append(from_refusal(refusal, row=row, column=column, header=header, household=number))
    return found


def _place(pointer: str, statement: Statement) -> tuple[int, str]:
    rows = statement.record.rows
    match pointer.strip("/").split("/"):
        case ["members", place, *field] if place.isdigit() and int(place) < len(rows):
            return rows[int(place)], _FIELDS.get("/".join(field), "certificate")
        case [name, *_] if name in workbook.HOUSEHOLD_LAYOUT.columns and name not in _FIELDS:
            return rows[0], name
        case [name, *_]:
            return rows[0], _FIELDS.get(name, "household")
        case _:
            return rows[0], "household"
