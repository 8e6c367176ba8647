"""The facts that an income figure rests on: figures from surveys, payments from departments, jobs.

Every fact names itself (`fact_id`) and its revision. A caller may hand over any set of them in any order, with
duplicates and outdated revisions: `current` keeps the highest revision of each fact and drops the void ones.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from .months import Month, Window

ZERO = Decimal("0.00")
NUMBER = attrgetter("int")
"""By the number an id is: UUIDs compare the same, one Python call each."""


class Kind(StrEnum):
    """收入类别: the four kinds of household income; the values are those of the event catalog."""

    WAGE = "wage"
    """工资性收入"""
    BUSINESS = "business"
    """生产经营性收入"""
    PROPERTY = "property"
    """财产性收入"""
    TRANSFER = "transfer"
    """转移性收入"""

    # A kind is a key of every month; the hash of an enumeration is a Python call each time.
    __hash__ = str.__hash__


class Revised(Protocol):
    """A fact that can be corrected or taken back."""

    @property
    def fact_id(self) -> UUID:
        """Names the fact through all its revisions."""

    @property
    def revision(self) -> int:
        """1 for the first report, one more for each correction."""

    @property
    def void(self) -> bool:
        """Whether this revision takes the fact back."""


F = TypeVar("F", bound=Revised)


def current(facts: Iterable[F]) -> list[F]:
    """The highest revision of each fact, void ones dropped, in the order of fact ids."""
    highest: dict[UUID, F] = {}
    for fact in facts:
        known = highest.get(fact.fact_id)
        if known is None or fact.revision > known.revision:
            highest[fact.fact_id] = fact
    return [highest[id_] for id_ in sorted(highest, key=NUMBER) if not highest[id_].void]


class Share(Struct, frozen=True, kw_only=True):
    """个人份额: the part of a yearly figure that one person earned."""

    person_id: UUID
    kind: Kind
    amount: Decimal


class Figure(Struct, frozen=True, kw_only=True):
    """收入登记: a survey or official figure, yuan for the whole household in a window of full months.

    Attributes:
        purpose: identification, official_year, official_quarter, elimination.
        shares: what of it is known by person; empty where the figure cannot be split.
    """

    fact_id: UUID
    revision: int = 1
    void: bool = False
    window_from: date
    window_to: date
    purpose: str
    wage: Decimal
    business: Decimal
    property: Decimal
    transfer: Decimal
    business_cost: Decimal
    claims: Decimal = ZERO
    self_paid: Decimal = ZERO
    persons: int
    source: str
    verified: bool = True
    shares: tuple[Share, ...] = ()

    def __post_init__(self) -> None:
        kinds = (self.wage, self.business, self.property, self.transfer)
        _only_decimal(*kinds, self.business_cost, self.claims, self.self_paid, *(s.amount for s in self.shares))

    def of(self, kind: Kind) -> Decimal:
        """The amount of one kind."""
        amount: Decimal = getattr(self, kind)
        return amount


class Payment(Struct, frozen=True, kw_only=True):
    """到账: money of one kind that a department says was paid for a month.

    Attributes:
        person_id: who was paid; None where it went to the household as a whole.
        month: the month it was paid for, the first of them where it was for several.
        last: the last month it was paid for, where it was for several; the amount is for all of them together.
        job_id: the job or contract it was paid for, where the department told.
        source: the service that feeds it, such as `employment`.
    """

    fact_id: UUID
    revision: int = 1
    void: bool = False
    person_id: UUID | None
    kind: Kind
    month: Month
    amount: Decimal
    source: str
    job_id: UUID | None = None
    last: Month | None = None

    def __post_init__(self) -> None:
        _only_decimal(self.amount)
        if self.last is not None and self.last < self.month:
            raise ValueError("a payment's last month lies before its first")


class Job(Struct, frozen=True, kw_only=True):
    """务工或合同: a job spell of a person, or a contract of the household, that pays one kind of income.

    `fact_id` is the id of the spell; its end, reported as a fact of its own, is folded in by the caller.
    """

    fact_id: UUID
    revision: int = 1
    void: bool = False
    person_id: UUID | None
    started_on: date
    ended_on: date | None = None
    monthly: Decimal | None = None
    """约定月工资; None = not told"""
    kind: Kind = Kind.WAGE

    def runs_on(self, day: date) -> bool:
        """Whether the job has begun and not ended on the day; the day of the end counts as ended."""
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)

    def touches(self, month: Month) -> bool:
        """Whether the job ran on any day of the month."""
        return self.started_on <= month.last_day and (self.ended_on is None or self.ended_on >= month.first_day)


class Extra(StrEnum):
    """比对收入调整项: what the comparison figure adds or takes off."""

    CLAIM = "claim"
    """理赔收入"""
    SELF_PAID = "self_paid"
    """合规自付支出"""


class Adjustment(Struct, frozen=True, kw_only=True):
    """比对调整: a claim paid to, or an expense borne by, the household within a window."""

    fact_id: UUID
    revision: int = 1
    void: bool = False
    extra: Extra
    window_from: date
    window_to: date
    amount: Decimal
    source: str

    def __post_init__(self) -> None:
        _only_decimal(self.amount)


class Facts(Struct, frozen=True, kw_only=True):
    """一户的收入事实: all that is known of one household, in any order; `persons` is its size now."""

    persons: int
    figures: Sequence[Figure] = ()
    payments: Sequence[Payment] = ()
    jobs: Sequence[Job] = ()
    adjustments: Sequence[Adjustment] = ()


class Membership(Struct, frozen=True, kw_only=True):
    """成员期间: a person belongs to the household from `since` until the day before `until`."""

    person_id: UUID
    since: date
    until: date | None = None


class OfMonth(Protocol):
    """What was paid to a person, or to the household as a whole, for a month or several."""

    @property
    def person_id(self) -> UUID | None:
        """Who was paid; None where it went to the household as a whole."""

    @property
    def month(self) -> Month:
        """The month it was paid for, the first of them where it was for several."""

    @property
    def last(self) -> Month | None:
        """The last month it was paid for, where it was for several."""


P = TypeVar("P", bound=OfMonth)


def of_members(payments: Iterable[P], members: Iterable[Membership]) -> list[P]:
    """The payments that belong to a household: those of its members on the last day of the month paid for.

    Every month of a person so counts in one household only, whenever the person moved. What was paid for several
    months goes by the last of them. Payments to the household as a whole stay.
    """
    spans: dict[UUID, list[Membership]] = {}
    for member in members:
        spans.setdefault(member.person_id, []).append(member)

    def counts(payment: P) -> bool:
        if payment.person_id is None:
            return True
        day = (payment.last or payment.month).last_day
        return any(m.since <= day and (m.until is None or m.until > day) for m in spans.get(payment.person_id, ()))

    return [payment for payment in payments if counts(payment)]


def window_of(fact: Figure | Adjustment) -> Window:
    """The months of a fact that speaks for a window."""
    return _between(fact.window_from, fact.window_to)


# All households of a survey share its window; asking again for each month and kind was a third of a figure's time.
_between = lru_cache(4096)(Window.between)


def _only_decimal(*amounts: object) -> None:
    for amount in amounts:
        if not isinstance(amount, Decimal):
            raise TypeError("money is Decimal, never float or int")
