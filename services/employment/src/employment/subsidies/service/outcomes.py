"""What became of the money that finance pays for subsidies."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.bulk import columns_of, highest
from events.catalog.finance import TransferPaid, TransferReturned
from events.received import Received

from ...requests import service as requests
from .. import queries
from ..rules import SubsidyState


async def take_outcomes(tx: AsyncConnection, events: Sequence[Received[TransferPaid | TransferReturned]]) -> None:
    """Note the newest outcome of each, which may answer a request; payments of something else are none of ours.

    The events' keys are locked.
    """
    ours = [event for event in events if event.data.approval_id is not None]
    newest = highest(ours, key=lambda event: event.data.approval_id, revision=lambda event: event.revision)
    if told := [_row(event) for event in newest]:
        households = await queries.outcomes(tx, columns_of(told))
        await requests.settle(tx, households, cause=events[-1])


def _row(event: Received[TransferPaid | TransferReturned]) -> dict[str, object]:
    data = event.data
    assert data.approval_id is not None  # noqa: S101 - the caller looked
    if isinstance(data, TransferReturned):
        return queries.outcome(
            data.approval_id, SubsidyState.RETURNED, event.revision, returned_on=data.returned_on, reason=data.reason
        )
    return queries.outcome(data.approval_id, SubsidyState.PAID, event.revision, paid_on=data.paid_on)
