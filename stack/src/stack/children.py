"""Child processes that never outlive the process that started them."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from .accounts import Account

_PR_SET_PDEATHSIG = 1
# Loaded here and not in the child: between fork and exec only the call itself is safe.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(last_signal: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` by which the kernel sends `last_signal` when the parent's thread ends, even by kill -9.

    The kernel watches the thread that started the child, so start children from a thread that lives as long as they do.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        if _libc is None:
            return
        _libc.prctl(_PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def start_child(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    last_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
) -> subprocess.Popen[bytes]:
    """Start a long-lived child in a session of its own, so that Ctrl-C reaches the supervisor alone.

    Args:
        command: program and arguments.
        log: file that output is appended to.
        env: its whole environment.
        last_signal: what it gets when this process dies.
        account: system user to run as; None means the present one.
    """
    with _private_log(log) as out:
        return subprocess.Popen(  # noqa: S603
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd="/" if account else None,
            start_new_session=True,
            preexec_fn=dies_with_parent(last_signal),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def _private_log(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def stop_child(child: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, within: float = 10.0) -> int:
    """Ask a child to end, kill it after the deadline, and give its exit status."""
    if child.poll() is None:
        child.send_signal(by)
    try:
        return child.wait(within)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def log_tail(path: Path, lines: int = 5) -> str:
    """The last lines of a log, for an error message."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


async def ended(child: subprocess.Popen[bytes]) -> None:
    """Return when a child has ended; a look ten times a second, which every system can do."""
    while True:
        if child.poll() is not None:
            return
        await asyncio.sleep(0.1)
