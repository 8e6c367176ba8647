"""Applies what waits and ends, `python -m households.importing`: a go-live load, as many processes as there are cores.

It takes the same jobs in the same steps as the worker, beside it or without it: a job is one process's at a time, and
what is killed goes on where its last commit left it. It prints what it took.
"""

import json
import sys
from pathlib import Path

from kit import loop, telemetry
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
    steps = loop.run(_apply(settings.dsn("worker"), cipher))
    sys.stdout.write(json.dumps({"steps": steps, "most_memory_mb": _most_memory()}) + "\n")
    return 0


def _most_memory() -> int | None:
    """The greatest resident size this process has had, MB; None where the system does not tell.

    `getrusage` will not do: it goes on counting what stood before the program was loaded, a large parent's size.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


async def _apply(dsn: str, cipher: FieldCipher) -> int:
    database = engine(dsn, application="households-importer")
    runner, steps = ImportRunner(database, cipher), 0
    while await runner.step():
        steps += 1
    await database.dispose()
    return steps


if __name__ == "__main__":
    sys.exit(main())
