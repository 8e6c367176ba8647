"""The platform as another process handles it: start it in the background, stop it, get a token from it."""

import json
import os
import signal
import subprocess
import sys
import time

from .children import log_tail
from .exits import ExitCode, StackError
from .state import Running, StateDirectory

_READY_WITHIN = 150.0
_STOPPED_WITHIN = 90.0
_ENDED_WITHIN = 10.0
# Kept, because a process object that is dropped while its process runs complains.
_started: list["subprocess.Popen[bytes]"] = []


def start_detached(directory: StateDirectory, port_base: int, kafka: str | None = None) -> Running:
    """Start `zengshou up` in a session of its own, on a Kafka or the embedded broker; what it says goes to `logs/`.

    Raises:
        StackError: it ended before it was ready; the code is the one it ended with.
    """
    directory.make()
    command = [sys.executable, "-P", "-m", "stack", "up", "--json", f"--port-base={port_base}"]
    command += [f"--kafka={kafka}"] if kafka else []
    with (
        (directory.logs / "up.json").open("wb") as result,
        (directory.logs / "supervisor.log").open("wb") as log,
    ):
        child = subprocess.Popen(  # noqa: S603
            [*command, f"--state={directory.root}"],
            stdin=subprocess.DEVNULL, stdout=result, stderr=log, start_new_session=True,
        )  # fmt: skip
        # One that was killed is fetched here, for nobody stops it any more.
        _started[:] = [*(earlier for earlier in _started if earlier.poll() is None), child]
        return _wait_until_ready(directory, child)


def stop_detached(directory: StateDirectory) -> bool:
    """Stop the platform in order and wait until it is gone; False if there was none.

    Raises:
        StackError: it did not stop in time.
    """
    if (running := directory.read_running()) is None:
        return False
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOPPED_WITHIN
    while directory.is_held():
        if time.monotonic() > deadline:
            raise StackError(
                ExitCode.NOT_READY,
                zh=f"进程 {running.pid} 未能在 {_STOPPED_WITHIN:.0f} 秒内停止。",
                en=f"Process {running.pid} did not stop within {_STOPPED_WITHIN:.0f} seconds.",
            )
        time.sleep(0.05)
    for child in _started:
        if child.pid == running.pid:
            # It let go of its directory and has only to end.
            child.wait(_ENDED_WITHIN)
    return True


def request_token(directory: StateDirectory, client: str, scope: str = "") -> dict[str, object]:
    """Ask the issuer as a department would; the answer is the OAuth one.

    Raises:
        StackError: no such department, or the issuer refuses or is away.
    """
    import httpx2

    gateway = directory.need_running().gateway
    secrets: dict[str, str] = json.loads(directory.clients.read_text())
    if client not in secrets:
        raise StackError(
            ExitCode.USAGE,
            zh=f"没有部门 {client}。用 zengshou token --list 查看。",
            en=f"There is no department {client}. See zengshou token --list.",
        )
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    try:
        answer = httpx2.post(
            f"{gateway}/oauth/token", data=form, auth=(client, secrets[client]), timeout=10, trust_env=False
        )
    except httpx2.HTTPError as error:
        raise StackError(
            ExitCode.DEGRADED, zh="网关没有应答，见 zengshou status。", en="The gateway is away; see zengshou status."
        ) from error
    told: dict[str, object] = answer.json()
    if answer.is_error:
        raise StackError(
            ExitCode.REFUSED, zh=f"签发被拒绝：{told['error']}。", en=f"The issuer refused: {told['error']}."
        )
    return told


def _wait_until_ready(directory: StateDirectory, child: "subprocess.Popen[bytes]") -> Running:
    deadline = time.monotonic() + _READY_WITHIN
    while child.poll() is None and time.monotonic() < deadline:
        running = directory.read_running()
        if running and running.pid == child.pid and running.ready:
            return running
        time.sleep(0.1)
    if child.poll() is None:
        child.terminate()
        child.wait()
    raise _what_it_said(directory)


def _what_it_said(directory: StateDirectory) -> StackError:
    try:
        said = json.loads((directory.logs / "up.json").read_text())
        return StackError(ExitCode(said["exit_code"]), zh=said["zh"], en=said["en"])
    except (ValueError, KeyError):
        told = log_tail(directory.logs / "supervisor.log", 12)
        return StackError(ExitCode.FAILED, zh=f"平台没有启动：\n{told}", en=f"The platform did not start:\n{told}")
