"""The platform's secret keys, from one file that only the services can read; what is used is derived per purpose."""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES: Final = 32


class KeysBroken(RuntimeError):
    """The keys file is missing, unreadable or not what it should be."""

    def __init__(self, file: Path):
        super().__init__(f"{file} is not a readable keys file")


@dataclass(frozen=True, slots=True)
class Ring:
    """Keys by id; new things use the current one, old ones stay readable."""

    current: str
    keys: dict[str, bytes] = field(repr=False)
    _derived: dict[tuple[str, str, int], bytes] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys or any(len(key) != _KEY_BYTES for key in self.keys.values()):
            raise ValueError("a ring needs 32-byte keys and its current one among them")

    def derive(self, key_id: str, purpose: str, length: int = _KEY_BYTES) -> bytes:
        """The key of one purpose; knowing it tells nothing about another purpose's."""
        wanted = (key_id, purpose, length)
        if wanted not in self._derived:
            self._derived[wanted] = HKDF(SHA256(), length, salt=None, info=purpose.encode()).derive(self.keys[key_id])
        return self._derived[wanted]


@dataclass(frozen=True, slots=True)
class Keys:
    """密钥: `data` encrypts fields, `index` makes blind indexes, `tokens` signs what clients carry for us."""

    data: Ring
    index: Ring
    tokens: Ring

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read the keys file.

        Raises:
            KeysBroken: it cannot be used; the cause names no content.
        """
        try:
            rings = json.loads(file.read_bytes())
            return cls(**{name: _ring(rings[name]) for name in ("data", "index", "tokens")})
        except (OSError, ValueError, KeyError, TypeError):
            raise KeysBroken(file) from None

    @classmethod
    def generate(cls) -> Self:
        """Fresh random keys, each ring with the one key `k1`."""
        return cls(*(Ring("k1", {"k1": os.urandom(_KEY_BYTES)}) for _ in range(3)))

    def write(self, file: Path) -> None:
        """Write a keys file for its owner's eyes only; never over an existing one."""
        rings = {name: _as_json(getattr(self, name)) for name in ("data", "index", "tokens")}
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(rings, out, indent=2)

    def signature(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA-256 under the current token key of a purpose."""
        key = self.tokens.derive(self.tokens.current, purpose)
        return hmac.digest(key, message, hashlib.sha256)


def _ring(stored: dict[str, object]) -> Ring:
    keys = stored["keys"]
    if not isinstance(keys, dict):
        raise TypeError
    return Ring(str(stored["current"]), {key_id: base64.b64decode(key, validate=True) for key_id, key in keys.items()})


def _as_json(ring: Ring) -> dict[str, object]:
    keys = {key_id: base64.b64encode(key).decode() for key_id, key in ring.keys.items()}
    return {"current": ring.current, "keys": keys}
