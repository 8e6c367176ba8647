"""The sender: a task of the worker that sends what the outbox holds.

1. One sender leads, by an advisory lock on a session of its own; others wait for it.
2. It takes what is due, oldest first, one lane per target, lanes beside each other.
3. Each attempt is written down by itself. A process that dies between sending and writing sends once more, under the
   same id, which receivers drop.
4. A failure that the target's next message would meet too lets the whole target wait.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.turns import own_session, stopped
from kit import clock, policy
from kit.cipher import CannotOpen, FieldCipher
from kit.database import begin

from ..policy.queries import business_date
from . import queries
from .addresses import Sealed
from .channels import Outcome, send
from .rules import (
    ABOUT_TARGET,
    Allowed,
    Change,
    Message,
    SendProblem,
    SendState,
    Waiting,
    after_failure,
    link_to,
    not_to_send,
    pause,
)

_LEAD: Final = text("SELECT pg_try_advisory_lock(20220823, 4)")
EACH: Final = 20
"""Messages to one target in a round."""
MOST: Final = 200
IDLE_SECONDS: Final = 0.5
LONGEST_BACK_OFF: Final = 5.0

_log = structlog.get_logger(__name__)
Send = Callable[[str, str, Sealed, Message, Allowed, datetime], Awaitable[Outcome]]


class Sender:
    """推送发送器.

    Args:
        engine: of the worker role, connected directly.
        cipher: opens the addresses.
        allowed: the operator's list of hosts and networks.
        link_base: where the links of messages lead.
        now: the clock of retries and limits.
        channel: what sends one message.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        cipher: FieldCipher,
        *,
        allowed: Allowed,
        link_base: str,
        now: Callable[[], datetime] = clock.now,
        channel: Send = send,
    ):
        self._engine, self._cipher, self._allowed, self._link_base = engine, cipher, allowed, link_base
        self._now, self._send = now, channel

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; a lost connection costs the lead and it is taken again."""
        wait = IDLE_SECONDS
        while not stop.is_set():
            try:
                await self._lead(stop)
                wait = IDLE_SECONDS
            except Exception as error:  # whatever ended the term, the outbox is intact: take the lead again
                _log.warning("deliveries interrupted", error=type(error).__name__)
                wait = min(wait * 2, LONGEST_BACK_OFF)
            await stopped(stop, wait)

    async def _lead(self, stop: asyncio.Event) -> None:
        async with own_session(self._engine) as lead:
            while not (await lead.execute(_LEAD)).scalar_one():
                if await stopped(stop, IDLE_SECONDS):
                    return
            while not stop.is_set():
                if not await self.round(lead):
                    await stopped(stop, IDLE_SECONDS)

    async def round(self, lead: AsyncConnection) -> int:
        """Try what is due now; how many records that were. `lead` holds the lock: without it nothing is read."""
        rows = await queries.due(lead, now=self._now(), each=EACH, most=MOST)
        lanes: dict[object, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            lanes[row.target_id].append(row)
        await asyncio.gather(*(self._lane(lane) for lane in lanes.values()))
        return len(rows)

    async def _lane(self, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            skipped = not_to_send(_waiting(row))
            if skipped:
                await self._written(row, SendState.GIVEN_UP, skipped, counted=0)
                continue
            outcome = await self._attempt(row)
            if outcome.problem is None:
                await self._written(row, SendState.SENT, None)
            elif not await self._failed(row, outcome.problem, outcome.wait):
                return

    async def _attempt(self, row: Row[Any]) -> Outcome:
        try:
            sealed = Sealed.open(self._cipher, row.target_id, row.sealed)
        except CannotOpen:
            return Outcome(SendProblem.UNREADABLE)
        message = Message(
            id=row.id,
            change=Change(row.change),
            at=row.written_at,
            number=row.number,
            rule=row.rule,
            level=row.level,
            link=link_to(self._link_base, row.alert_id) if row.alert_id else None,
        )
        try:
            return await self._send(row.channel, row.host, sealed, message, self._allowed, self._now())
        except Exception as error:  # one message that cannot be sent must not keep back all others
            _log.warning("delivery broken", delivery=str(row.id), error=type(error).__name__)
            return Outcome(SendProblem.NOT_ACCEPTED)

    async def _failed(self, row: Row[Any], problem: SendProblem, wanted: int | None) -> bool:
        """Write a failure down; whether the target's next message is worth trying."""
        next_at = self._now() + pause(row.attempts + 1, wanted)
        async with begin(self._engine) as tx:
            hours = await _limit(tx, row.path)
            state = after_failure(problem, since=row.since, now=self._now(), hours=hours)
            await self._write(tx, row, state, problem, next_at=next_at)
            if problem in ABOUT_TARGET:
                await queries.put_off(tx, row.target_id, next_at)
        _log.info("delivery failed", delivery=str(row.id), problem=problem.value, state=state.value)
        return problem not in ABOUT_TARGET

    async def _written(self, row: Row[Any], state: SendState, problem: SendProblem | None, *, counted: int = 1) -> None:
        async with begin(self._engine) as tx:
            await self._write(tx, row, state, problem, counted=counted)

    async def _write(
        self,
        tx: AsyncConnection,
        row: Row[Any],
        state: SendState,
        problem: SendProblem | None,
        *,
        counted: int = 1,
        next_at: datetime | None = None,
    ) -> None:
        await queries.tried(
            tx,
            id=row.id,
            attempts=row.attempts,
            state=state.value,
            counted=counted,
            problem=problem and problem.value,
            next_at=next_at or row.next_at,
            sent_at=self._now() if state is SendState.SENT else None,
        )


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(
        change=Change(row.change),
        enabled=row.enabled,
        asked=row.asked_by is not None,
        snoozed=row.snoozed,
        superseded=row.superseded,
        told=row.told,
    )


async def _limit(tx: AsyncConnection, path: str) -> int | None:
    """放弃时限 in hours, by policy."""
    on = await business_date(tx)
    value = (await policy.load(tx)).at("delivery.giveup.hours", path, on) if on else None
    return None if value is None else int(value.value)
