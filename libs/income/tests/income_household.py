"""A household of four and what may be told of it; carried, it earns 2,000 a month by wages and 10,450 a head."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from income.facts import Adjustment, Extra, Facts, Figure, Job, Kind, Payment, Share
from income.months import Month

FATHER, MOTHER = UUID(int=1), UUID(int=2)


def yuan(amount: str | Decimal) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


def survey(first: str = "2022-10-01", last: str = "2023-09-30", **told: object) -> Figure:
    values: dict[str, object] = {
        "fact_id": UUID(int=100), "window_from": date.fromisoformat(first), "window_to": date.fromisoformat(last),
        "purpose": "official_year", "wage": yuan("24000"), "business": yuan("18000"), "property": yuan("800"),
        "transfer": yuan("5000"), "business_cost": yuan("6000"), "persons": 4, "source": "survey",
    }  # fmt: skip
    return Figure(**(values | told))  # type: ignore[arg-type]


def share(person: UUID, amount: str, kind: Kind = Kind.WAGE) -> Share:
    return Share(person_id=person, kind=kind, amount=yuan(amount))


def paid(number: int, person: UUID | None, month: str, amount: str, **told: object) -> Payment:
    values: dict[str, object] = {
        "fact_id": UUID(int=number), "person_id": person, "kind": Kind.WAGE, "month": Month.parse(month),
        "amount": yuan(amount), "source": "employment",
    }  # fmt: skip
    return Payment(**(values | told))  # type: ignore[arg-type]


def job(number: int, first: str, last: str | None = None, **told: object) -> Job:
    values: dict[str, object] = {
        "fact_id": UUID(int=number), "person_id": FATHER, "started_on": date.fromisoformat(first),
        "ended_on": date.fromisoformat(last) if last else None,
    }  # fmt: skip
    return Job(**(values | told))  # type: ignore[arg-type]


def claim(number: int, first: str, last: str, amount: str, **told: object) -> Adjustment:
    values: dict[str, object] = {
        "fact_id": UUID(int=number), "extra": Extra.CLAIM, "window_from": date.fromisoformat(first),
        "window_to": date.fromisoformat(last), "amount": yuan(amount), "source": "finance",
    }  # fmt: skip
    return Adjustment(**(values | told))  # type: ignore[arg-type]


def household(**told: object) -> Facts:
    values: dict[str, object] = {"persons": 4, "figures": [survey()]}
    return Facts(**(values | told))  # type: ignore[arg-type]
