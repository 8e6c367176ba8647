"""What has to be told about delays: compares the ledger on a day with what was told before. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from kit.policy_book import PolicyBook

from .ledger import Account, Due
from .model import Delay


def tell(
    account: Account, on: date, told: Mapping[int, Delay], new: Callable[[Due], Delay]
) -> Iterator[tuple[Delay, Delay | None]]:
    """The delays as they are to be told now, each with what was told before.

    An instalment that was paid by its due date was never overdue, however late that became known: its delay is taken
    back. One that was paid afterwards is cured.
    """
    for due in account.dues:
        before = told.get(due.line.number)
        late = due.line.due_on < on and bool(due.unpaid)
        if before is None:
            if late:
                yield new(due), None
        else:
            after = _after(before, due, late)
            if after != before:
                yield after, before


def _after(before: Delay, due: Due, late: bool) -> Delay:
    if late:
        stands = not before.void and before.amount == due.unpaid and before.due_on == due.line.due_on
        after = before if stands else replace(before, void=False, amount=due.unpaid, revision=before.revision + 1)
        return after if after.cured_on is None else _cure(after, None)
    paid_up = due.paid_up_on
    if paid_up is None or paid_up <= due.line.due_on:
        after = before if before.void else replace(before, void=True, revision=before.revision + 1)
        return after if after.cured_on is None else _cure(after, None)
    after = replace(before, void=False, revision=before.revision + 1) if before.void else before
    return after if after.cured_on == paid_up else _cure(after, paid_up)


def _cure(delay: Delay, on: date | None) -> Delay:
    return replace(delay, cured_on=on, cure_revision=delay.cure_revision + 1)


def overdue_since(account: Account, on: date) -> date | None:
    """Due date of the oldest instalment that is overdue."""
    return min((due.line.due_on for due in account.overdue(on)), default=None)


def look_on(dues: Iterable[Due], on: date) -> date | None:
    """First day after `on` on which another instalment becomes overdue if nothing is paid."""
    days = [due.line.due_on for due in dues if due.unpaid and due.line.due_on >= on]
    return date.fromordinal(min(days).toordinal() + 1) if days else None


_BUCKETS: Final = 4


def bucket(days: int, path: str, on: date, book: PolicyBook) -> int | None:
    """逾期分档: the highest of the buckets' days that has been reached; None where none is, or they are not known."""
    limits = [book.at(f"overdue.bucket.{number}", path, on) for number in range(1, _BUCKETS + 1)]
    known = [int(limit.value) for limit in limits if limit is not None]
    return max((limit for limit in known if limit <= days), default=None) if len(known) == _BUCKETS else None
