"""The secrets of an embedded platform, made at its first start and kept: field keys, issuer key, client secrets."""

import json
import secrets
from pathlib import Path

from joserfc.jwk import RSAKey

from kit.keys import Keys

from .gateway.departments import DEPARTMENTS
from .state import StateDirectory, write_private


def ensure_secrets(state: StateDirectory) -> None:
    """Make what is missing; what is there is kept, because stored names can be read with these keys only."""
    if not state.keys.exists():
        Keys.generate().write(state.keys)
    ensure_issuer_key(state.issuer_key)
    ensure_clients(state.clients)


def ensure_issuer_key(file: Path) -> None:
    """The private key of the development issuer."""
    if not file.exists():
        key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        write_private(file, json.dumps(key.as_dict(private=True)))


def ensure_clients(file: Path) -> None:
    """A secret for each development department."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    wanted = {department.client: secrets.token_urlsafe(24) for department in DEPARTMENTS}
    if wanted.keys() - known.keys():
        write_private(file, json.dumps(wanted | known, indent=1))
