"""The system user that PostgreSQL runs as when we are root, and what that user can reach."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from .exits import ExitCode, StackError

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A system user without rights."""

    name: str
    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Whether the user may walk down to this directory (permission bits only)."""
        path = path.resolve()
        return all(self._may_enter(part.stat()) for part in (path, *path.parents))

    def _may_enter(self, found: os.stat_result) -> bool:
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def unprivileged_account() -> Account | None:
    """Whom PostgreSQL must run as: nobody else if we are an ordinary user, because it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise StackError(
        ExitCode.POSTGRES,
        zh="PostgreSQL 不能以 root 身份运行，本机又没有 postgres 或 nobody 用户。请以普通用户运行。",
        en="PostgreSQL refuses root and there is no user postgres or nobody here. Run as an ordinary user.",
    )


def own_directory(path: Path, mode: int, account: Account | None = None) -> Path:
    """Make a directory that is surely ours, also where others may write beside it.

    Raises:
        StackError: something is there that belongs to somebody else.
    """
    path.mkdir(parents=True, exist_ok=True, mode=mode)
    owner = account.uid if account else os.geteuid()
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        raise StackError(
            ExitCode.POSTGRES,
            zh=f"{path} 属于别的用户，请移走后再试。",
            en=f"{path} belongs to another user; move it away and try again.",
        )
    if account and found.st_uid != owner:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)
    return path
