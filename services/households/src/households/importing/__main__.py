"""Applies what waits and ends, `python -m households.importing`: a go-live load, as many processes as there are cores.

It takes the same jobs in the same steps as the worker, beside it or without it: a job is one process's at a time, and
what is killed goes on where its last commit left it. It prints what it took.
"""

import asyncio
import json
import resource
import sys
from pathlib import Path

from kit import telemetry
from kit.cipher import FieldCipher
from kit.database import engine
from kit.keys import Keys
from kit.memory import expect_long_lives

from ..settings import Settings
from .runner import ImportRunner


def main() -> int:
    """Run until nothing waits that no other process holds; gives the exit code."""
    settings = Settings()
    telemetry.configure(settings, process="importer")
    expect_long_lives()
    cipher = FieldCipher(Keys.load(Path(settings.needed("keys_file"))))
    steps = asyncio.run(_apply(settings.dsn("worker"), cipher))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(json.dumps({"steps": steps, "most_memory_mb": most}) + "\n")
    return 0


async def _apply(dsn: str, cipher: FieldCipher) -> int:
    database = engine(dsn, application="households-importer")
    runner, steps = ImportRunner(database, cipher), 0
    while await runner.step():
        steps += 1
    await database.dispose()
    return steps


if __name__ == "__main__":
    sys.exit(main())
