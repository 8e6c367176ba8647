"""Reading and writing targets and deliveries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .rules import SendState
from .tables import deliveries, delivery_targets

_DUE: Final = text("""
    SELECT d.*, t.channel, t.host, t.sealed, t.enabled, p.number, a.changed_at,
           coalesce(a.state = 'open' AND a.snoozed_until >= (SELECT max(business_date) FROM gates), false) AS snoozed,
           coalesce(a.state <> 'open' AND d.change NOT IN ('closed', 'retracted'), false)
           OR EXISTS (SELECT FROM deliveries AS later WHERE later.alert_id = d.alert_id
                      AND later.target_id = d.target_id AND later.version > d.version) AS superseded,
           EXISTS (SELECT FROM deliveries AS earlier WHERE earlier.alert_id = d.alert_id
                   AND earlier.target_id = d.target_id AND earlier.version < d.version
                   AND earlier.sent_at IS NOT NULL) AS told
    FROM (SELECT *, row_number() OVER (PARTITION BY target_id ORDER BY written_at, id) AS place FROM deliveries
          WHERE state IN ('pending', 'failed') AND next_at <= :now) AS d
    JOIN delivery_targets AS t ON t.id = d.target_id
    LEFT JOIN alerts AS a ON a.id = d.alert_id
    LEFT JOIN profiles AS p ON p.household_id = d.household_id
    WHERE d.place <= :each ORDER BY d.written_at, d.id LIMIT :most
""")
# Only if nobody else tried meanwhile: whoever lost the lock does not write over what the next sender did.
_TRIED: Final = text("""
    UPDATE deliveries SET state = :state, attempts = attempts + :counted, problem = :problem, next_at = :next_at,
                          sent_at = coalesce(:sent_at, sent_at)
    WHERE id = :id AND attempts = :attempts AND state IN ('pending', 'failed')
""")
_PUT_OFF: Final = text("""
    UPDATE deliveries SET next_at = :next_at
    WHERE target_id = :target_id AND state IN ('pending', 'failed') AND next_at < :next_at
""")


async def add_target(tx: AsyncConnection, **fields: object) -> Row[Any]:
    """Write a target down."""
    row: Row[Any] = (await tx.execute(insert(delivery_targets).values(**fields).returning(delivery_targets))).one()
    return row


async def target(tx: AsyncConnection, target_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    """One target; None outside one's scope."""
    query = select(delivery_targets).where(delivery_targets.c.id == target_id)
    return (await tx.execute(query.with_for_update() if lock else query)).one_or_none()


async def targets(tx: AsyncConnection, *, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Targets by id."""
    query = select(delivery_targets).order_by(delivery_targets.c.id).limit(limit)
    return (await tx.execute(query if after is None else query.where(delivery_targets.c.id > after))).all()


async def change_target(tx: AsyncConnection, target_id: UUID, **fields: object) -> Row[Any]:
    """Write what changed of a target."""
    statement = update(delivery_targets).where(delivery_targets.c.id == target_id).values(**fields)
    row: Row[Any] = (await tx.execute(statement.returning(delivery_targets))).one()
    return row


async def add(tx: AsyncConnection, **fields: object) -> Row[Any]:
    """Write a delivery down."""
    row: Row[Any] = (await tx.execute(insert(deliveries).values(**fields).returning(deliveries))).one()
    return row


async def one(tx: AsyncConnection, delivery_id: UUID) -> Row[Any] | None:
    """One delivery; None outside one's scope."""
    return (await tx.execute(select(deliveries).where(deliveries.c.id == delivery_id))).one_or_none()


async def newest(
    tx: AsyncConnection, filters: Mapping[str, object], *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Row[Any]]:
    """Deliveries, the newest first."""
    query = select(deliveries).order_by(deliveries.c.written_at.desc(), deliveries.c.id.desc()).limit(limit)
    for name, value in filters.items():
        if value is not None:
            query = query.where(deliveries.c[name] == value)
    if before is not None:
        query = query.where(tuple_(deliveries.c.written_at, deliveries.c.id) < before)
    return (await tx.execute(query)).all()


async def ask_again(tx: AsyncConnection, delivery_id: UUID, *, by: str, at: datetime) -> Row[Any] | None:
    """Let a delivery be sent once more under its id; its limit begins anew."""
    asked = {"state": SendState.PENDING.value, "problem": None, "asked_by": by, "since": at, "next_at": at}
    statement = update(deliveries).where(deliveries.c.id == delivery_id).values(**asked)
    row: Row[Any] | None = (await tx.execute(statement.returning(deliveries))).one_or_none()
    return row


async def due(tx: AsyncConnection, *, now: datetime, each: int, most: int) -> Sequence[Row[Any]]:
    """What has to be tried now, oldest first, with what its fate depends on; `each` of a target at most."""
    return (await tx.execute(_DUE, {"now": now, "each": each, "most": most})).all()


async def tried(tx: AsyncConnection, **fields: object) -> None:
    """Write down what came of an attempt."""
    await tx.execute(_TRIED, fields)


async def put_off(tx: AsyncConnection, target_id: UUID, until: datetime) -> None:
    """Let everything to a target wait: what befell one message would befall the next."""
    await tx.execute(_PUT_OFF, {"target_id": target_id, "next_at": until})
