"""The bank answers: what was paid and what came back, taken whole, to the cent."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.locks import locked
from events.log import append
from kit.etag import require_version

from .. import queries
from ..rules import (
    Answer,
    Batch,
    BatchOpen,
    BatchState,
    BatchUnknown,
    Line,
    LineState,
    MembersElsewhere,
    Transfer,
    TransferState,
    reconciled,
)
from .publishing import told


async def reconcile(tx: AsyncConnection, id_: UUID, answer: Answer, *, version: int) -> Batch:
    """Take the bank's answer; publishes TransferPaid or TransferReturned for each line that it changes.

    Raises:
        BatchUnknown, PreconditionFailed, BatchOpen, MembersElsewhere: as they say.
        LineUnknown, LineTwice, AmountDiffers, DayOutOfTime, OutcomeContradicts, TotalDiffers: as they say.
    """
    on = await today(tx)
    if await queries.batch_by_id(tx, id_) is None:
        raise BatchUnknown
    known = await queries.lines_of(tx, id_)
    seen = await queries.by_id(tx, _concerned(known.values(), answer))
    await locked(tx, {one.household_id or one.id for one in seen.values()})
    batch = await queries.batch_by_id(tx, id_, to_change=True)
    if batch is None:
        raise BatchUnknown
    require_version(batch.version, version)
    if batch.state not in (BatchState.RELEASED, BatchState.SETTLED):
        raise BatchOpen
    after, changed = reconciled(batch, await queries.lines_of(tx, id_), answer, on)
    if not changed:
        return batch
    members = await queries.by_id(tx, [line.transfer_id for line in changed], to_change=True)
    if len(members) < len(changed):
        raise MembersElsewhere
    settled = [_settled(members[line.transfer_id], line) for line in changed]
    await queries.put_batch(tx, after)
    await queries.put_lines(tx, changed)
    await queries.put(tx, settled)
    await append(tx, *map(told, settled))
    return after


def _concerned(lines: Iterable[Line], answer: Answer) -> list[UUID]:
    numbers = {line.number for line in answer.lines}
    return [line.transfer_id for line in lines if line.number in numbers]


def _settled(transfer: Transfer, line: Line) -> Transfer:
    """The payment as the line now says; a later revision of the same fact, so that it never counts twice."""
    known = replace(transfer, version=transfer.version + 1, revision=transfer.revision + 1)
    if line.state == LineState.PAID:
        return replace(
            known, state=TransferState.PAID.value, paid_on=line.happened_on, returned_on=None, return_reason=None
        )
    return replace(known, state=TransferState.RETURNED.value, returned_on=line.happened_on, return_reason=line.reason)
