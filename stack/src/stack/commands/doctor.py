"""`zengshou doctor`: can this machine run the platform, and if not, what is to be done."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import typer

from ..exits import ExitCode, StackError
from ..output import show_json, show_table
from ..ports import DEFAULT_BASE, Ports
from ..state import StateDirectory
from .options import Json, PortBase, State, state_directory

_GIGABYTE = 1024**3
_ROOM_WANTED = 2 * _GIGABYTE
_MEMORY_WANTED = 3 * _GIGABYTE


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    ok: bool
    told: str


def doctor(port_base: PortBase = DEFAULT_BASE, state: State = None, json: Json = False) -> None:
    """检查本机能否运行平台；不满足时退出码为 13。 Check this machine; exit code 13 if it will not do."""
    findings = list(_look(state_directory(state), Ports(port_base)))
    if json:
        show_json([asdict(finding) for finding in findings])
    else:
        show_table(("检查 check", "", "结果 result"), [(f.name, "ok" if f.ok else "!!", f.told) for f in findings])
    if not all(finding.ok for finding in findings):
        raise typer.Exit(ExitCode.UNSUITABLE)


def _look(directory: StateDirectory, ports: Ports) -> Iterator[Finding]:
    yield Finding("python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _tried("postgresql", _postgres)
    yield _tried("broker", _broker)
    yield _tried("account", _account)
    yield _tried("state", lambda: _state(directory))
    yield _tried("ports", lambda: _ports(directory, ports))
    yield _room(directory)
    yield _memory()
    yield from _processes(directory)


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except StackError as error:
        return Finding(name, False, f"{error.zh} {error.en}")


def _postgres() -> str:
    from ..postgres.binaries import find_pg_bin, version

    found = find_pg_bin()
    return f"{version(found)} {found}"


def _broker() -> str:
    from ..broker import find_broker

    return str(find_broker())


def _account() -> str:
    from ..accounts import unprivileged_account

    account = unprivileged_account()
    return f"root → {account.name} (PostgreSQL)" if account else f"uid {os.geteuid()}"


def _state(directory: StateDirectory) -> str:
    directory.make()
    return str(directory.root)


def _ports(directory: StateDirectory, ports: Ports) -> str:
    if directory.is_held():
        return "运行中 in use by this platform"
    ports.refuse_taken()
    taken = ports.all().values()
    return f"{min(taken)}–{max(taken)}"


def _room(directory: StateDirectory) -> Finding:
    free = shutil.disk_usage(directory.root if directory.root.exists() else directory.root.parent).free
    return Finding("disk", free >= _ROOM_WANTED, f"{free / _GIGABYTE:.1f} GB free, wanted {_ROOM_WANTED // _GIGABYTE}")


def _memory() -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Finding("memory", total >= _MEMORY_WANTED, f"{total / _GIGABYTE:.1f} GB, {os.cpu_count()} cores")


def _processes(directory: StateDirectory) -> Iterator[Finding]:
    running = directory.read_running()
    for name, found in (running.processes if running else {}).items():
        yield Finding(name, found.state == "ready", f"{found.state}, {found.restarts} restarts")
