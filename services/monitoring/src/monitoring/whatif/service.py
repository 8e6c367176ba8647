"""Use cases of what-ifs; none of them commits."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from kit import audit
from kit.aside import Aside
from kit.policies.rules import check_area, check_value
from kit.policy_book import PolicyValue

from ..policy import service as policy
from ..policy.names import NAMES, PLACES
from ..profile.service import facts_by_household
from . import queries
from .beside import computed
from .rules import Chunk, PeriodAhead, PeriodTurned, TooLong, WhatIfOver, WhatIfUnknown, check_candidates
from .rules.refusals import MOST_DAYS, NothingAsked

CHUNK = 2_000
"""Households read at once: some tens of milliseconds in the worker, the rest beside it."""
_CHUNKS: Final = 5
"""Read in a transaction, the next ones while those before are computed."""
_FOLDED: Final = 200
"""Of these, whose facts must be read and folded."""
_TOLD: Final = TypeAdapter(PolicyValue)


async def ask(
    tx: AsyncConnection,
    *,
    title: str,
    path: str,
    first_on: date | None,
    last_on: date | None,
    values: Sequence[PolicyValue],
    candidates: Sequence[str],
    paths: Sequence[str],
    by: str,
) -> Row[Any]:
    """Write a question down for the worker; without days it is about the business date alone.

    Raises:
        BadPath, PolicyOutOfArea: a path is none, or lies outside the caller's.
        UnknownPolicy, EndsBeforeItBegins, NotOfItsUnit: a value, as they say.
        NothingAsked, CandidateUnknown, CandidatesClash: the candidate rules, as they say.
        PeriodTurned, PeriodAhead, TooLong: the days, as they say.
    """
    check(path, values, candidates, paths)
    gate, today = await policy.newest(tx)
    last = last_on or today
    if today is None or last is None or last > today:
        raise PeriodAhead
    first = first_on or last
    if last < first:
        raise PeriodTurned
    if (last - first).days >= MOST_DAYS:
        raise TooLong
    asked = {"values": told(values), "candidates": list(candidates)}
    row = await queries.add(
        tx, id=uuid7(), title=title, path=path, first_on=first, last_on=last, gate=gate, asked_by=by, **asked
    )
    detail = {name: len(of) for name, of in asked.items()}
    await audit.record(tx, action="ask_what_if", entity="what_if", entity_id=row.id, detail=detail)
    return row


def check(path: str, values: Sequence[PolicyValue], candidates: Sequence[str], paths: Sequence[str]) -> None:
    """Refuse what cannot be asked about.

    Raises:
        BadPath, PolicyOutOfArea: a path is none, or lies outside the caller's.
        UnknownPolicy, EndsBeforeItBegins, NotOfItsUnit: a value, as they say.
        NothingAsked, CandidateUnknown, CandidatesClash: the candidate rules, as they say.
    """
    if not values and not candidates:
        raise NothingAsked
    check_candidates(candidates)
    check_area(path, paths)
    for value in values:
        check_area(value.path, paths)
        check_value(value, NAMES, places=PLACES)


def told(values: Sequence[PolicyValue]) -> list[Any]:
    """Values as they are kept with the question."""
    return [_TOLD.dump_python(value, mode="json") for value in values]


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


async def work_on(tx: AsyncConnection, row: Row[Any], asides: Sequence[Aside], *, most: int) -> None:
    """Compute the next households of a what-if that the transaction holds."""
    gate, today = await policy.newest(tx)
    # No profile is good for a period, nor until the end of time.
    on = row.last_on if row.first_on == row.last_on else date.max
    reached = row.gate if (gate, today) == (row.gate, on) else None
    actual = await policy.values_known(tx, row.gate)
    asked = [_TOLD.validate_python(value) for value in row.values]
    question = (actual, asked, row.first_on, row.last_on, row.candidates)
    running: list[asyncio.Task[Chunk]] = []
    behind, over, chunk = row.behind, False, Chunk()
    try:
        for _ in range(_CHUNKS):
            rows = await queries.households(tx, row.path, behind=behind, limit=most, on=on, gate=reached)
            bare = [place for place, (_, kept, _) in enumerate(rows) if kept is None]
            part = rows[: bare[_FOLDED]] if len(bare) > _FOLDED else rows
            facts = await facts_by_household(tx, [id_ for id_, kept, _ in part if kept is None])
            given = [(id_, kept, standing, facts.get(id_, ())) for id_, kept, standing in part]
            for n, aside in enumerate(asides):
                running.append(asyncio.create_task(aside.run(computed, given[n :: len(asides)], *question)))
            behind, over = part[-1][0] if part else behind, part is rows and len(rows) < most
            if over or len(bare) > _FOLDED:
                break
        for found in await asyncio.gather(*running):
            chunk.add(found)
    except BaseException:
        for task in running:
            task.cancel()
        raise
    await queries.write(tx, row.id, chunk, behind=behind, over=over)
