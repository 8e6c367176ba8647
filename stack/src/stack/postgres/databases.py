"""A database and three roles per service: owner for migrations, app for the API, worker for the message path."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import asyncpg

ROLES = ("owner", "app", "worker")
_SERVICE = re.compile(r"[a-z][a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Dsns:
    """The addresses of one service's database, one per role; they hold passwords, so they are not shown."""

    owner: str = field(repr=False)
    app: str = field(repr=False)
    worker: str = field(repr=False)


class Postgres:
    """Provisions databases on a server, as its administrator."""

    def __init__(self, admin_dsn: str, passwords: Mapping[str, str] | None = None):
        """Args: `passwords` of roles that shall have these; the others get new ones."""
        self.admin_dsn = admin_dsn
        self._chosen = passwords or {}
        self._passwords: dict[str, str] = {}
        self._made: list[str] = []

    def create_service_database(self, service: str) -> Dsns:
        """A fresh, empty database with the service's roles; for tests, one per module."""
        return self.ensure_service_database(service, f"{service}_{secrets.token_hex(4)}")

    def ensure_service_database(self, service: str, database: str | None = None) -> Dsns:
        """The service's database and roles, made if missing; the roles get new passwords once per object."""
        if not _SERVICE.fullmatch(service):
            raise ValueError("a service name is lower-case letters")
        name = database or service
        _in_own_loop(lambda: self._provision(service, name))
        return Dsns(*(self._dsn(f"{service}_{role}", name) for role in ROLES))

    def drop_made(self) -> None:
        """Drop the databases that this object made."""
        _in_own_loop(self._drop_made)

    async def _provision(self, service: str, database: str) -> None:
        connection = await asyncpg.connect(self.admin_dsn)
        try:
            for role in ROLES:
                await self._ensure_role(connection, f"{service}_{role}")
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
                await connection.execute(f'CREATE DATABASE "{database}" OWNER "{service}_owner"')
                self._made.append(database)
            await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
            await connection.execute(
                f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO "{service}_app", "{service}_worker"'
            )
        finally:
            await connection.close()

    async def _ensure_role(self, connection: asyncpg.Connection, role: str) -> None:
        if role in self._passwords:
            return
        password = self._chosen.get(role) or secrets.token_urlsafe(24)
        known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
        rights = "LOGIN NOCREATEDB NOCREATEROLE NOINHERIT"
        if not known:
            rights += " NOSUPERUSER NOBYPASSRLS NOREPLICATION"
        await connection.execute(f"{'ALTER' if known else 'CREATE'} ROLE \"{role}\" {rights} PASSWORD '{password}'")
        if role.endswith("_owner"):
            await connection.execute(f'GRANT "{role}" TO CURRENT_USER')
        self._passwords[role] = password

    async def _drop_made(self) -> None:
        connection = await asyncpg.connect(self.admin_dsn)
        try:
            for database in self._made:
                await connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        finally:
            await connection.close()

    def _dsn(self, role: str, database: str) -> str:
        at = urlsplit(self.admin_dsn)
        host = at.netloc.rpartition("@")[2]
        login = f"{role}:{quote(self._passwords[role], safe='')}"
        return f"postgresql://{login}@{host}/{database}" + (f"?{at.query}" if at.query else "")


def _in_own_loop(work: Callable[[], Awaitable[None]]) -> None:
    """Callers may stand inside a running event loop, as fixtures do."""

    async def run() -> None:
        await work()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
