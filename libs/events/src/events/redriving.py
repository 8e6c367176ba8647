"""Trying again what a key is blocked by and what waits behind it, as far as it goes.

What can be handled is handled together, so that nobody is told of a state between two letters that waited side by side.
The first letter that still fails is what the key is blocked by from then on, with its own cause: an operator who gives
it up gives up nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from . import deadletters, fence, inbox, receipts
from .catalog.base import Service
from .dispatch import Dispatch
from .gate import gate_exclusive
from .incoming import Incoming, cut, from_parts
from .locks import locked
from .partitioner import partition_of
from .received import Received
from .wire import LARGEST_SEQ, Undecodable, decode

_log = structlog.get_logger(__name__)

_ASKED = text("SELECT source, key FROM blocks WHERE redrive_requested_at IS NOT NULL ORDER BY redrive_requested_at")
_HOLD = text("SELECT 1 FROM blocks WHERE source = :source AND key = :key FOR UPDATE")
_WAITING = text("""
    SELECT seq, state, topic, partition, headers, value FROM dead_letters
    WHERE source = :source AND key = :key AND state IN ('poison', 'parked') AND seq <= :through ORDER BY seq
""")
_SETTLE = text("""
    UPDATE dead_letters SET state = 'redriven', settled_at = clock_timestamp()
    WHERE source = :source AND seq = ANY(CAST(:seqs AS bigint[]))
""")
_UNBLOCK = text("""
    DELETE FROM blocks WHERE source = :source AND key = :key AND NOT EXISTS (
        SELECT 1 FROM dead_letters WHERE source = :source AND key = :key AND state IN ('poison', 'parked')
    )
""")
_FAILS = text("UPDATE dead_letters SET state = 'poison', cause = :cause WHERE source = :source AND seq = :seq")
_GIVE_UP = text("UPDATE blocks SET redrive_requested_at = NULL WHERE source = :source AND key = :key")


async def asked(tx: AsyncConnection) -> list[tuple[str, UUID]]:
    """The (source, key) somebody asked to redrive."""
    return [(row.source, row.key) for row in await tx.execute(_ASKED)]


@dataclass(frozen=True, slots=True)
class Blocked:
    """What a consumer holds back of one key of one source."""

    service: Service
    dispatch: Dispatch
    source: str
    key: UUID
    owners: fence.Owners

    async def waiting(self, tx: AsyncConnection) -> list[int]:
        """The sequence numbers of what waits, in order."""
        return [row.seq for row in await self._letters(tx, LARGEST_SEQ)]

    async def redrive(self, tx: AsyncConnection, through: int) -> None:
        """Handle what waits up to a sequence number, then unblock if nothing more waits.

        It ends before what cannot even be read, which blocks the key from then on.

        Raises:
            Fenced: another member owns the key's partition now.
            Exception: a handler refused one of them; nothing has changed.
        """
        if not await self._hold(tx):
            return
        readable: list[Incoming] = []
        for row in await self._letters(tx, through):
            try:
                readable.append(_record(row, decode(row.headers, row.value)))
            except Undecodable as error:
                await self._apply(tx, readable)
                await self._note(tx, row, deadletters.cause_of(error))
                return
        await self._apply(tx, readable)
        await tx.execute(_UNBLOCK, {"source": self.source, "key": self.key})

    async def stop_at(self, tx: AsyncConnection, seq: int, cause: str) -> None:
        """Block the key by this letter; it is tried again when somebody asks again.

        Nothing happens if somebody gave it up meanwhile: what waits behind it is tried in the next turn then.

        Raises:
            Fenced: another member owns the key's partition now.
        """
        if await self._hold(tx):
            for row in await self._letters(tx, seq):
                if row.seq == seq:
                    await self._note(tx, row, cause)

    async def _hold(self, tx: AsyncConnection) -> bool:
        partition = partition_of(self.key)
        await fence.check(tx, {partition: self.owners[partition]})
        await gate_exclusive(tx)
        await locked(tx, [self.key])
        return (await tx.execute(_HOLD, {"source": self.source, "key": self.key})).one_or_none() is not None

    async def _letters(self, tx: AsyncConnection, through: int) -> Sequence[Any]:
        return (await tx.execute(_WAITING, {"source": self.source, "key": self.key, "through": through})).all()

    async def _apply(self, tx: AsyncConnection, records: Sequence[Incoming]) -> None:
        await receipts.fold(tx, self.service, [r.event for r in records if r.event and r.receipt])
        for part in cut([r for r in records if not r.receipt], 1):
            await self.dispatch.hand_out(tx, await inbox.record(tx, part))
        seqs = [record.seq for record in records]
        await tx.execute(_SETTLE, {"source": self.source, "seqs": seqs})
        await receipts.write(tx, {(self.source, "applied"): seqs})

    async def _note(self, tx: AsyncConnection, row: Any, cause: str) -> None:
        await tx.execute(_FAILS, {"source": self.source, "seq": row.seq, "cause": cause})
        await tx.execute(_GIVE_UP, {"source": self.source, "key": self.key})
        if row.state == "parked":
            await deadletters.tell(tx, self.service, _record(row, None), cause)
            _log.error("dead letter", service=self.service, event_type=row.headers["ce_type"], seq=row.seq, cause=cause)


def _record(row: Any, event: Received[Any] | None) -> Incoming:
    return from_parts(row.topic, row.partition, 0, row.headers, row.value, event, None, "")
