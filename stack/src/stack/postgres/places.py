"""Where a cluster's files lie: in the state directory, or outside it when PostgreSQL's user cannot get there."""

import hashlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from ..accounts import Account, own_directory

# The kernel allows 108 bytes with the closing zero, and PostgreSQL adds the name of the socket.
_LONGEST_SOCKET = 107
_SOCKET_NAME = ".s.PGSQL.5432"


def cluster_home(wanted: Path, account: Account | None) -> Path:
    """`wanted` itself, or as root a place of its own that the dropped user can walk to, the same at every start."""
    wanted.mkdir(parents=True, exist_ok=True)
    if account is None:
        return own_directory(wanted, 0o700)
    if account.reaches(wanted):
        return own_directory(wanted, 0o711)
    return _far_home(wanted)


def _far_home(wanted: Path) -> Path:
    """The place that `wanted/home` names; without that file a new one, and what an earlier state left is removed.

    So data never meet other keys than their own after the state directory was deleted. Data of a server that still
    runs are left alone: somebody deleted the state directory under it.
    """
    pointer = wanted / "home"
    if pointer.exists():
        return own_directory(Path(pointer.read_text()), 0o711)
    prefix = _short_name(wanted)
    for left in public_place().glob(f"{prefix}-*"):
        if not server_lives(left / "data"):
            shutil.rmtree(left)
    home = own_directory(public_place() / f"{prefix}-{secrets.token_hex(4)}", 0o711)
    pointer.write_text(str(home))
    return home


def server_lives(data: Path) -> bool:
    """Whether the server that wrote its number into this data directory still runs."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        # After a reboot the number may belong to anybody.
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except (OSError, ValueError, IndexError):
        return False


def leftovers(data: Path) -> list[int]:
    """Processes of a server whose head was killed: they hold its memory until they notice."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "comm").read_text().strip() == "postgres" and (process / "cwd").readlink() == data:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def public_place() -> Path:
    """A directory of ours that everybody can walk through. Not /tmp, which forgets data at the next boot."""
    for parent in (Path("/var/lib"), Path("/var/tmp")):  # noqa: S108
        if os.access(parent, os.W_OK):
            return own_directory(parent / "zengshou", 0o711)
    return own_directory(Path(tempfile.gettempdir()) / f"zengshou-{os.geteuid()}", 0o711)


def socket_directory(home: Path, account: Account | None) -> Path:
    """A private directory for the socket with a path short enough for the kernel."""
    near = home / "socket"
    if len(os.fsencode(near / _SOCKET_NAME)) <= _LONGEST_SOCKET:
        return own_directory(near, 0o700, account)
    far = Path("/tmp") / f"zengshou-{os.geteuid()}-{_short_name(home)}"  # noqa: S108
    return own_directory(far, 0o700, account)


def _short_name(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
