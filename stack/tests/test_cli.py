"""The command line: help for every verb, one exit code per reason, JSON for scripts."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from stack.exits import ExitCode
from stack.ports import Ports


def _zengshou(state: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", "-m", "stack", *arguments],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "ZENGSHOU_STATE": str(state)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("verb", ["up", "down", "status", "doctor", "token"])
def test_every_verb_has_help_that_names_the_exit_codes(tmp_path: Path, verb: str) -> None:
    done = _zengshou(tmp_path, verb, "--help")
    assert done.returncode == ExitCode.OK
    assert "--json" in done.stdout
    assert "not-running" in done.stdout


def test_status_of_nothing_is_not_running(tmp_path: Path) -> None:
    done = _zengshou(tmp_path, "status", "--json")
    assert done.returncode == ExitCode.NOT_RUNNING
    told = json.loads(done.stdout)
    assert told["error"] == "not-running"
    assert told["zh"] != told["en"]


def test_down_of_nothing_is_fine(tmp_path: Path) -> None:
    done = _zengshou(tmp_path, "down", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (ExitCode.OK, {"stopped": False})


def test_a_taken_port_stops_up_before_anything_starts(tmp_path: Path) -> None:
    ports = Ports.free()
    with socket.create_server(("127.0.0.1", ports.api("finance"))):
        done = _zengshou(tmp_path, "up", "--port-base", str(ports.base))
    assert done.returncode == ExitCode.PORT_TAKEN
    assert f"{ports.api('finance')}（finance.api）" in done.stderr
    assert "--port-base" in done.stderr
    assert not (tmp_path / "postgres" / "data").exists()


def test_an_unknown_option_is_a_usage_error(tmp_path: Path) -> None:
    assert _zengshou(tmp_path, "up", "--nonsense").returncode == ExitCode.USAGE


def test_the_doctor_finds_this_machine_fit(tmp_path: Path) -> None:
    done = _zengshou(tmp_path, "doctor", "--json", "--port-base", str(Ports.free().base))
    findings = {finding["name"]: finding["ok"] for finding in json.loads(done.stdout)}
    assert findings["postgresql"]
    assert findings["broker"]
    assert findings["ports"]
    assert done.returncode == ExitCode.OK


def test_departments_can_be_listed_without_a_platform(tmp_path: Path) -> None:
    listed = json.loads(_zengshou(tmp_path, "token", "--list", "--json").stdout)
    assert {"client", "name", "paths", "rights"} == listed[0].keys()
