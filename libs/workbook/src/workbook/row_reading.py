"""Reading cells of a row, or of all rows of a household: the value if there is one, a problem if it is malformed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final, TypeVar

from .cells import compact, money, parts, trimmed
from .household_layout import CODES, MONEY_COLUMNS, MOST_CAUSES, VARIANTS
from .households import Amounts
from .problems import Kind, Problem
from .tables import Table

Value = TypeVar("Value")

Certify = Callable[[str], str]
"""Gives the 18 characters that name the person, or raises `BadCertificate`."""


_ROWS_KEPT: Final = 64
"""More than the members of a household."""


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
    _told: dict[int, dict[str, str]] = field(default_factory=dict, repr=False)

    def told(self, row: int) -> Mapping[str, str]:
        """The texts of a row by field; those of the rows that are read just now are kept."""
        if (found := self._told.get(row)) is None:
            if len(self._told) >= _ROWS_KEPT:
                self._told.clear()
            found = self._told[row] = self.table.told(row)
        return found

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


@cache
def coded(field: str) -> Callable[[str], str | None]:
    """Gives the value of a code list that a text means; raises `ValueError` where it is in no spelling of the list."""
    values, variants = CODES[field], VARIANTS.get(field, {})

    @lru_cache(maxsize=1024)
    def value_of(text: str) -> str | None:
        told = compact(text)
        value = variants.get(told, told)
        if value and value not in values:
            raise ValueError("not in the code list")
        return value or None

    return value_of


@cache
def _several(field: str) -> Callable[[str], tuple[str, ...]]:
    one = coded(field)

    @lru_cache(maxsize=1024)
    def values_of(text: str) -> tuple[str, ...]:
        return tuple(sorted({value for part in parts(text) if (value := one(part))}))

    return values_of


@dataclass(frozen=True, slots=True)
class OwnCells:
    """The cells of one member's row."""

    notes: Notes
    household: str
    person: str | None
    row: int
    _told: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_told", self.notes.told(self.row))

    def text(self, field: str) -> str:
        """Free text."""
        return trimmed(self._told.get(field, ""))

    def value(self, field: str, parse: Callable[[str], Value], kind: Kind) -> Value | None:
        """What the cell means; a malformed one is a problem."""
        try:
            return parse(self._told.get(field, ""))
        except ValueError:
            self._problem(kind, field)
            return None

    def needed(self, field: str, parse: Callable[[str], str]) -> str:
        """Text that must be there, if the file has the column."""
        text = parse(self._told.get(field, ""))
        if not text and self.notes.table.has(field):
            self._problem(Kind.MISSING_VALUE, field)
        return text

    def code(self, field: str, *, needed: bool = False) -> str:
        """A value of the code list."""
        if needed and not self.needed(field, compact):
            return ""
        return self.value(field, coded(field), Kind.UNKNOWN_VALUE) or ""

    def codes(self, field: str) -> tuple[str, ...]:
        """Several values of the code list, in a fixed order."""
        return self.value(field, _several(field), Kind.UNKNOWN_VALUE) or ()

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


_NO_AMOUNTS: Final = Amounts()


@dataclass(frozen=True, slots=True)
class SharedCells:
    """The cells that every row of a household repeats."""

    notes: Notes
    household: str
    rows: list[int]
    told: list[Mapping[str, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "told", list(map(self.notes.told, self.rows)))

    def value(self, field: str, parse: Callable[[str], Value | None], kind: Kind) -> Value | None:
        """What the rows say; malformed cells are one problem, rows that say different things another."""
        first = self.told[0].get(field, "")
        for told in self.told:
            if told.get(field, "") != first:
                return self._weighed(field, parse, kind)
        try:
            return parse(first)
        except ValueError:
            self._problem(kind, self.rows, field)
            return None

    def _weighed(self, field: str, parse: Callable[[str], Value | None], kind: Kind) -> Value | None:
        texts: dict[str, list[int]] = {}
        for row, told in zip(self.rows, self.told, strict=True):
            texts.setdefault(told[field], []).append(row)
        wrong, said = list[int](), dict[Value, int]()
        for text, rows in texts.items():
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

    def code(self, field: str, *, needed: bool = False) -> str:
        """A value of the code list."""
        table = self.notes.table
        if needed and table.has(field) and not any(compact(told[field]) for told in self.told):
            self._problem(Kind.MISSING_VALUE, self.rows, field)
        return self.value(field, coded(field), Kind.UNKNOWN_VALUE) or ""

    def causes(self) -> tuple[str, ...]:
        """The risk causes of all their columns, each once."""
        fields = [f"cause{number}" for number in range(1, MOST_CAUSES + 1)]
        found = [
            self.value(field, coded("cause"), Kind.UNKNOWN_VALUE) for field in fields if self.notes.table.has(field)
        ]
        return tuple(dict.fromkeys(filter(None, found)))

    def amounts(self, mark: str) -> Amounts:
        """The amounts of one statement; `mark` tells which."""
        if not any(told.get(mark + field) for told in self.told for field in MONEY_COLUMNS):
            return _NO_AMOUNTS
        found: dict[str, Any] = {
            field: self.value(mark + field, money, Kind.INCOME_NOT_A_NUMBER)
            for field in MONEY_COLUMNS
            if self.notes.table.has(mark + field)
        }
        return Amounts(**found)

    def _problem(self, kind: Kind, rows: list[int], field: str) -> None:
        self.notes.add(kind, rows, field, household=self.household)
