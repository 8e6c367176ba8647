"""Paying out a distribution: some households per transaction, each with its event and its place in the ledger.

1. Look which lines wait and who stands for each household today.
2. Lock the distribution and those households, in one statement; look again at what waits.
3. Ledger, event and the mark of the line go together: a crash before the commit leaves all of it as it was.
4. Nothing waits any more: the distribution is paid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import IncomeKind
from events.catalog.households import DividendPaid
from events.locks import locked
from events.log import NewEvent, append
from kit import audit, clock
from kit.bulk import write_rows
from kit.clock import midnight

from ...income import service as income
from ...registry import service as registry
from ..queries import Distribution, Line, oldest_paying, waiting_lines
from ..rules import DistributionState
from ..tables import distribution_lines, distributions
from .distributing import get_distribution

AT_ONCE: Final = 200
"""Households per transaction, so that locks are held for a moment only; one line may mean two keys."""


async def pay_some(tx: AsyncConnection, *, limit: int = AT_ONCE) -> bool:
    """Pay the next households of the oldest distribution that is not paid out; False if there is none."""
    distribution_id = await oldest_paying(tx)
    if distribution_id is None:
        return False
    stand = {home.id for home in (await _payees(tx, await waiting_lines(tx, distribution_id, limit))).values()}
    await locked(tx, {distribution_id, *stand})
    distribution = await get_distribution(tx, distribution_id)
    waiting = await waiting_lines(tx, distribution_id, limit)
    payees = await _payees(tx, waiting)
    await _pay(tx, distribution, [line for line in waiting if payees[line.id].id in stand], payees)
    if not waiting and distribution.state == DistributionState.PAYING:
        await _finish(tx, distribution)
    return True


async def _payees(tx: AsyncConnection, lines: Sequence[Line]) -> dict[UUID, registry.Household]:
    """By line, who is paid: who was paid before, else the household that stands today for the shareholder."""
    wanted = {line.id: line.payee_id or line.household_id for line in lines}
    homes = await registry.standing(tx, set(wanted.values()), merged_too=True)
    into = {home.merged_into for home in homes.values() if home.merged_into is not None}
    homes |= await registry.standing(tx, into, merged_too=True)
    return {
        line.id: homes[wanted[line.id]]
        if line.payee_id is not None
        else homes[homes[wanted[line.id]].merged_into or wanted[line.id]]
        for line in lines
    }


async def _pay(
    tx: AsyncConnection,
    distribution: Distribution,
    lines: Sequence[Line],
    payees: Mapping[UUID, registry.Household],
) -> None:
    if not lines:
        return
    now = clock.now()
    told = [replace(line, payee_id=payees[line.id].id, told=line.revision) for line in lines]
    values = [{name: getattr(line, name) for name in Line.__slots__} for line in told]
    await write_rows(tx, distribution_lines, values, conflict="replace")
    # Nothing to take back where nothing was told, nothing to tell where no whole fen fell on the shares.
    heard = [line for line in lines if line.told or (line.amount and not distribution.void)]
    await income.take_payments(tx, [_entry(distribution, line, payees[line.id].id, now) for line in heard])
    await append(tx, *(_event(distribution, line, payees[line.id]) for line in heard))
    await audit.record(
        tx, action="pay_dividends", entity="distributions", entity_id=distribution.id, detail={"paid": len(heard)}
    )


def _entry(distribution: Distribution, line: Line, household_id: UUID, now: datetime) -> income.Paid:
    return income.Paid(
        source="households",
        fact_id=line.id,
        revision=line.revision,
        void=distribution.void,
        type=DividendPaid.event_name(),
        household_id=household_id,
        month=distribution.first_month,
        last_month=distribution.last_month,
        kind=IncomeKind.PROPERTY,
        amount=line.amount,
        recorded_at=now,
    )


def _event(distribution: Distribution, line: Line, home: registry.Household) -> NewEvent:
    return registry.about(
        home,
        DividendPaid(
            distribution_id=distribution.id,
            collective_id=distribution.collective_id,
            paid_on=distribution.paid_on,
            first_month=distribution.first_month,
            last_month=distribution.last_month,
            amount=line.amount,
        ),
        fact_id=line.id,
        revision=line.revision,
        void=distribution.void,
        at=midnight(distribution.paid_on),
    )


async def _finish(tx: AsyncConnection, distribution: Distribution) -> None:
    done = update(distributions).where(distributions.c.id == distribution.id)
    await tx.execute(done.values(state=DistributionState.PAID))
    await audit.record(tx, action="finish_distribution", entity="distributions", entity_id=distribution.id, detail={})
