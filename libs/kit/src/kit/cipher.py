"""Encryption of single fields, blind indexes to find them by, and masks to show them.

A sealed field is bound to its place: moved to another table, column or row it does not open. Sealed bytes are
suite (1) · length of key id (1) · key id · nonce (12) · ciphertext with tag.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.modes import GCM

from .keys import Keys

_NONCE: Final = 12
_TAG: Final = 16


class Suite(IntEnum):
    """密码套件: the first byte of every sealed field."""

    AES_256_GCM = 1
    """国际算法"""
    SM4_GCM = 2
    """国密算法"""


class CannotOpen(Exception):
    """A sealed field does not open: wrong place, wrong purpose, unknown key or changed bytes. It names no content."""


@dataclass(frozen=True, slots=True)
class FieldCipher:
    """字段加密: seals under the current key, opens under any key of the ring."""

    keys: Keys
    suite: Suite = Suite.AES_256_GCM
    _sealing: dict[str, tuple[bytes, bytes]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Header and key by purpose: one import asks for them some hundred thousand times."""

    def seal(self, purpose: str, table: str, column: str, row_id: object, text: str) -> bytes:
        """Encrypt `text` for this place, under the key of `purpose`."""
        header, key = self._sealing.get(purpose) or self._made_ready(purpose)
        nonce = os.urandom(_NONCE)
        return header + nonce + _encrypt(self.suite, key, nonce, text.encode(), header + _place(table, column, row_id))

    def open(self, purpose: str, table: str, column: str, row_id: object, sealed: bytes) -> str:
        """The text that was sealed for this place.

        Raises:
            CannotOpen: it was not, or not by us.
        """
        try:
            suite, key_id = _read_header(sealed)
            header = _header(suite, key_id)
            nonce, body = sealed[len(header) : len(header) + _NONCE], sealed[len(header) + _NONCE :]
            key = self._key(suite, key_id, purpose)
            return _decrypt(suite, key, nonce, body, header + _place(table, column, row_id)).decode()
        except (InvalidTag, ValueError, KeyError, IndexError):
            raise CannotOpen from None

    def _made_ready(self, purpose: str) -> tuple[bytes, bytes]:
        key_id = self.keys.data.current
        ready = _header(self.suite, key_id), self._key(self.suite, key_id, purpose)
        self._sealing[purpose] = ready
        return ready

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed with today's suite and key; a rotation seals the others again."""
        return _read_header(sealed) == (self.suite, self.keys.data.current)

    def blind_index(self, text: str) -> str:
        """A keyed digest that equal texts share, `k1:hex`; the caller normalises the text first."""
        return self._blind_index(self.keys.index.current, text)

    def blind_indexes(self, text: str) -> list[str]:
        """The digest under every key of the ring, for look-ups while a rotation is under way."""
        return [self._blind_index(key_id, text) for key_id in self.keys.index.keys]

    def _blind_index(self, key_id: str, text: str) -> str:
        digest = _hmac(self.keys.index.derive(key_id, "blind-index")).copy()
        digest.update(text.encode())
        return f"{key_id}:{digest.hexdigest()}"

    def _key(self, suite: Suite, key_id: str, purpose: str) -> bytes:
        length = 32 if suite is Suite.AES_256_GCM else 16
        return self.keys.data.derive(key_id, _field(suite, purpose), length)


@lru_cache(maxsize=64)
def _aes(key: bytes) -> AESGCM:
    """Its key schedule costs as much as sealing a name, and there are few keys."""
    return AESGCM(key)


@lru_cache(maxsize=64)
def _hmac(key: bytes) -> hmac.HMAC:
    """Taking in the key costs more than taking in a certificate number; whoever uses it copies it."""
    return hmac.new(key, digestmod=hashlib.sha256)


@lru_cache(maxsize=64)
def _header(suite: Suite, key_id: str) -> bytes:
    name = key_id.encode()
    return bytes((suite, len(name))) + name


@lru_cache(maxsize=64)
def _field(suite: Suite, purpose: str) -> str:
    return f"field|{suite.value}|{purpose}"


def _read_header(sealed: bytes) -> tuple[Suite, str]:
    return Suite(sealed[0]), sealed[2 : 2 + sealed[1]].decode()


def _place(table: str, column: str, row_id: object) -> bytes:
    return f"{table}|{column}|{row_id}".encode()


def _encrypt(suite: Suite, key: bytes, nonce: bytes, text: bytes, place: bytes) -> bytes:
    if suite is Suite.AES_256_GCM:
        return _aes(key).encrypt(nonce, text, place)
    sealing = Cipher(algorithms.SM4(key), GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(place)
    return sealing.update(text) + sealing.finalize() + sealing.tag


def _decrypt(suite: Suite, key: bytes, nonce: bytes, body: bytes, place: bytes) -> bytes:
    if suite is Suite.AES_256_GCM:
        return _aes(key).decrypt(nonce, body, place)
    opening = Cipher(algorithms.SM4(key), GCM(nonce, body[-_TAG:])).decryptor()
    opening.authenticate_additional_data(place)
    return opening.update(body[:-_TAG]) + opening.finalize()


def mask_name(name: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳修远 → 欧**远."""
    if len(name) <= 2:
        return name[:1] + "*" if len(name) == 2 else "*" * len(name)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id(number: str) -> str:
    """Area (first 6) and the last 4 stay; too short to mask so, nothing stays."""
    return _mask(number, head=6, tail=4)


def mask_phone(number: str) -> str:
    """138****1234; too short to mask so, nothing stays."""
    return _mask(number, head=3, tail=4)


def _mask(text: str, *, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    return text[:head] + "*" * hidden + text[-tail:] if hidden >= 4 else "*" * len(text)
