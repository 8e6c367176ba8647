"""Checks over several rows: heads of households, and one person in one household only."""

from collections.abc import Sequence

from .households import HouseholdRecord, MemberRecord
from .problems import Kind
from .row_reading import Notes

HEAD = "户主"


def note_cross_problems(notes: Notes, households: Sequence[HouseholdRecord]) -> None:
    """Note what single rows cannot show; a check whose columns are absent does not fire."""
    if notes.table.has("relation"):
        for household in households:
            _check_heads(notes, household)
    _check_repeated_persons(notes, households)


def _check_heads(notes: Notes, household: HouseholdRecord) -> None:
    heads = [member.row for member in household.members if member.relation == HEAD]
    unreadable = any(not member.relation for member in household.members)
    if not heads and not unreadable:
        notes.add(Kind.NO_HEAD, household.rows, "relation", household=household.number)
    if len(heads) > 1:
        notes.add(Kind.TWO_HEADS, heads, "relation", household=household.number)


def _check_repeated_persons(notes: Notes, households: Sequence[HouseholdRecord]) -> None:
    seen: dict[str, list[tuple[str, MemberRecord]]] = {}
    for household in households:
        for member in household.members:
            if member.identity:
                seen.setdefault(member.identity, []).append((household.number, member))
    for found in seen.values():
        if len(found) > 1:
            _note_repeated(notes, list(dict.fromkeys(number for number, _ in found)), [member for _, member in found])


def _note_repeated(notes: Notes, numbers: list[str], members: Sequence[MemberRecord]) -> None:
    rows = [member.row for member in members]
    if len(numbers) > 1:
        kind = Kind.SAME_PERSON_IN_TWO_HOUSEHOLDS
        notes.add(kind, rows, "certificate", household=numbers[0], others=tuple(numbers[1:]))
    else:
        person = members[0].number or None
        notes.add(Kind.SAME_PERSON_TWICE, rows, "certificate", household=numbers[0], person=person)
