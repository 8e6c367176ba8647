"""Drafting, releasing and withdrawing policy values; a correction is a draft of the same name, path and first day."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id
from events.locks import locked

from .. import policy
from ..policy_book import PolicyValue, Unit
from . import queries
from .refusals import DraftDecided, DraftUnknown
from .rules import check_area, check_newest, check_second_person, check_value


class Policies:
    """政策目录 of a service: the names its rules read, each with its unit; what else a decision on a draft brings.

    Released, a value stands among the recorded ones. A service to which that is an event says so in a subclass.

    Args:
        units: name → unit, `{"reserve.ratio": Unit.SHARE}`.
        places: decimal places of a value that the service can carry.
    """

    def __init__(self, units: Mapping[str, Unit], *, places: int = 4):
        self.units = units
        self.places = places

    async def prepare(self, tx: AsyncConnection) -> None:
        """Before anything is locked for a decision."""

    async def release(self, tx: AsyncConnection, value: PolicyValue, *, drafted_by: str, by: str) -> None:
        """Put a value into force; its key (`key_of`) is locked."""
        await policy.add(tx, [value])

    async def withdraw(self, tx: AsyncConnection, value: PolicyValue, *, drafted_by: str, by: str) -> None:
        """Note that a value will never take effect; its key is locked."""


def key_of(value: PolicyValue) -> UUID:
    """The key under which decisions on one name and path follow each other."""
    return derived_id("policy", value.name, value.path)


async def draft_value(
    tx: AsyncConnection, policies: Policies, value: PolicyValue, *, paths: Sequence[str], by: str
) -> Row[Any]:
    """Propose a value; it has no effect until a second person releases it.

    Raises:
        BadPath, PolicyOutOfArea: the path is none, or lies outside the caller's.
        UnknownPolicy, EndsBeforeItBegins, NotOfItsUnit: as they say.
    """
    check_area(value.path, paths)
    check_value(value, policies.units, places=policies.places)
    return await queries.add_draft(tx, state="draft", drafted_by=by, **asdict(value))


async def release_draft(tx: AsyncConnection, policies: Policies, draft_id: UUID, *, by: str) -> Row[Any]:
    """Put a draft of somebody else into force.

    Raises:
        DraftUnknown, DraftDecided, SamePerson, DraftOvertaken: as they say.
        UnknownPolicy, NotOfItsUnit: the rules have changed since it was drafted.
    """
    await policies.prepare(tx)
    draft, value = await _open_draft(tx, draft_id)
    check_second_person(draft.drafted_by, by)
    check_value(value, policies.units, places=policies.places)
    check_newest(value, await policy.load(tx))
    await policies.release(tx, value, drafted_by=draft.drafted_by, by=by)
    return await queries.decide_draft(tx, draft_id, state="released", by=by)


async def withdraw_draft(tx: AsyncConnection, policies: Policies, draft_id: UUID, *, by: str) -> Row[Any]:
    """Take a draft back or turn it down; anybody who may write policy can.

    Raises:
        DraftUnknown, DraftDecided: as they say.
    """
    await policies.prepare(tx)
    draft, value = await _open_draft(tx, draft_id)
    await policies.withdraw(tx, value, drafted_by=draft.drafted_by, by=by)
    return await queries.decide_draft(tx, draft_id, state="withdrawn", by=by)


async def _open_draft(tx: AsyncConnection, draft_id: UUID) -> tuple[Row[Any], PolicyValue]:
    """The draft, with its row and its key locked."""
    draft = await queries.draft(tx, draft_id, lock=True)
    if draft is None:
        raise DraftUnknown
    if draft.state != "draft":
        raise DraftDecided
    value = policy.value_of(draft)
    await locked(tx, [key_of(value)])
    return draft, value
