"""Applying the rules to a family on a day, under the policy book; and when the outcome could next be another one."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from kit.policy_book import PolicyBook

from .catalogue import RULES
from .facts import Family, Found, Limits, Rule, next_birthday
from .monitoring import DEVELOPMENT_MONTHS, MEASURE_MONTHS, due_days

PREFIX: Final = "check."
"""How the names of the rules' policy values begin."""


def judge(family: Family, on: date, book: PolicyBook) -> Iterator[tuple[Rule, Found]]:
    """All that the rules find; a rule with an unknown limit finds nothing, because it is undecided."""
    for rule in RULES.values():
        day = family.identified_on if rule.at_identification else on
        limits = None if day is None else limits_of(rule, family.path, day, book)
        if limits is not None:
            for found in rule.find(family, on, limits):
                yield rule, found


def limits_of(rule: Rule, path: str, on: date, book: PolicyBook) -> Limits | None:
    """The limits of a rule in a place on a day; None while one of them is unknown."""
    return _limits(rule.limits, path, on, book)


@lru_cache(maxsize=4096)
def _limits(names: tuple[str, ...], path: str, on: date, book: PolicyBook) -> Limits | None:
    """The same for all households of a village, of which a file has hundreds."""
    found = {name: book.at(name, path, on) for name in names}
    limits = {name: value.value for name, value in found.items() if value is not None}
    return limits if len(limits) == len(found) else None


def next_look(family: Family, on: date, book: PolicyBook) -> date:
    """The first day after a day on which the rules could find something else in the same family."""
    days = [next_birthday(member.birth_date, on) for member in family.members]
    known = {name: book.at(name, family.path, on) for name in (MEASURE_MONTHS, DEVELOPMENT_MONTHS)}
    months = {name: value.value for name, value in known.items() if value is not None}
    days += [day for day in due_days(family, months) if day > on]
    if (change := book.changes(on)) is not None:
        days.append(change)
    return min(days, default=date.max)
