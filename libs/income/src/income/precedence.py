"""Which source speaks for a household, a kind and a month.

1. Department payments count for the persons whom a live feed covers in the month.
2. What no feed covers carries its part of the verified figure: of the one whose window holds the month, else of the
   last yearly one before it. A silent source is not zero.
3. Where the figure cannot be split by person, the larger of feed and carried counts, and the month is marked mixed;
   so it is with what the figure says of persons, where the feed speaks of the household as a whole (sales).
4. With neither feed nor figure the month is unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from .facts import ZERO, Extra, Figure, Kind, Payment, window_of
from .formula import part_in
from .ledger import Ledger, recorded
from .months import Month


class Basis(StrEnum):
    """依据: what a month's amount rests on."""

    FEED = "feed"
    """部门数据"""
    CARRIED = "carried"
    """沿用核实数"""
    COMBINED = "combined"
    """部门数据加沿用核实数, apart by person"""
    MIXED = "mixed"
    """混合: the larger of feed and carried, as the figure cannot be split"""
    UNKNOWN = "unknown"
    """未知"""


class Cell(Struct, frozen=True):
    """月收入: one kind in one month; the amount is None where no source has ever spoken."""

    kind: Kind
    month: Month
    amount: Decimal | None
    basis: Basis


class Loss(Struct, frozen=True):
    """失去的收入来源: one earner's jobs that ended without a new one.

    Attributes:
        mean: what they paid in the mean of the months paid; None where nobody ever told.
        ended_on: the last end; a figure that begins later cannot hold the loss.
    """

    jobs: frozenset[UUID]
    mean: Decimal | None
    ended_on: date


Losses = Mapping[UUID, Loss]
"""By earner: the person, or the contract where it is the household's."""


def cell(ledger: Ledger, kind: Kind, month: Month, losses: Losses | None = None) -> Cell:
    """The amount of one kind in one month; with losses, as if what was lost had never paid."""
    payments = ledger.payments.get((kind, month), ())
    figure = ledger.figure_for(month)
    kept = _without(payments, losses) if losses and payments else payments
    if figure is None:
        return Cell(kind, month, _sum(kept) if payments else None, Basis.FEED if payments else Basis.UNKNOWN)
    if not payments and not losses and not figure.shares:
        return Cell(kind, month, part_in(month, figure, figure.of(kind)), Basis.CARRIED)
    if not losses and not figure.shares:
        paid, rest = _sum(payments), part_in(month, figure, figure.of(kind))
        return Cell(kind, month, max(paid, rest), Basis.MIXED if rest else Basis.FEED)
    # A figure that began after a loss cannot hold what was lost.
    lost = {who: loss for who, loss in losses.items() if loss.ended_on >= figure.window_from} if losses else {}
    shares, rest = _parts(ledger, figure, kind, month)
    covered = _covered(ledger, shares, kind, month, figure, payments, lost)
    named = _sum(p for p in kept if p.person_id in shares)
    uncovered = sum(share for person_id, share in shares.items() if person_id not in covered)
    if any(payment.person_id is None for payment in payments):
        # Paid to the household as a whole: it may be what the figure says of a person, so it is not added on top.
        rest += uncovered
    else:
        named += uncovered
    others = [payment for payment in payments if payment.person_id not in shares]
    flowing = _sum(payment for payment in kept if payment.person_id not in shares)
    # The rest may hold what the lost job earned; nobody can say, so its mean goes, but never what still flows.
    mean = sum(loss.mean or ZERO for earner, loss in lost.items() if earner not in shares)
    unnamed = max(max(_sum(others), rest) - mean, flowing) if rest else flowing
    basis = _basis(uncovered=len(shares) > len(covered), covered=bool(covered), rest=bool(rest), fed=bool(others))
    return Cell(kind, month, named + unnamed, basis)


def carried_cost(ledger: Ledger, month: Month) -> Decimal | None:
    """生产经营费用 of a month, by the figure that speaks for it."""
    figure = ledger.figure_for(month)
    return None if figure is None else part_in(month, figure, figure.business_cost)


def extra_in(ledger: Ledger, month: Month, extra: Extra) -> Decimal:
    """The larger of reported and recorded; a claim or an illness is not carried beyond its own window."""
    reported = (a for a in ledger.adjustments if a.extra is extra and window_of(a).holds(month))
    known = sum((part_in(month, a, a.amount) for a in reported), ZERO)
    figure = ledger.figure_for(month)
    if figure is None or not window_of(figure).holds(month):
        return known
    return max(known, part_in(month, figure, recorded(figure, extra)))


def _without(payments: Sequence[Payment], losses: Losses) -> list[Payment]:
    gone = {job for loss in losses.values() for job in loss.jobs}
    return [payment for payment in payments if payment.job_id not in gone]


def _covered(
    ledger: Ledger,
    shares: Mapping[UUID, Decimal],
    kind: Kind,
    month: Month,
    figure: Figure,
    payments: Sequence[Payment],
    lost: Losses,
) -> set[UUID]:
    """Those named in the figure of whom the feeds know what they have, be it nothing."""
    known = {payment.person_id for payment in payments} | lost.keys()
    if kind is Kind.WAGE:
        known |= {person_id for person_id in shares if ledger.out_of_work(person_id, month, figure)}
    return shares.keys() & known


def _parts(ledger: Ledger, figure: Figure, kind: Kind, month: Month) -> tuple[dict[UUID, Decimal], Decimal]:
    """What of the month is carried by person, and the rest that nobody can split."""
    totals, rest = ledger.split(figure, kind)
    return {who: part_in(month, figure, total) for who, total in totals.items()}, part_in(month, figure, rest)


def _basis(*, uncovered: bool, covered: bool, rest: bool, fed: bool) -> Basis:
    if fed and rest:
        return Basis.MIXED
    if not fed and not covered:
        return Basis.CARRIED
    return Basis.COMBINED if uncovered or rest else Basis.FEED


def _sum(payments: Iterable[Payment]) -> Decimal:
    return sum((payment.amount for payment in payments), ZERO)
