"""The state directory: one supervisor at a time, private files, nothing believed of a dead one."""

import os
import shutil
from pathlib import Path

import pytest

from stack.accounts import unprivileged_account
from stack.exits import ExitCode, StackError
from stack.logs import rotate_logs
from stack.ports import Ports
from stack.postgres import Cluster
from stack.postgres.places import cluster_home
from stack.state import ProcessState, Running, StateDirectory


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    state = StateDirectory(tmp_path / "state")
    state.make()
    return state


def _running() -> Running:
    return Running(
        pid=os.getpid(), started_at="2026-01-01T00:00:00+00:00", ready=True, base=8700, gateway="http://127.0.0.1:8700",
        kafka="127.0.0.1:8701", epoch="e", processes={"broker": ProcessState("ready", 1, 0, 8701)},
    )  # fmt: skip


def test_two_supervisors_cannot_share_a_state(state: StateDirectory) -> None:
    with state.locked(), pytest.raises(StackError) as refused, state.locked():
        pass
    assert refused.value.code is ExitCode.ALREADY_RUNNING
    assert not state.is_held()


def test_what_a_dead_supervisor_wrote_is_not_believed(state: StateDirectory) -> None:
    state.running.write_text(_running().to_json())
    assert state.read_running() is None
    with pytest.raises(StackError) as refused:
        state.need_running()
    assert refused.value.code is ExitCode.NOT_RUNNING
    with state.locked():
        assert state.read_running() == _running()


def test_a_state_that_cannot_be_written_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match="ZENGSHOU_STATE"):
        StateDirectory(tmp_path / "file" / "state").make()


def test_ports_are_all_different() -> None:
    ports = Ports(9000).all()
    assert len(set(ports.values())) == len(ports) == 12
    assert min(ports.values()) == ports["gateway"] == 9000


def test_a_full_log_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("x" * 20)
    (tmp_path / "b.log").write_text("x")
    rotate_logs(tmp_path, largest=10)
    assert (tmp_path / "a.log").read_text() == ""
    assert (tmp_path / "a.log.1").read_text() == "x" * 20
    assert not (tmp_path / "b.log.1").exists()


def test_data_lie_where_their_user_can_walk(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    account = unprivileged_account()
    home = cluster_home(closed / "postgres", account)
    if account is None:
        assert home == closed / "postgres"
        return
    assert account.reaches(home)
    assert cluster_home(closed / "postgres", account) == home
    shutil.rmtree(closed)
    fresh = cluster_home(closed / "postgres", account)
    assert fresh != home, "data of a deleted state must not meet its new keys"
    assert not home.exists()
    shutil.rmtree(fresh)


def test_data_of_a_running_server_are_not_removed_with_its_state(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgres", durable=False)
    cluster.start()
    try:
        if cluster.home != closed / "postgres":
            shutil.rmtree(closed)
        fresh = cluster_home(closed / "postgres", unprivileged_account())
        assert (cluster.home / "data" / "PG_VERSION").exists()
    finally:
        cluster.stop()
    for home in {cluster.home, fresh}:
        shutil.rmtree(home)
