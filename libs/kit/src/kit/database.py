"""Engines and transactions. A transaction says whose scope it runs in; use cases get it as `tx` and never commit."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import make_url, text
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from .errors import Conflict, Forbidden, Invalid, Refusal, Unavailable

KeyLocks = Literal["advisory", "rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """行为人: on whose behalf a transaction writes; the audit rows take it from the transaction."""

    subject: str
    department: str = ""


class DatabaseAway(Unavailable):
    """数据库不可用: nothing of the request was kept, or, at the commit, all of it."""

    code = "database-away"
    zh, en = "数据库暂时不可用", "the database is away"


class Busy(Unavailable):
    """繁忙: waited too long for a lock or a statement."""

    code = "busy"
    zh, en = "同一数据正被其他请求修改", "other requests are changing the same data"
    retry_after = 1


class OutsideArea(Forbidden):
    """超出管理范围: a row would be written outside one's area."""

    code = "outside-area"
    zh, en = "数据不在您的管理范围内", "this lies outside your area"
    fix_zh, fix_en = "请核对区划，或由所属地区办理", "check the region, or let the area it belongs to do it"


class Unacceptable(Invalid):
    """无法存储的值: a number out of range, or text with characters that cannot be stored."""

    code = "unacceptable-value"
    zh, en = "某个值超出范围或含有无法存储的字符", "a value is out of range or has characters that cannot be stored"


def refusal_of(error: DBAPIError) -> Refusal | None:
    """What the database's refusal means to the caller; None if it is our own defect. It quotes no value."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if error.connection_invalidated or state[:2] == "08" or state in {"57P01", "57P02", "57P03", "53300"}:
        return DatabaseAway()
    if state in {"55P03", "57014", "40001", "40P01"}:
        return Busy()
    if state == "42501" and "row-level security" in str(error.orig):
        return OutsideArea()
    kinds: dict[str, type[Refusal]] = {"22": Unacceptable, "23": Conflict}
    kind = kinds.get(state[:2])
    return kind() if kind else None


SYSTEM: Final = Actor(subject="system")


_IDLE, _INTERVAL, _PROBES = 10, 5, 3
"""Seconds of silence before a host is asked whether it is there, and between askings; how many until it is given up."""
# A host that vanishes says no goodbye: its session, and an advisory lock in it, would stand for two hours.
_ALIVE: Final = {
    "tcp_keepalives_idle": f"{_IDLE}",
    "tcp_keepalives_interval": f"{_INTERVAL}",
    "tcp_keepalives_count": f"{_PROBES}",
}


def engine(
    dsn: str, *, key_locks: KeyLocks = "advisory", pool_size: int = 8, application: str = "zengshou"
) -> AsyncEngine:
    """An engine with a small pool.

    Values never reach an error text (`hide_parameters`); a connection that the server closed is replaced by a new one.
    """
    made = create_async_engine(
        make_url(dsn).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={"timeout": 5, "server_settings": {"application_name": application, "jit": "off", **_ALIVE}},
        execution_options={"key_locks": key_locks},
    )
    listen(made.sync_engine, "connect", _keep_alive)
    listen(made.sync_engine, "checkout", _refuse_closed)
    return made


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Let the pool open another one. A server that ends closes its connections, and the driver has noticed.

    Asking the server (`pool_pre_ping`) takes three round trips, for each transaction half of what it costs to have one.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _keep_alive(connection: Any, _record: object) -> None:
    """Ask from this side too: who waits for an answer under an address that was lost would wait for ever."""
    # The driver has no public way to its socket, and no setting for this.
    line = connection.driver_connection._transport.get_extra_info("socket")
    if line.family not in (socket.AF_INET, socket.AF_INET6):
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        (socket.TCP_KEEPIDLE, _IDLE),
        (socket.TCP_KEEPINTVL, _INTERVAL),
        (socket.TCP_KEEPCNT, _PROBES),
        (socket.TCP_USER_TIMEOUT, 1000 * (_IDLE + _INTERVAL * _PROBES)),
    ):
        line.setsockopt(socket.IPPROTO_TCP, option, value)


# One round trip; every setting is local to the transaction, so pooled connections carry nothing over.
_SETUP = text("""
    SELECT set_config('app.scope', :scope, true), set_config('app.subject', :subject, true),
           set_config('app.department', :department, true), set_config('statement_timeout', :timeout, true),
           set_config('lock_timeout', :patience, true), set_config('transaction_read_only', :read_only, true)
""")


@asynccontextmanager
async def begin(
    engine: AsyncEngine,
    scope: Sequence[str] | None = None,
    *,
    actor: Actor = SYSTEM,
    read_only: bool = False,
    timeout_ms: int = 10_000,
) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that commits at the end of the block and rolls back on any error.

    Args:
        engine: of the role that acts.
        scope: management paths the app role may touch; none means no rows. The worker role needs none.
        actor: who is written into audit rows.
        read_only: refuse writes.
        timeout_ms: longest statement; a lock is waited for half as long.

    Raises:
        DatabaseAway: no connection could be had.
    """
    async with _connected(engine) as tx, tx.begin():
        await tx.execute(
            _SETUP,
            {
                "scope": ",".join(scope or ()),
                "subject": actor.subject,
                "department": actor.department,
                "timeout": f"{timeout_ms}ms",
                "patience": f"{timeout_ms // 2}ms",
                "read_only": "on" if read_only else "off",
            },
        )
        yield tx


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    try:
        connection = await engine.connect()
    except (OSError, PoolTimeout, DBAPIError) as cause:
        raise DatabaseAway from cause
    try:
        yield connection
    finally:
        await connection.close()
