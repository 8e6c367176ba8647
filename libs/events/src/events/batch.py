"""One consumption: everything a batch does, in one transaction.

1. fence: do I still own these partitions?
2. pass over what nobody here handles;
3. gate, shared; exclusive for a tick or a policy change;
4. lock the keys;
5. write what is new whole into the received log; what was applied before drops out, what waits behind a dead letter
   is set aside;
6. hand it to the handlers (they append what follows);
7. fold receipts, write receipts, store offsets. The caller commits.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from . import deadletters, fence, inbox, receipts
from .catalog.base import Service
from .dispatch import Dispatch
from .gate import gate_exclusive, gate_shared
from .incoming import Incoming, next_offsets
from .locks import locked


class Faulty(ValueError):
    """A record that cannot be read stands in the batch."""


@dataclass(frozen=True, slots=True)
class Processor:
    """What a consumer applies its batches with."""

    service: Service
    epoch: str
    dispatch: Dispatch

    async def apply(self, tx: AsyncConnection, records: Sequence[Incoming], owners: fence.Owners) -> None:
        """Apply records of owned partitions.

        Raises:
            Fenced: another member owns one of the partitions now.
            Faulty: a record cannot be read.
        """
        await fence.check(tx, owners)
        await self._take(tx, [r for r in records if not r.receipt])
        await receipts.fold(tx, self.service, [r.event for r in records if r.event and r.receipt])
        await fence.store_offsets(tx, self.epoch, next_offsets(records))

    async def _take(self, tx: AsyncConnection, records: Sequence[Incoming]) -> None:
        if not records:
            return
        for record in records:
            if record.fault is not None:
                raise Faulty(record.fault)
        outcomes: dict[tuple[str, str], list[int]] = defaultdict(list)
        for record in records:
            if record.event is None:
                outcomes[record.source, "ignored"].append(record.seq)
        if concerning := [r for r in records if r.event is not None]:
            await self._handle(tx, concerning, outcomes)
        await receipts.write(tx, outcomes)

    async def _handle(
        self, tx: AsyncConnection, records: Sequence[Incoming], outcomes: dict[tuple[str, str], list[int]]
    ) -> None:
        await (gate_exclusive(tx) if any(r.gated for r in records) else gate_shared(tx))
        await locked(tx, {record.key for record in records})
        free, events = records, await inbox.record(tx, records, unless_held_back=True)
        if not events:
            # One of them is held back, or all of them were applied before.
            free = await self._set_aside(tx, records, outcomes)
            events = await inbox.record(tx, free)
        applied = {(event.source, event.seq) for event in events}
        for record in free:
            outcome = "applied" if (record.source, record.seq) in applied else "duplicate"
            outcomes[record.source, outcome].append(record.seq)
        await self.dispatch.hand_out(tx, events)

    async def _set_aside(
        self, tx: AsyncConnection, records: Sequence[Incoming], outcomes: dict[tuple[str, str], list[int]]
    ) -> Sequence[Incoming]:
        letters, blocked = await inbox.held_back(tx, records)
        if not letters and not blocked:
            return records
        behind = [r for r in records if (r.source, r.key) in blocked and (r.source, r.seq) not in letters]
        applied = await inbox.known(tx, behind) if behind else set()
        parked = [r for r in behind if (r.source, r.seq) not in applied]
        await deadletters.park(tx, parked)
        for record in parked:
            outcomes[record.source, "parked"].append(record.seq)
        waiting = {(r.source, r.seq) for r in parked}
        for record in records:
            if (record.source, record.seq) in letters:
                outcomes[record.source, "duplicate"].append(record.seq)
        return [r for r in records if (r.source, r.seq) not in letters and (r.source, r.seq) not in waiting]
