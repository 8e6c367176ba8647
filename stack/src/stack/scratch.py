"""A directory for a platform that lives as long as one command."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .postgres import Cluster


@contextmanager
def own_directory(verb: str) -> Iterator[Path]:
    """Near the root and open to walk through: PostgreSQL's user must get in, and sockets have short names.

    What went well leaves nothing; else logs and data stay, and their place is named.
    """
    place = Path(tempfile.mkdtemp(prefix=f"zengshou-{verb}-", dir="/tmp"))
    place.chmod(0o711)
    try:
        yield place
    except BaseException:
        sys.stderr.write(f"{place}\n")
        raise
    shutil.rmtree(Cluster(place / "state" / "postgres").home, ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)
