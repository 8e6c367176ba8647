"""The whole platform: what dies comes back, a new broker is a new epoch, nothing outlives the supervisor."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from events.topology import SERVICES
from stack.exits import ExitCode
from stack.ports import HOST, Ports
from stack.remote import start_detached
from stack.state import StateDirectory


def _kill(platform: Any, name: str) -> int:
    pid = platform.running.processes[name].pid
    os.kill(pid, signal.SIGKILL)
    return int(pid)


def _is_back(platform: Any, name: str, killed: int) -> bool:
    found = platform.running.processes[name]
    return found.pid not in (None, killed) and platform.running.ready


def _is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


async def test_every_service_answers_behind_the_gateway(platform: Any) -> None:
    async with platform.client() as client:
        services = (await client.get("/")).json()["services"]
        assert {name: told["ready"] for name, told in services.items()} == dict.fromkeys(SERVICES, True)
        stranger = await client.get("/households/v1/households", headers={"authorization": ""})
        assert stranger.status_code == 401
        known = await client.get("/households/v1/households")
        assert known.status_code == 200


@pytest.mark.parametrize("name", ["gateway", "households.api", "monitoring.worker", "postgres"])
async def test_a_killed_process_is_started_again(platform: Any, eventually: Any, name: str) -> None:
    killed = _kill(platform, name)
    await eventually(lambda: _is_back(platform, name, killed), within=60)
    assert platform.running.processes[name].restarts >= 1


async def test_a_killed_broker_comes_back_as_a_new_epoch_with_new_workers(platform: Any, eventually: Any) -> None:
    before = platform.running
    killed = _kill(platform, "broker")
    await eventually(lambda: platform.running.epoch != before.epoch, within=60)
    await eventually(lambda: _is_back(platform, "broker", killed), within=60)
    after = platform.running
    assert after.kafka == before.kafka
    for service in SERVICES:
        assert after.processes[f"{service}.worker"].pid != before.processes[f"{service}.worker"].pid
        assert after.processes[f"{service}.api"].pid == before.processes[f"{service}.api"].pid


def test_no_password_shows_in_a_process_list_and_state_files_are_private(platform: Any) -> None:
    running = platform.running
    secrets = [dsn.split(":")[2].split("@")[0] for dsns in running.databases.values() for dsn in dsns.values()]
    assert len(secrets) == 3 * len(SERVICES)
    for process in running.processes.values():
        shown = Path(f"/proc/{process.pid}/cmdline").read_text()
        assert not any(secret in shown for secret in secrets)
    root = platform.state.root
    for file in (path for path in root.rglob("*") if path.is_file() and "data" not in path.parts):
        closed = file.stat().st_mode & 0o077 == 0 or any(
            parent.stat().st_mode & 0o077 == 0
            for parent in file.relative_to(root).parents
            if parent != Path()
            for parent in [root / parent]
        )
        assert closed, file


def test_each_process_knows_only_its_own_role(platform: Any) -> None:
    processes = platform.running.processes
    api = Path(f"/proc/{processes['households.api'].pid}/environ").read_text()
    worker = Path(f"/proc/{processes['households.worker'].pid}/environ").read_text()
    assert "ZENGSHOU_APP_DSN" in api
    assert "WORKER_DSN" not in api
    assert "ZENGSHOU_WORKER_DSN" in worker
    assert "APP_DSN" not in worker
    assert "OWNER_DSN" not in api + worker


def test_nothing_listens_beyond_this_machine(platform: Any) -> None:
    ports = {f"{port:04X}" for port in Ports(platform.running.base).all().values()}
    tables = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    listening = [line.split()[1] for line in tables.splitlines() if " 0A " in line]
    ours = {address for address in listening if address.rpartition(":")[2] in ports}
    assert len(ours) == len(ports)
    assert {address.rpartition(":")[0] for address in ours} == {"0100007F"}


def test_a_second_start_is_refused(platform: Any) -> None:
    state = platform.state.root
    done = subprocess.run([sys.executable, "-P", "-m", "stack", "up", "--state", str(state)], capture_output=True)
    assert done.returncode == ExitCode.ALREADY_RUNNING


async def test_all_ends_with_a_killed_supervisor_and_starts_again_with_its_data(platform: Any, eventually: Any) -> None:
    before = platform.running
    os.kill(before.pid, signal.SIGKILL)
    pids = [process.pid for process in before.processes.values() if process.pid]
    await eventually(lambda: all(map(_is_gone, pids)))
    assert platform.state.read_running() is None

    state: StateDirectory = platform.state
    keys = state.keys.read_bytes()
    again = start_detached(state, before.base)
    assert again.ready
    assert again.gateway == f"http://{HOST}:{before.base}"
    assert state.keys.read_bytes() == keys
    async with httpx2.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{again.gateway}/readyz")).status_code == 200
