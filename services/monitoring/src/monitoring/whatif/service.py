"""Use cases of what-ifs; none of them commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from kit import audit
from kit.aside import Aside
from kit.policy import Confidence, PolicyValue
from kit.scope import covers, validate_path

from ..policy import service as policy
from ..policy.rules import EndsBeforeItBegins, PolicyOutOfArea, UnknownPolicy
from ..profile.service import facts_by_household
from . import queries
from .rules import Known, PeriodAhead, PeriodTurned, TooLong, WhatIfOver, WhatIfUnknown, compare
from .rules.refusals import MOST_DAYS

CHUNK = 200
"""Households computed at once: some tens of milliseconds of reading in the worker, the rest beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """假设的政策值: a value as if it had been released."""

    name: str
    path: str
    valid_from: date
    valid_to: date | None
    value: Decimal


async def ask(
    tx: AsyncConnection,
    *,
    title: str,
    path: str,
    first_on: date | None,
    last_on: date | None,
    values: Sequence[Asked],
    paths: Sequence[str],
    by: str,
) -> Row[Any]:
    """Write a question down for the worker; without days it is about the business date alone.

    Raises:
        PolicyOutOfArea: a path lies outside the caller's.
        PeriodTurned, PeriodAhead, TooLong: the days, as they say.
        UnknownPolicy, EndsBeforeItBegins: a value, as they say.
    """
    if not covers(paths, validate_path(path)) or not all(covers(paths, validate_path(v.path)) for v in values):
        raise PolicyOutOfArea
    gate, today = await policy.newest(tx)
    last = last_on or today
    if today is None or last is None or last > today:
        raise PeriodAhead
    first = first_on or last
    if last < first:
        raise PeriodTurned
    if (last - first).days >= MOST_DAYS:
        raise TooLong
    known = await policy.known_names(tx)
    for value in values:
        if value.name not in known:
            raise UnknownPolicy
        if value.valid_to is not None and value.valid_to < value.valid_from:
            raise EndsBeforeItBegins
    told = [{"id": str(uuid7()), "name": v.name, "path": v.path, "valid_from": str(v.valid_from),
             "valid_to": v.valid_to and str(v.valid_to), "value": str(v.value)} for v in values]  # fmt: skip
    row = await queries.add(
        tx, id=uuid7(), title=title, path=path, first_on=first, last_on=last, values=told, gate=gate, asked_by=by
    )
    await audit.record(tx, action="ask_what_if", entity="what_if", entity_id=row.id, detail={"values": len(told)})
    return row


async def cancel(tx: AsyncConnection, what_if_id: UUID) -> Row[Any]:
    """Stop it where it is.

    Raises:
        WhatIfUnknown, WhatIfOver: as they say.
    """
    row = await queries.one(tx, what_if_id, lock=True)
    if row is None:
        raise WhatIfUnknown
    if row.ended_at is not None:
        raise WhatIfOver
    await audit.record(tx, action="cancel_what_if", entity="what_if", entity_id=what_if_id)
    return await queries.cancel(tx, what_if_id)


async def work_on(tx: AsyncConnection, row: Row[Any], aside: Aside, *, most: int) -> None:
    """Compute the next households of a what-if that the transaction holds."""
    ids = await queries.households(tx, row.path, behind=row.behind, limit=most)
    facts = await facts_by_household(tx, ids)
    known = [Known(id_, facts[id_]) for id_ in ids]
    actual = await policy.values_known(tx, row.gate)
    asked = [_value(told) for told in row.values]
    chunk = await aside.run(compare, known, actual, asked, row.first_on, row.last_on)
    await queries.write(tx, row.id, chunk, behind=ids[-1] if ids else None, over=len(ids) < most)


def _value(told: dict[str, Any]) -> PolicyValue:
    return PolicyValue(
        id=UUID(told["id"]),
        name=told["name"],
        path=told["path"],
        valid_from=date.fromisoformat(told["valid_from"]),
        valid_to=date.fromisoformat(told["valid_to"]) if told["valid_to"] else None,
        value=Decimal(told["value"]),
        document="what-if",
        clause="what-if",
        confidence=Confidence.UNVERIFIED,
    )
