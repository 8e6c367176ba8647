"""Brings every service's database to its newest migration, in one process of its own as the owner roles."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from ..children import log_tail
from ..exits import ExitCode, StackError
from .program import inherited


async def migrate(owners: Mapping[str, str], log: Path) -> None:
    """Run the migrations of all services.

    Args:
        owners: service → address of its owner role; handed over by standard input, where no process list shows it.
        log: what the migrations say.

    Raises:
        StackError: one of them failed.
    """
    with log.open("wb") as out:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "stack.supervisor.migrating",
            stdin=asyncio.subprocess.PIPE, stdout=out, stderr=out, env=inherited(),
        )  # fmt: skip
        try:
            await child.communicate(json.dumps(dict(owners)).encode())
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    if child.returncode:
        told = f"{log}:\n{log_tail(log)}"
        raise StackError(ExitCode.MIGRATION, zh=f"数据库迁移失败，日志 {told}", en=f"A migration failed, log {told}")


def main() -> None:
    """Migrate what standard input names."""
    from kit import migrations

    for service, owner_dsn in json.load(sys.stdin).items():
        migrations.upgrade(service, owner_dsn)


if __name__ == "__main__":
    main()
