"""Where a service keeps the requests, and how they are read and written; what the caller may see, row security decides.

Households that were merged are one family: its requests and its facts may stand under any of their ids.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.scope import scope_policy_ddl

from .. import rows
from ..tables import households
from .rules import Request, RequestState

_TABLE: Final = """
CREATE TABLE help_requests (
    id uuid CONSTRAINT pk_help_requests PRIMARY KEY,
    version integer NOT NULL,
    household_id uuid NOT NULL,
    region varchar(12),
    path text COLLATE "C" NOT NULL,
    offer text NOT NULL,
    category text NOT NULL,
    development boolean NOT NULL,
    causes text[] NOT NULL,
    asked_on date NOT NULL,
    asked_by text NOT NULL,
    due_on date,
    state text NOT NULL,
    taken_on date,
    taken_by text,
    closed_on date,
    closed_by text,
    reason text,
    reference uuid,
    provided_on date
);
COMMENT ON TABLE help_requests IS '帮扶请求 of monitoring to this department';
CREATE INDEX ix_help_requests_household_id ON help_requests (household_id);
CREATE INDEX ix_help_requests_state_asked_on_id ON help_requests (state, asked_on, id)"""


def create_requests_v1(service: str) -> list[str]:
    """The statements of the migration that makes the table."""
    return [
        *_TABLE.strip().split(";\n"),
        f"GRANT SELECT, INSERT, UPDATE ON help_requests TO {service}_app",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON help_requests TO {service}_worker",
        *scope_policy_ddl("help_requests", service),
    ]


def requests_table(metadata: MetaData) -> Table:
    """The table of requests of a service."""
    return Table(
        "help_requests",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("household_id", Uuid, nullable=False),
        Column("region", String(12)),
        Column("path", Text(collation="C"), nullable=False),
        Column("offer", Text, nullable=False),
        Column("category", Text, nullable=False),
        Column("development", Boolean, nullable=False),
        Column("causes", ARRAY(Text, as_tuple=True), nullable=False),
        Column("asked_on", Date, nullable=False),
        Column("asked_by", Text, nullable=False),
        Column("due_on", Date),
        Column("state", Text, nullable=False),
        Column("taken_on", Date),
        Column("taken_by", Text),
        Column("closed_on", Date),
        Column("closed_by", Text),
        Column("reason", Text),
        Column("reference", Uuid),
        Column("provided_on", Date),
        Index(None, "household_id"),
        Index(None, "state", "asked_on", "id"),
        comment="帮扶请求 of monitoring to this department",
    )


_FAMILIES: Final = text("""
    WITH standing AS (
        SELECT coalesce(a.into_id, asked.id) AS id
        FROM unnest(CAST(:households AS uuid[])) AS asked(id)
        LEFT JOIN directory_aliases AS a ON a.household_id = asked.id
    )
    SELECT id AS member, id AS standing FROM standing
    UNION SELECT a.household_id, s.id FROM standing AS s JOIN directory_aliases AS a ON a.into_id = s.id
""")


async def families(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Every household that is one with these → the one that stands."""
    return {row.member: row.standing for row in await tx.execute(_FAMILIES, {"households": sorted(ids)})}


async def of_households(
    tx: AsyncConnection, table: Table, ids: Collection[UUID], *, to_change: bool = False
) -> list[Request]:
    """The requests of households that facts can still change."""
    wanted = select(table).where(table.c.household_id.in_(ids), table.c.state != RequestState.DECLINED.value)
    wanted = wanted.order_by(table.c.id)
    return [_request(row) for row in await tx.execute(wanted.with_for_update() if to_change else wanted)]


async def one(tx: AsyncConnection, table: Table, id_: UUID, *, to_change: bool = False) -> Request | None:
    """One request in scope."""
    wanted = select(table).where(table.c.id == id_)
    row = (await tx.execute(wanted.with_for_update() if to_change else wanted)).one_or_none()
    return None if row is None else _request(row)


async def page(
    tx: AsyncConnection,
    table: Table,
    filters: Mapping[str, object],
    *,
    overdue_on: date | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Request]:
    """Requests in scope, the oldest first."""
    wanted = select(table).order_by(table.c.asked_on, table.c.id).limit(limit)
    for name, value in filters.items():
        if value is not None:
            wanted = wanted.where(table.c[name] == value)
    if overdue_on is not None:
        still = [state.value for state in RequestState if state.open]
        wanted = wanted.where(table.c.state.in_(still), table.c.due_on < overdue_on)
    if after is not None:
        wanted = wanted.where(tuple_(table.c.asked_on, table.c.id) > after)
    return [_request(row) for row in await tx.execute(wanted)]


async def numbers(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, str]:
    """户编号 of the households that have arrived."""
    wanted = select(households.c.id, households.c.number).where(households.c.id.in_(ids))
    return {row.id: row.number for row in await tx.execute(wanted)}


async def add(tx: AsyncConnection, table: Table, new: Sequence[Request]) -> None:
    """Write requests that are not there yet, each where its household is by now."""
    if not new:
        return
    homes = select(households.c.id, households.c.region_code, households.c.path)
    known = {row.id: row for row in await tx.execute(homes.where(households.c.id.in_({r.household_id for r in new})))}
    values = []
    for request in new:
        home = known.get(request.household_id)
        placed = replace(request, region=home.region_code, path=home.path) if home else request
        values.append({field.name: getattr(placed, field.name) for field in fields(placed)})
    await tx.execute(insert(table).on_conflict_do_nothing(index_elements=["id"]).returning(table.c.id), values)


async def put(tx: AsyncConnection, table: Table, changed: Sequence[Request]) -> None:
    """Write how requests stand now, in one statement."""
    await rows.put(tx, table, changed)


def _request(row: Any) -> Request:
    return replace(rows.of(Request, row), state=RequestState(row.state))
