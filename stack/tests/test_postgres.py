"""A cluster of our own: passwords asked, roles without power, data kept over stops and kills."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from stack.exits import ExitCode, StackError
from stack.postgres import Cluster, Dsns, Postgres, find_pg_bin
from stack.postgres.places import socket_directory


@pytest.fixture
def cluster(short_directory: Path, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    cluster = Cluster(short_directory / request.node.name[-12:])
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def dsns(postgres: Postgres) -> Dsns:
    return postgres.create_service_database("finance")


async def test_each_role_signs_in_to_its_own_database(dsns: Dsns) -> None:
    for role, dsn in (("owner", dsns.owner), ("app", dsns.app), ("worker", dsns.worker)):
        connection = await asyncpg.connect(dsn)
        assert await connection.fetchval("SELECT current_user") == f"finance_{role}"
        await connection.close()


async def test_no_role_may_pass_row_security_or_make_roles(dsns: Dsns) -> None:
    connection = await asyncpg.connect(dsns.owner)
    mighty = await connection.fetchval(
        "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'finance\\_%'"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
    )
    await connection.close()
    assert mighty == 0


async def test_only_the_owner_makes_tables(dsns: Dsns) -> None:
    owner = await asyncpg.connect(dsns.owner)
    await owner.execute("CREATE TABLE thing (id int)")
    await owner.close()
    app = await asyncpg.connect(dsns.app)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("CREATE TABLE other (id int)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("SELECT * FROM thing")
    await app.close()


async def test_a_wrong_password_is_refused(dsns: Dsns) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsns.app, password="guess")


async def test_a_service_cannot_enter_the_database_of_another(postgres: Postgres, dsns: Dsns) -> None:
    other = postgres.create_service_database("employment")
    database = other.app.partition("@/")[2].partition("?")[0]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(dsns.app, database=database)


def test_addresses_are_not_shown(dsns: Dsns) -> None:
    assert repr(dsns) == "Dsns()"


async def test_data_survive_a_kill_and_a_stop(cluster: Cluster) -> None:
    cluster.start()
    connection = await asyncpg.connect(cluster.admin_dsn)
    assert await connection.fetchval("SHOW fsync") == "on"
    assert await connection.fetchval("SHOW synchronous_commit") == "on"
    await connection.execute("CREATE TABLE kept (id int)")
    assert cluster.child is not None
    cluster.child.send_signal(signal.SIGKILL)
    cluster.child.wait()
    connection.terminate()

    cluster.start()
    connection = await asyncpg.connect(cluster.admin_dsn)
    assert await connection.fetchval("SELECT count(*) FROM kept") == 0
    await connection.close()
    cluster.stop()
    cluster.start()
    again = await asyncpg.connect(cluster.admin_dsn)
    assert await again.fetchval("SELECT count(*) FROM kept") == 0
    await again.close()


def test_data_of_another_release_are_refused_with_a_remedy(cluster: Cluster) -> None:
    (cluster.home / "data").mkdir()
    (cluster.home / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(StackError, match="PG_BIN") as refused:
        cluster.start()
    assert refused.value.code is ExitCode.POSTGRES


def test_programs_too_old_or_missing_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(StackError, match="make install"):
        find_pg_bin()


def test_a_deep_directory_gets_a_short_socket_path(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["昆明市东川区"] * 6)
    deep.mkdir(parents=True)
    socket = socket_directory(deep, None)
    assert len(os.fsencode(socket)) < 90
    assert socket.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(socket)


async def test_what_a_killed_server_left_of_itself_does_not_keep_the_next_one_out(cluster: Cluster) -> None:
    cluster.start()
    held = [await asyncpg.connect(cluster.admin_dsn) for _ in range(3)]
    pids = [await connection.fetchval("SELECT pg_backend_pid()") for connection in held]
    # A stopped backend cannot notice that its server is gone.
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    cluster.process.kill()
    cluster.process.wait()
    cluster.start()
    again = await asyncpg.connect(cluster.admin_dsn)
    assert await again.fetchval("SELECT 1") == 1
    await again.close()
    for connection in held:
        connection.terminate()
