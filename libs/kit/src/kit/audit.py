"""The audit trail: a row in the same transaction as the deed, without personal data."""

from collections.abc import Mapping

from opentelemetry import trace
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import audit_log

Detail = Mapping[str, str | int | bool | None]


async def record(
    tx: AsyncConnection,
    *,
    action: str,
    entity: str | None = None,
    entity_id: object = None,
    detail: Detail | None = None,
) -> None:
    """Write down what is done; who does it, the transaction knows.

    Args:
        tx: the transaction of the deed.
        action: verb of the domain, `enrol_member`.
        entity: what kind of thing it concerns, `household`.
        entity_id: which one; an id, never a number that names a person.
        detail: codes, counts and versions; no names, id numbers, phones or free text.
    """
    await tx.execute(
        insert(audit_log).values(
            action=action,
            entity=entity,
            entity_id=None if entity_id is None else str(entity_id),
            trace_id=trace_id(),
            detail=dict(detail or {}),
        )
    )


def trace_id() -> str | None:
    """The trace that is current now, as 32 hex digits."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None
