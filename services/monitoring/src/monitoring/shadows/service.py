"""Use cases of shadows; none of them commits. Each business date gets a what-if of that day under their values."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from kit import audit
from kit.policy_book import PolicyValue

from ..policy import service as policy
from ..whatif import queries as what_ifs
from ..whatif import service as asking
from . import queries
from .rules import MOST, ShadowOver, ShadowUnknown, TooManyShadows


async def start(
    tx: AsyncConnection,
    *,
    title: str,
    path: str,
    values: Sequence[PolicyValue],
    candidates: Sequence[str],
    paths: Sequence[str],
    by: str,
) -> Row[Any]:
    """Watch values and candidate rules from the business date on.

    Raises:
        BadPath, PolicyOutOfArea, UnknownPolicy, EndsBeforeItBegins, NotOfItsUnit: as a what-if does.
        NothingAsked, CandidateUnknown, CandidatesClash: as a what-if does.
        TooManyShadows: others run.
    """
    asking.check(path, values, candidates, paths)
    if await queries.running(tx) >= MOST:
        raise TooManyShadows
    asked = {"values": asking.told(values), "candidates": list(candidates)}
    row = await queries.add(tx, id=uuid7(), title=title, path=path, started_by=by, **asked)
    detail = {name: len(of) for name, of in asked.items()}
    await audit.record(tx, action="start_shadow", entity="shadow", entity_id=row.id, detail=detail)
    return row


async def stop(tx: AsyncConnection, shadow_id: UUID) -> Row[Any]:
    """Watch them no longer.

    Raises:
        ShadowUnknown, ShadowOver: as they say.
    """
    row = await queries.one(tx, shadow_id, lock=True)
    if row is None:
        raise ShadowUnknown
    if row.stopped_at is not None:
        raise ShadowOver
    await audit.record(tx, action="stop_shadow", entity="shadow", entity_id=shadow_id)
    return await queries.stop(tx, shadow_id)


async def ask_for_the_day(tx: AsyncConnection) -> int:
    """Ask what every running shadow means on the business date; how many had not been asked yet."""
    gate, today = await policy.newest(tx)
    if today is None:
        return 0
    lacking = await queries.lacking(tx, today)
    for shadow in lacking:
        await what_ifs.add(
            tx,
            id=uuid7(),
            title=shadow.title,
            path=shadow.path,
            first_on=today,
            last_on=today,
            values=shadow.values,
            candidates=shadow.candidates,
            gate=gate,
            asked_by=shadow.started_by,
            shadow_id=shadow.id,
        )
    return len(lacking)
