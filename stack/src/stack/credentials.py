"""The secrets of an embedded platform, made at its first start and kept: field keys, issuer key, client secrets."""

import json
import secrets

from joserfc.jwk import RSAKey

from kit.keys import Keys

from .gateway.departments import DEPARTMENTS
from .state import StateDirectory, write_private


def ensure_secrets(state: StateDirectory) -> None:
    """Make what is missing; what is there is kept, because stored names can be read with these keys only."""
    if not state.keys.exists():
        Keys.generate().write(state.keys)
    if not state.issuer_key.exists():
        key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        write_private(state.issuer_key, json.dumps(key.as_dict(private=True)))
    known: dict[str, str] = json.loads(state.clients.read_text()) if state.clients.exists() else {}
    wanted = {department.client: secrets.token_urlsafe(24) for department in DEPARTMENTS}
    if wanted.keys() - known.keys():
        write_private(state.clients, json.dumps(wanted | known, indent=1))
