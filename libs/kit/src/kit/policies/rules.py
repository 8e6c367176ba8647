"""What a draft must be, and who may release it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..policy_book import PolicyBook, PolicyValue, Unit
from ..scope import BadPath, covers, validate_path
from .refusals import (
    DraftOvertaken,
    EndsBeforeItBegins,
    NotOfItsUnit,
    PolicyOutOfArea,
    SamePerson,
    UnknownPolicy,
)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """取值范围: least and most, both allowed, and decimal places."""

    least: int
    most: int
    places: int = 0


# The most of times and counts only keeps a slip of the keyboard from moving dates out of the calendar.
_BOUNDS: Final[Mapping[Unit, _Bounds]] = {
    Unit.YUAN: _Bounds(0, 10**9, 2),
    Unit.SHARE: _Bounds(0, 1, 4),
    Unit.PERCENT: _Bounds(0, 100, 4),
    Unit.HOURS: _Bounds(0, 10_000),
    Unit.DAYS: _Bounds(0, 10_000),
    Unit.DAY_OF_MONTH: _Bounds(1, 31),
    Unit.MONTHS: _Bounds(0, 1_000),
    Unit.YEARS: _Bounds(0, 150),
    Unit.COUNT: _Bounds(0, 10**6),
    Unit.FLAG: _Bounds(0, 1),
}


def check_value(value: PolicyValue, units: Mapping[str, Unit], *, places: int) -> None:
    """A value that a rule reads, with an end after its beginning and a number of its unit.

    Args:
        value: what is proposed.
        units: the names that rules read, each with its unit.
        places: decimal places that the service can carry.

    Raises:
        UnknownPolicy, EndsBeforeItBegins, NotOfItsUnit: as they say.
    """
    if value.valid_to is not None and value.valid_to < value.valid_from:
        raise EndsBeforeItBegins
    if value.name not in units:
        raise UnknownPolicy
    bounds = _BOUNDS[units[value.name]]
    most_places = min(bounds.places, places)
    if not bounds.least <= value.value <= bounds.most or _places(value.value) > most_places:
        raise NotOfItsUnit(
            zh=f"数值须在 {bounds.least} 至 {bounds.most} 之间，最多 {most_places} 位小数",
            en=f"the number must lie between {bounds.least} and {bounds.most}; decimal places: {most_places} at most",
        )


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def check_area(path: str, paths: Sequence[str]) -> None:
    """A value for one's own area.

    Raises:
        BadPath: it is no management path.
        PolicyOutOfArea: it lies outside.
    """
    try:
        validate_path(path)
    except BadPath:
        raise BadPath(pointer="/path") from None
    if not covers(paths, path):
        raise PolicyOutOfArea


def check_second_person(drafted_by: str, releases: str) -> None:
    """Four eyes: whoever drafted does not release.

    Raises:
        SamePerson: the same account does both.
    """
    if drafted_by == releases:
        raise SamePerson


def check_newest(value: PolicyValue, book: PolicyBook) -> None:
    """A value that counts once it is released.

    Raises:
        DraftOvertaken: one that was drafted later is recorded already.
    """
    newest = book.newest(value.place)
    if newest is not None and newest.entered >= value.entered:
        raise DraftOvertaken
