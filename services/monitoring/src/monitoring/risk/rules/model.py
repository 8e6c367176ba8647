"""What rules read and say: the profile of a household on a date, and outcomes with the evidence behind them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import cache
from typing import Final, Protocol
from uuid import UUID

from msgspec import Struct, field


class Level(IntEnum):
    """风险等级, ordered; `name` in lower case is its wire value."""

    UNKNOWN = 0
    """未知"""
    GREEN = 1
    """绿"""
    YELLOW = 2
    """黄"""
    ORANGE = 3
    """橙"""
    RED = 4
    """红"""

    @property
    def wire(self) -> str:
        """The value in events and answers."""
        return _WIRES[self]


_WIRES: Final = tuple(level.name.lower() for level in Level)


class State(StrEnum):
    """规则判定: what a rule says."""

    HOLDS = "holds"
    """成立"""
    CLEAR = "clear"
    """不成立"""
    UNKNOWN = "unknown"
    """无法判定"""


class Fact(Struct, frozen=True):
    """事实: one reported fact in its highest revision.

    Attributes:
        kind: name of the event that carried it, such as `WagePaid`.
        on: the day from which it says something about the household.
        received: its number in the received log.
    """

    id: UUID
    kind: str
    household_id: UUID | None
    person_id: UUID | None
    revision: int
    void: bool
    on: date
    amount: Decimal | None
    data: Mapping[str, object]
    received: int
    event_id: UUID
    source: str
    traceparent: str | None = None


class Spell(Struct, frozen=True):
    """务工经历: a job of one member from its start to its end."""

    id: UUID
    person_id: UUID
    started: Fact | None
    ended: Fact | None


class Income(Struct, frozen=True):
    """收入测算: what the rules read of the household's computed income (`income` computes it).

    Attributes:
        published: 人均纯收入 of the rolling 12 full months before the date.
        projected: the same with jobs that ended and were not replaced counted as nothing.
        comparison: 监测参考收入, the published figure with claims added and compliant self-paid expense taken off.
        business: gross business income of the window, for shares of it.
        gross: all four kinds of the window, before business cost.
        net: 家庭纯收入 of the window; `persons` share it.
        monthly_means: what the household is projected to have in a month, a twelfth of its projected net income.
        carried_months: months for which a kind carries the last verified figure because no feed covers it.
        facts: ids of the facts it rests on.
    """

    window_from: date
    window_to: date
    published: Decimal
    projected: Decimal
    comparison: Decimal
    transfer_share: Decimal | None
    business: Decimal
    gross: Decimal
    net: Decimal
    persons: int
    monthly_means: Decimal
    wage: Decimal = Decimal(0)
    property: Decimal = Decimal(0)
    transfer: Decimal = Decimal(0)
    carried_months: int = 0
    mixed: bool = False
    sources: tuple[str, ...] = ()
    facts: tuple[UUID, ...] = ()


class VerifiedYear(Struct, frozen=True):
    """核实年度收入: what a verified yearly figure says per head and how much of it was transfer."""

    fact: Fact
    per_head: Decimal
    transfer_share: Decimal | None


class Listing(Struct, frozen=True):
    """纳入监测对象: the household is on the list, as its case says.

    Attributes:
        since: day of identification, or of the return to the list.
        causes: 风险原因 by code.
        facts: the steps of the case that say so.
    """

    since: date
    causes: tuple[str, ...]
    facts: tuple[Fact, ...]


class Measure(Struct, frozen=True):
    """帮扶措施 that reached the household, from the department that gave it or from its case.

    Attributes:
        causes: the risks it is meant to answer, by code.
        development: 开发式帮扶措施.
        completed_on: None while it runs.
    """

    category: str
    causes: tuple[str, ...]
    development: bool
    completed_on: date | None
    fact: Fact


class Instalment(Struct, frozen=True):
    """一期还款: what falls due on a day, and what was paid of it when."""

    due_on: date
    amount: Decimal
    paid: tuple[tuple[date, Decimal], ...] = ()


class RepaymentPlan(Struct, frozen=True):
    """还款计划 of a loan, as the bank last told it in the fact `id`."""

    id: UUID
    instalments: tuple[Instalment, ...]


class Labour(Struct, frozen=True):
    """劳动能力 of one member; `skill` is None where nobody has stated it."""

    skill: str | None
    in_school: bool


class Profile(Struct, frozen=True):
    """家庭画像: a household as its facts show it on one date."""

    household_id: UUID
    number: str
    path: str
    region: str
    lifted: bool
    monitored: bool
    category: str | None = None
    """监测对象类别 by code, as registered"""
    members: frozenset[UUID] = frozenset()
    income: Income | None = None
    years: tuple[VerifiedYear, ...] = ()
    """verified yearly figures, oldest first"""
    spells: tuple[Spell, ...] = ()
    wages_missed: tuple[Fact, ...] = ()
    wages_late: tuple[Fact, ...] = ()
    """wages that were missing and came after all, as far as the day is known"""
    expenses: tuple[Fact, ...] = ()
    conditions: tuple[Fact, ...] = ()
    overdue: tuple[Fact, ...] = ()
    orders_lost: tuple[Fact, ...] = ()
    """cancelled orders and rejected deliveries"""
    sales: tuple[Fact, ...] = ()
    repayment_plans: tuple[RepaymentPlan, ...] = ()
    helpers: tuple[Fact, ...] = ()
    shocks: tuple[Fact, ...] = ()
    """disasters and accidents the household is not through"""
    zero_employment: tuple[Fact, ...] = ()
    """findings that everybody able to work is registered unemployed"""
    listing: Listing | None = None
    """None while the household is not on the list"""
    measures: tuple[Measure, ...] = ()
    """measures that have begun, completed ones too"""
    labour: tuple[Labour, ...] = ()
    """of every member"""
    no_labour: bool = False
    """整户无劳动力, as registered"""
    freshness: Mapping[str, date] = field(default_factory=dict)
    """source → last day it said something about"""
    next_change: date = date.max
    """no fact makes this profile another one before this day"""


class PolicyValue(Protocol):
    """政策值, as `kit.policy` keeps it."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name, such as `line.monitoring`."""

    @property
    def path(self) -> str:
        """The management path it is valid for."""

    @property
    def valid_from(self) -> date:
        """Its first day."""

    @property
    def value(self) -> Decimal:
        """The value."""

    @property
    def document(self) -> str:
        """文号, or the mark of a demo value."""

    @property
    def clause(self) -> str:
        """The clause of the document."""

    @property
    def confidence(self) -> str:
        """How well the value is known."""


class Policy(Protocol):
    """政策: effective-dated values."""

    def at(self, name: str, path: str, on: date) -> PolicyValue | None:
        """The value of a name for a place on a day; None = unknown."""


class Outcome(Struct, frozen=True):
    """判定结果: what one rule says, and everything needed to check it.

    Attributes:
        values: the figures compared, as text.
        facts: ids of the facts they come from.
        policy: the policy values used.
        missing: what would have to be known, where the state is unknown.
        until: first day on which time alone may change this outcome.
    """

    rule: str
    state: State
    level: Level = Level.GREEN
    values: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[UUID, ...] = ()
    policy: tuple[PolicyValue, ...] = ()
    zh: str = ""
    en: str = ""
    missing: str | None = None
    until: date = date.max

    @property
    def holds(self) -> bool:
        """Whether the rule is met."""
        return self.state is State.HOLDS


def clear(rule: str, *policy: PolicyValue, values: Mapping[str, str] | None = None, until: date = date.max) -> Outcome:
    """The rule is not met."""
    if not policy and not values and until == date.max:
        return quiet(rule)
    return Outcome(rule, State.CLEAR, values=values or {}, policy=policy, until=until)


@cache
def quiet(rule: str) -> Outcome:
    """The rule has nothing to say of the household, as most rules have of most."""
    return Outcome(rule, State.CLEAR)


def unknown(rule: str, missing: str, *policy: PolicyValue, values: Mapping[str, str] | None = None) -> Outcome:
    """The rule cannot be judged; `missing` says what is not known."""
    return Outcome(rule, State.UNKNOWN, Level.UNKNOWN, values=values or {}, policy=policy, missing=missing)


def ids(facts: Iterable[Fact]) -> tuple[UUID, ...]:
    """What evidence keeps of facts."""
    return tuple([fact.id for fact in facts])


def yuan(amount: Decimal) -> str:
    """An amount as officers read it: thousands apart, fen only where there are any."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def percent(share: Decimal) -> str:
    """A share as a percentage without useless zeros."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"
