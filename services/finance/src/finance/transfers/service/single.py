"""One payment: read, paid once more after it came back, withdrawn."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.locks import locked
from events.log import append
from kit.etag import require_version

from .. import queries
from ..rules import NotReturned, NotWaiting, ReturnReason, Transfer, TransferState, TransferUnknown
from .publishing import told


async def get_transfer(tx: AsyncConnection, id_: UUID) -> Transfer:
    """One payment in scope.

    Raises:
        TransferUnknown: not there, or out of scope.
    """
    found = (await queries.by_id(tx, [id_])).get(id_)
    if found is None:
        raise TransferUnknown
    return found


async def retry(tx: AsyncConnection, id_: UUID, *, version: int) -> Transfer:
    """What came back waits for another batch, once the reason is mended.

    Raises:
        TransferUnknown, PreconditionFailed, NotReturned: as they say.
    """
    before = await _to_change(tx, id_, version)
    if before.state != TransferState.RETURNED:
        raise NotReturned
    after = replace(before, version=before.version + 1, state=TransferState.WAITING.value, batch_id=None)
    await queries.put(tx, [after])
    return after


async def withdraw(tx: AsyncConnection, id_: UUID, *, reason: ReturnReason, version: int) -> Transfer:
    """It will not be paid; whoever approved it hears that (publishes TransferReturned).

    Raises:
        TransferUnknown, PreconditionFailed, NotWaiting: as they say.
    """
    on = await today(tx)
    before = await _to_change(tx, id_, version)
    if before.state not in (TransferState.WAITING, TransferState.RETURNED):
        raise NotWaiting
    after = replace(
        before, version=before.version + 1, revision=before.revision + 1, void=True,
        state=TransferState.WITHDRAWN.value, returned_on=on, return_reason=reason.value,
    )  # fmt: skip
    await queries.put(tx, [after])
    await append(tx, told(after))
    return after


async def _to_change(tx: AsyncConnection, id_: UUID, version: int) -> Transfer:
    """The payment under its lock, in the version the caller read."""
    seen = await get_transfer(tx, id_)
    await locked(tx, [seen.household_id or seen.id])
    found = (await queries.by_id(tx, [id_], to_change=True)).get(id_)
    if found is None or found.household_id != seen.household_id:
        raise TransferUnknown
    require_version(found.version, version)
    return found
