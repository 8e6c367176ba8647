"""Reading cells of a row, or of all rows of a household: the value if there is one, a problem if it is malformed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, TypeVar

from .cells import compact, money, parts, trimmed
from .household_layout import CODES, MONEY_COLUMNS, MOST_CAUSES, VARIANTS
from .households import Amounts
from .problems import Kind, Problem
from .tables import Table

Value = TypeVar("Value")

Certify = Callable[[str], str]
"""Gives the 18 characters that name the person, or raises `BadCertificate`."""


class BadCertificate(Exception):
    """证件号码有误: raised by a certificate check, with the kind of problem."""

    def __init__(self, kind: Kind):
        super().__init__(kind.value)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Notes:
    """What was found wrong while reading a table."""

    table: Table
    problems: list[Problem] = field(default_factory=list)

    def add(
        self,
        kind: Kind,
        rows: Sequence[int],
        field: str,
        *,
        household: str,
        person: str | None = None,
        others: tuple[str, ...] = (),
    ) -> None:
        """Note a problem in the field's cell of the first row; the other rows are concerned too."""
        cell = self.table.cell(rows[0], field)
        self.problems.append(
            Problem(
                kind=kind,
                row=cell.row,
                column=cell.column,
                header=cell.header,
                household=household,
                person=person,
                others=others,
                also=tuple(rows[1:]),
            )
        )


def coded(field: str, text: str) -> str | None:
    """The value of a code list that the text means.

    Raises:
        ValueError: it is in no spelling of the list.
    """
    told = compact(text)
    value = VARIANTS.get(field, {}).get(told, told)
    if value and value not in CODES[field]:
        raise ValueError("not in the code list")
    return value or None


@dataclass(frozen=True, slots=True)
class OwnCells:
    """The cells of one member's row."""

    notes: Notes
    household: str
    person: str | None
    row: int

    def text(self, field: str) -> str:
        """Free text."""
        return trimmed(self.notes.table.text(self.row, field))

    def value(self, field: str, parse: Callable[[str], Value], kind: Kind) -> Value | None:
        """What the cell means; a malformed one is a problem."""
        try:
            return parse(self.notes.table.text(self.row, field))
        except ValueError:
            self._problem(kind, field)
            return None

    def needed(self, field: str, parse: Callable[[str], str]) -> str:
        """Text that must be there, if the file has the column."""
        text = parse(self.notes.table.text(self.row, field))
        if not text and self.notes.table.has(field):
            self._problem(Kind.MISSING_VALUE, field)
        return text

    def code(self, field: str, *, needed: bool = False) -> str:
        """A value of the code list."""
        if needed and not self.needed(field, compact):
            return ""
        return self.value(field, lambda text: coded(field, text), Kind.UNKNOWN_VALUE) or ""

    def codes(self, field: str) -> tuple[str, ...]:
        """Several values of the code list, in a fixed order."""
        found = self.value(
            field, lambda text: {value for part in parts(text) if (value := coded(field, part))}, Kind.UNKNOWN_VALUE
        )
        return tuple(sorted(found or ()))

    def identity(self, certificate: str, certify: Certify | None) -> str:
        """The 18 characters that name the person, once checked."""
        if not self.needed("certificate", compact) or certify is None:
            return ""
        try:
            return certify(certificate)
        except BadCertificate as error:
            self._problem(error.kind, "certificate")
            return ""

    def _problem(self, kind: Kind, field: str) -> None:
        self.notes.add(kind, [self.row], field, household=self.household, person=self.person)


@dataclass(frozen=True, slots=True)
class SharedCells:
    """The cells that every row of a household repeats."""

    notes: Notes
    household: str
    rows: list[int]
    _columns: list[tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        table = self.notes.table
        texts = zip_longest(table.headers, *(table.sheet.rows[row - 1] for row in self.rows), fillvalue="")
        object.__setattr__(self, "_columns", [column[1:] for column in texts])

    def value(self, field: str, parse: Callable[[str], Value | None], kind: Kind) -> Value | None:
        """What the rows say; malformed cells are one problem, rows that say different things another."""
        if field not in self.notes.table.places:
            return parse("")
        wrong, said = list[int](), dict[Value, int]()
        for text, rows in self._texts(field).items():
            try:
                value = parse(text)
            except ValueError:
                wrong += rows
                continue
            if value is not None:
                said.setdefault(value, rows[0])
        if wrong:
            self._problem(kind, sorted(wrong), field)
        elif len(said) > 1:
            self._problem(Kind.ROWS_DISAGREE, list(said.values()), field)
        return next(iter(said), None)

    def _texts(self, field: str) -> dict[str, list[int]]:
        """What stands in the column, each text once with its rows; as a rule all rows repeat one text."""
        columns = self.notes.table.places[field]
        if len(columns) == 1 and len(set(texts := self._columns[columns[0] - 1])) == 1:
            return {texts[0]: self.rows}
        found: dict[str, list[int]] = {}
        for row in self.rows:
            found.setdefault(self.notes.table.text(row, field), []).append(row)
        return found

    def code(self, field: str, *, needed: bool = False) -> str:
        """A value of the code list."""
        table = self.notes.table
        if needed and table.has(field) and not any(compact(table.text(row, field)) for row in self.rows):
            self._problem(Kind.MISSING_VALUE, self.rows, field)
        return self.value(field, lambda text: coded(field, text), Kind.UNKNOWN_VALUE) or ""

    def causes(self) -> tuple[str, ...]:
        """The risk causes of all their columns, each once."""
        fields = [f"cause{number}" for number in range(1, MOST_CAUSES + 1)]
        found = [
            self.value(field, lambda text: coded("cause", text), Kind.UNKNOWN_VALUE)
            for field in fields
            if self.notes.table.has(field)
        ]
        return tuple(dict.fromkeys(filter(None, found)))

    def amounts(self, mark: str) -> Amounts:
        """The amounts of one statement; `mark` tells which."""
        found: dict[str, Any] = {
            field: self.value(mark + field, money, Kind.INCOME_NOT_A_NUMBER)
            for field in MONEY_COLUMNS
            if self.notes.table.has(mark + field)
        }
        return Amounts(**found)

    def _problem(self, kind: Kind, rows: list[int], field: str) -> None:
        self.notes.add(kind, rows, field, household=self.household)
