"""The secrets of a platform in containers: made once into volumes of which each container mounts only its own.

Nothing here is in an environment, a process list or an image. What is there is kept: stored names can be read with
these keys only, and the databases know these passwords.
"""

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote
from uuid import uuid4

from events.topology import SERVICES
from kit.keys import Keys

from ..credentials import ensure_clients, ensure_issuer_key
from ..postgres.databases import ROLES

_OWN_EYES = 0o400
# PostgreSQL and Kafka run as users of their own, and nobody else mounts their folders.
_OTHER_USERS = 0o444


@dataclass(frozen=True, slots=True)
class Place:
    """Where the volumes are mounted, and where PostgreSQL listens."""

    root: Path
    postgres: str

    @classmethod
    def from_environment(cls) -> Self:
        """`ZENGSHOU_SECRETS_ROOT` and `ZENGSHOU_POSTGRES`, both with the values of docker-compose.yml."""
        root = os.environ.get("ZENGSHOU_SECRETS_ROOT", "/run/zengshou")
        return cls(Path(root), os.environ.get("ZENGSHOU_POSTGRES", "postgres:5432"))

    @property
    def admin_password(self) -> Path:
        """The password of PostgreSQL's administrator."""
        return self.root / "postgres" / "password"

    @property
    def cluster_id(self) -> Path:
        """The id under which the brokers format their log."""
        return self.root / "kafka" / "cluster_id"

    def keys(self, service: str) -> Path:
        """The platform's keys as a service reads them."""
        return self.root / service / "keys.json"

    def dsn(self, service: str, role: str) -> Path:
        """The address of a role; a service does not see that of its owner."""
        folder = self.root / "owners" / service if role == "owner" else self.root / service / role
        return folder / f"zengshou_{role}_dsn"


def ensure_secrets(place: Place) -> None:
    """Make what is missing."""
    _ensure(place.admin_password, lambda: secrets.token_urlsafe(32), _OTHER_USERS)
    _ensure(place.cluster_id, new_cluster_id, _OTHER_USERS)
    _ensure_keys(place)
    for service in SERVICES:
        for role in ROLES:
            _ensure(place.dsn(service, role), lambda s=service, r=role: _dsn(place, s, r), _OWN_EYES)  # type: ignore[misc]
    gateway = place.root / "gateway"
    gateway.mkdir(exist_ok=True)
    ensure_issuer_key(gateway / "issuer.json")
    ensure_clients(gateway / "clients.json")


def _ensure(file: Path, make: Callable[[], str], mode: int) -> None:
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    passing = file.with_name(f".{file.name}")
    passing.unlink(missing_ok=True)
    with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(make())
        os.fchmod(out.fileno(), mode)
    passing.replace(file)


def _ensure_keys(place: Place) -> None:
    """All services have the same keys: a person's blind index is the same in each."""
    files = [place.keys(service) for service in SERVICES]
    known = next((file.read_text() for file in files if file.exists()), None)
    if known is None:
        files[0].parent.mkdir(parents=True, exist_ok=True)
        Keys.generate().write(files[0])
        known = files[0].read_text()
    for file in files:
        _ensure(file, lambda: known, _OWN_EYES)


def _dsn(place: Place, service: str, role: str) -> str:
    return f"postgresql://{service}_{role}:{quote(secrets.token_urlsafe(24), safe='')}@{place.postgres}/{service}"


def new_cluster_id() -> str:
    """An id as Kafka writes them: 16 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
