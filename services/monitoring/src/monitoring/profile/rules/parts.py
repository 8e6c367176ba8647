"""The parts of a profile, each with the kinds of fact it is read from.

Between two turns of its facts a part is what it was, unless a fact of these kinds comes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from ...risk.rules import Fact, Instalment, Labour, RepaymentPlan, Spell
from .earnings import ADJUSTING, PAYING
from .filed import MISSED, Filed, place
from .relevance import CASES, end_of
from .support import ENDINGS, MEASURES, listing, measures, referred

HOUSEHOLD: Final = frozenset({"HouseholdRegistered", "HouseholdUpdated"})
_LIFTED: Final = frozenset({"lifted", "lifted_no_policy"})

Parts = dict[str, Any]
"""Name → what was read."""


@dataclass(frozen=True, slots=True)
class _Part:
    kinds: Iterable[str]
    read: Callable[[Filed, date, Parts], object]


def _simple(*kinds: str) -> _Part:
    return _Part(kinds, lambda filed, on, parts: tuple(filed.seen(on, *kinds)))


def _standing(begun: str, over: str) -> _Part:
    return _Part((begun, over), lambda filed, on, parts: tuple(filed.standing(on, begun, over)))


def _registered(filed: Filed, on: date, parts: Parts) -> Mapping[str, object] | None:
    """What the register says, by name of the profile's field."""
    record = next(filed.seen(on, *HOUSEHOLD), None)
    if record is None:
        return None
    data = record.data
    return {
        "number": str(data["number"]),
        "path": str(data["path"]),
        "region": str(data["region_code"]),
        "lifted": data["household_type"] in _LIFTED,
        "monitored": data["category"] is not None and data["risk_eliminated"] is not True,
        "category": None if data["category"] is None else str(data["category"]),
        "no_labour": data.get("no_labour") is True,
    }


def _persons(filed: Filed, on: date, parts: Parts) -> int | None:
    record = next(filed.seen(on, *HOUSEHOLD), None)
    return None if record is None else int(str(record.data["size"]))


def _members(filed: Filed, on: date, parts: Parts) -> frozenset[UUID]:
    lived = filed.memberships
    return frozenset([person for person in lived.persons if lived.home(person, on, on) == filed.id])


def _labour(filed: Filed, on: date, parts: Parts) -> tuple[Labour, ...]:
    return tuple([_able(filed.memberships.newest(person)) for person in sorted(parts["members"])])


def _able(person: Fact) -> Labour:
    skill = person.data.get("labour_skill")
    return Labour(None if skill is None else str(skill), person.data.get("in_school") is True)


def _payments(filed: Filed, on: date, parts: Parts) -> tuple[Fact, ...]:
    """What counts as income; an interest subsidy is in no figure, as the interest is in none."""
    return tuple([fact for fact in filed.seen(on, *PAYING) if fact.data.get("counts_as_income") is not False])


def _spells(filed: Filed, on: date, parts: Parts) -> tuple[Spell, ...]:
    ends = {str(fact.data["spell_id"]): fact for fact in filed.seen(on, "EmploymentEnded")}
    spells = [
        Spell(start.id, start.person_id, start, ends.pop(str(start.id), None))
        for start in filed.seen(on, "EmploymentStarted")
        if start.person_id is not None
    ]
    if not ends:
        return tuple(spells)
    known = filed.void.keys() | {fact.id for fact in filed.of("EmploymentStarted")}
    orphans = [
        Spell(spell, end.person_id, None, end)
        for spell, end in ((UUID(key), end) for key, end in ends.items())
        if end.person_id is not None and spell not in known
    ]
    return (*spells, *orphans)


def _missed(filed: Filed, on: date, parts: Parts) -> tuple[Fact, ...]:
    paid = {(fact.person_id, fact.on) for fact in filed.of("WagePaid")} if filed.of(MISSED) else ()
    return tuple([fact for fact in filed.seen(on, MISSED) if (fact.person_id, fact.on) not in paid])


def _late(filed: Filed, on: date, parts: Parts) -> tuple[Fact, ...]:
    """A wage that came after all takes back that it was missing, and says when it came."""
    came = (fact for fact in filed.void.values() if fact.kind == MISSED)
    return tuple(sorted((fact for fact in came if (end := end_of(fact)) is not None and end <= on), key=place))


def _conditions(filed: Filed, on: date, parts: Parts) -> tuple[Fact, ...]:
    # Solved later than the date asked for: on that date it stood open.
    open_still = [fact for fact in filed.of("ConditionResolved") if fact.on > on]
    return (*filed.seen(on, "ConditionReported"), *open_still)


def _overdue(filed: Filed, on: date, parts: Parts) -> tuple[Fact, ...]:
    return tuple(filed.not_ended(on, "LoanOverdue", "LoanCured", "overdue_fact_id"))


def _plans(filed: Filed, on: date, parts: Parts) -> tuple[RepaymentPlan, ...]:
    return tuple([RepaymentPlan(fact.id, _instalments(fact)) for fact in filed.seen(on, _PLAN)])


def _instalments(plan: Fact) -> tuple[Instalment, ...]:
    lines: Any = plan.data["instalments"]
    return tuple([_instalment(line["due_on"], line["amount"], line["paid"]) for line in lines])


def _instalment(due_on: str, amount: str, paid: Iterable[Mapping[str, str]]) -> Instalment:
    return Instalment(date.fromisoformat(due_on), Decimal(amount), _paid(paid))


def _paid(told: Iterable[Mapping[str, str]]) -> tuple[tuple[date, Decimal], ...]:
    return tuple([(date.fromisoformat(part["on"]), Decimal(part["amount"])) for part in told])


def _helpers(filed: Filed, on: date, parts: Parts) -> tuple[Fact, ...]:
    # Whoever is assigned again after a release helps again: the later revision of the assignment says.
    released = {str(fact.data["assignment_id"]): fact.revision for fact in filed.seen(on, "HelperReleased")}
    return tuple(
        [
            fact
            for fact in filed.seen(on, "HelperAssigned")
            if released.get(str(fact.data["assignment_id"]), 0) < fact.revision
        ]
    )


def _listing(filed: Filed, on: date, parts: Parts) -> object:
    return listing(filed.seen(on, *CASES))


def _measures(filed: Filed, on: date, parts: Parts) -> object:
    helped = tuple(filed.seen(on, *MEASURES))
    return measures(helped, filed.ended(on, referred(helped)))


def _freshness(filed: Filed, on: date, parts: Parts) -> Mapping[str, date]:
    """Source → last day it spoke of, for the sources that should be speaking of this household."""
    fresh: dict[str, date] = {}
    if figures := parts["figures"]:
        fresh["survey"] = figures[-1].on
    paid = {fact.person_id: fact.on for fact in filed.seen(on, "WagePaid")}
    running = [
        max(paid.get(spell.person_id, spell.started.on), spell.started.on)
        for spell in parts["spells"]
        if spell.started is not None and spell.ended is None
    ]
    if running:
        fresh["wages"] = min(running)
    return fresh


_PLAN: Final = "LoanScheduled"
_JOBS: Final = ("EmploymentStarted", "EmploymentEnded")
PARTS: Final[Mapping[str, _Part]] = {
    "registered": _Part(HOUSEHOLD, _registered),
    "persons": _Part(HOUSEHOLD, _persons),
    # Who is a member is said by facts after which a household is folded anew.
    "members": _Part((), _members),
    "labour": _Part((), _labour),
    "figures": _simple("IncomeRecorded"),
    "payments": _Part(PAYING, _payments),
    "adjustments": _simple(*ADJUSTING),
    "spells": _Part(_JOBS, _spells),
    "wages_missed": _Part((MISSED, "WagePaid"), _missed),
    "wages_late": _Part((MISSED,), _late),
    "expenses": _simple("ExpenseReported"),
    "conditions": _Part(("ConditionReported", "ConditionResolved"), _conditions),
    "overdue": _Part(("LoanOverdue", "LoanCured"), _overdue),
    "orders_lost": _simple("OrderCancelled", "DeliveryRejected"),
    "sales": _simple("HouseholdSalePaid"),
    "repayment_plans": _Part((_PLAN,), _plans),
    "helpers": _Part(("HelperAssigned", "HelperReleased"), _helpers),
    "shocks": _standing("ShockReported", "ShockResolved"),
    "zero_employment": _standing("ZeroEmploymentFound", "ZeroEmploymentCleared"),
    "listing": _Part(CASES, _listing),
    "measures": _Part((*MEASURES, *ENDINGS), _measures),
    "freshness": _Part(("IncomeRecorded", "WagePaid", *_JOBS), _freshness),
}
"""Part → how it is read; a part may rest on those before it."""

_FED: Final[Mapping[str, tuple[str, ...]]] = {
    kind: tuple(name for name, part in PARTS.items() if kind in part.kinds)
    for kind in {kind for part in PARTS.values() for kind in part.kinds}
}


def fed_by(kind: str) -> tuple[str, ...]:
    """The parts that a fact of a kind may change."""
    return _FED.get(kind, ())
