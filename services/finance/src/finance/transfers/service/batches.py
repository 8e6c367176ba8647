"""Batches of payments: prepared by one person, released by another, sent to the bank as a file."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from directory.people import business_date, today
from events.ids import uuid7
from kit.etag import require_version

from .. import queries
from ..rules import (
    Batch,
    BatchEmpty,
    BatchOpen,
    BatchState,
    BatchUnknown,
    Line,
    LineState,
    MembersElsewhere,
    PurposeUnknown,
    TransferState,
    WrongState,
    check_second_hand,
)
from .purpose_list import PURPOSES

AT_ONCE: Final = 500
"""Lines of a batch: the answer of the bank speaks of as many households, and a transaction may lock 500."""

_ZERO: Final = Decimal("0.00")
_HEADERS: Final = ("序号", "户编号", "收款人", "资金用途", "金额（元）")


async def prepare(tx: AsyncConnection, purpose: str, *, due_by: date | None, area: str, by: str) -> Batch:
    """Put what waits into a batch, the earliest due first, 500 at most.

    Raises:
        PurposeUnknown, BatchEmpty: as they say.
    """
    on = await today(tx)
    if purpose not in await PURPOSES.all(tx):
        raise PurposeUnknown
    found = await queries.waiting(tx, purpose, due_by=due_by, most=AT_ONCE)
    if not found:
        raise BatchEmpty
    batch = Batch(
        id=uuid7(), version=1, path=area, purpose=purpose, state=BatchState.PREPARED.value, lines=len(found),
        amount=sum((one.amount for one in found), _ZERO), paid=_ZERO, returned=_ZERO, prepared_on=on, prepared_by=by,
    )  # fmt: skip
    await queries.put_batch(tx, batch)
    await queries.put_lines(
        tx,
        [
            Line(batch_id=batch.id, number=number, transfer_id=one.id, amount=one.amount, state=LineState.OPEN.value)
            for number, one in enumerate(found, 1)
        ],
    )
    state = TransferState.BATCHED.value
    await queries.put(tx, [replace(one, version=one.version + 1, state=state, batch_id=batch.id) for one in found])
    return batch


async def get_batch(tx: AsyncConnection, id_: UUID) -> Batch:
    """A batch in scope.

    Raises:
        BatchUnknown: not there, or out of scope.
    """
    found = await queries.batch_by_id(tx, id_)
    if found is None:
        raise BatchUnknown
    return found


async def release(tx: AsyncConnection, id_: UUID, *, version: int, by: str) -> Batch:
    """A second person releases the batch: from now on there is a payment file.

    Raises:
        BatchUnknown, PreconditionFailed, WrongState, SameHands, MembersElsewhere: as they say.
    """
    on = await today(tx)
    batch = await _to_decide(tx, id_, version)
    check_second_hand(batch.prepared_by, by)
    await _moved(tx, batch, TransferState.RELEASED)
    after = replace(batch, version=batch.version + 1, state=BatchState.RELEASED.value, released_on=on, released_by=by)
    await queries.put_batch(tx, after)
    return after


async def dissolve(tx: AsyncConnection, id_: UUID, *, version: int) -> Batch:
    """The batch is not released; its payments wait again.

    Raises:
        BatchUnknown, PreconditionFailed, WrongState, MembersElsewhere: as they say.
    """
    batch = await _to_decide(tx, id_, version)
    await _moved(tx, batch, TransferState.WAITING)
    after = replace(batch, version=batch.version + 1, state=BatchState.DISSOLVED.value)
    await queries.put_batch(tx, after)
    return after


async def payment_file(tx: AsyncConnection, id_: UUID) -> bytes:
    """支付清单 of a released batch, xlsx: number, 户编号 and masked name; the last row is the total.

    Raises:
        BatchUnknown, BatchOpen: as they say.
    """
    batch = await get_batch(tx, id_)
    if batch.state not in (BatchState.RELEASED, BatchState.SETTLED):
        raise BatchOpen
    name = (await PURPOSES.all(tx))[batch.purpose].name
    payees = await queries.payees(tx, id_)
    rows = [[str(one.number), one.household_number, one.masked_name, name, str(one.amount)] for one in payees]
    rows.append(["合计", "", "", name, str(sum((one.amount for one in payees), _ZERO))])
    on = batch.released_on or await business_date(tx)
    return await asyncio.to_thread(workbook.write_xlsx, _HEADERS, rows, title=f"支付清单 {batch.id}", exported_on=on)


async def _to_decide(tx: AsyncConnection, id_: UUID, version: int) -> Batch:
    batch = await queries.batch_by_id(tx, id_, to_change=True)
    if batch is None:
        raise BatchUnknown
    require_version(batch.version, version)
    if batch.state != BatchState.PREPARED:
        raise WrongState
    return batch


async def _moved(tx: AsyncConnection, batch: Batch, state: TransferState) -> None:
    lines = await queries.lines_of(tx, batch.id)
    members = await queries.by_id(tx, [line.transfer_id for line in lines.values()], to_change=True)
    if len(members) < len(lines):
        raise MembersElsewhere
    batch_id = None if state is TransferState.WAITING else batch.id
    await queries.put(
        tx,
        [replace(one, version=one.version + 1, state=state.value, batch_id=batch_id) for one in members.values()],
    )
