"""Reading the address of a target: which host it leads to, whether it is encrypted, and what of it may be shown."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from kit.cipher import FieldCipher

from .rules import Allowed
from .rules.refusals import AddressMalformed, AddressPlain, HostNotAllowed, SecretMalformed

MASK: Final = "****"
_MAIL: Final = frozenset({"mailto", "mailtos"})
_ROBOTS: Final = {
    "wecombot": "qyapi.weixin.qq.com",
    "dingtalk": "oapi.dingtalk.com",
    "feishu": "open.feishu.cn",
    "lark": "open.larksuite.com",
}
"""Message services → the host their robots are at."""
_MAIL_OPTIONS: Final = frozenset({"to", "from", "cc", "name", "smtp", "mode", "user", "pass", "reply"})
"""What a mail address may set. Options that read files, fetch keys or switch checks off are not among them."""


@dataclass(frozen=True, slots=True)
class Address:
    """推送地址, as far as it may be known."""

    host: str
    plain: bool
    shown: str


def read_address(channel: str, url: str) -> Address:
    """Which host an address leads to.

    Raises:
        AddressMalformed: it is none of the channel's.
    """
    if not url.isprintable() or any(letter.isspace() for letter in url):
        raise AddressMalformed
    try:
        return _webhook(url) if channel == "webhook" else _message(url)
    except (ValueError, TypeError):
        raise AddressMalformed from None


def check_address(address: Address, allowed: Allowed) -> None:
    """Pass, or refuse what the operator does not allow.

    Raises:
        HostNotAllowed, AddressPlain: as they say.
    """
    if not allowed.names(address.host):
        raise HostNotAllowed
    if address.plain and not allowed.plain(address.host):
        raise AddressPlain


def _webhook(url: str) -> Address:
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").lower()
    odd = parts.username is not None or parts.password is not None or bool(parts.fragment) or parts.port == 0
    if parts.scheme not in ("http", "https") or not host or not host.isascii() or odd:
        raise AddressMalformed
    return Address(host, parts.scheme == "http", f"{parts.scheme}://{host}/{MASK}")


def _message(url: str) -> Address:
    parts = urlsplit(url)
    options = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if not options <= (_MAIL_OPTIONS if parts.scheme in _MAIL else frozenset()):
        raise AddressMalformed
    plugin = messenger(url)
    host = str(plugin.smtp_host).lower() if parts.scheme in _MAIL else _ROBOTS[parts.scheme]
    plain = parts.scheme in _MAIL and plugin.secure_mode == "insecure"
    return Address(
        host, plain, f"{parts.scheme}://{MASK}@{host}" if parts.scheme in _MAIL else f"{parts.scheme}://{MASK}"
    )


def messenger(url: str) -> Any:
    """The messenger of an address; it follows no redirection.

    Raises:
        AddressMalformed: it is none.
    """
    # Loading takes most of a second: only processes that meet such an address do it.
    from apprise import AppriseAsset
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.email import NotifyEmail
    from apprise.plugins.feishu import NotifyFeishu
    from apprise.plugins.lark import NotifyLark
    from apprise.plugins.wecombot import NotifyWeComBot

    kinds: dict[str, Any] = {"mailto": NotifyEmail, "mailtos": NotifyEmail, "wecombot": NotifyWeComBot}
    kinds |= {"dingtalk": NotifyDingTalk, "feishu": NotifyFeishu, "lark": NotifyLark}
    scheme = url.partition("://")[0]
    given = kinds[scheme].parse_url(url) if scheme in kinds else None
    if not given:
        raise AddressMalformed
    return kinds[scheme](**given, asset=AppriseAsset(http_redirects=False))


def check_secret(secret: str) -> str:
    """A signing secret that is one.

    Raises:
        SecretMalformed: otherwise.
    """
    try:
        raw = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise SecretMalformed from None
    if not secret.startswith("whsec_") or not 24 <= len(raw) <= 64:
        raise SecretMalformed
    return secret


@dataclass(frozen=True, slots=True)
class Sealed:
    """密存内容 of a target: its address and its signing secrets, the newest first."""

    url: str
    secrets: tuple[str, ...] = ()

    def seal(self, cipher: FieldCipher, target_id: UUID) -> bytes:
        """Encrypted for the target's row."""
        text = json.dumps({"url": self.url, "secrets": self.secrets})
        return cipher.seal("delivery", "delivery_targets", "sealed", target_id, text)

    @classmethod
    def open(cls, cipher: FieldCipher, target_id: UUID, sealed: bytes) -> "Sealed":
        """What was sealed for the row.

        Raises:
            CannotOpen: it was not.
        """
        known = json.loads(cipher.open("delivery", "delivery_targets", "sealed", target_id, sealed))
        return cls(known["url"], tuple(known["secrets"]))
