"""Sending one message: a webhook signed as Standard Webhooks says, or a message of a messenger.

What comes back is a class of problem; no answer of the other side is read, kept or logged.
"""

import asyncio
import logging
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import httpx2
from standardwebhooks import Webhook

from .addresses import Sealed, messenger
from .rules import Allowed, Message, SendProblem

TIMEOUT_SECONDS: Final = 10.0

# What they log quotes addresses, which hold secrets, and answers.
for _name in ("apprise", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """发送结果; `wait` = seconds the other side asks to wait."""

    problem: SendProblem | None = None
    wait: int | None = None


async def send(channel: str, host: str, sealed: Sealed, message: Message, allowed: Allowed, now: datetime) -> Outcome:
    """Send a message, if its host may be connected to right now."""
    port = (urlsplit(sealed.url).port or 443) if channel == "webhook" else None
    addresses = await resolve(host, port)
    if not addresses:
        return Outcome(SendProblem.UNREACHABLE)
    if not allowed.admits(host, addresses):
        return Outcome(SendProblem.HOST_NOT_ALLOWED)
    if channel == "webhook":
        return await _post(sealed, message, addresses[0], now)
    return await _notify(sealed, message)


async def resolve(host: str, port: int | None) -> list[str]:
    """The addresses of a host; none where it has none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(address[0]) for *_, address in found]


def headers_of(message: Message, secrets: tuple[str, ...], now: datetime) -> dict[str, str]:
    """The headers of a signed webhook; one signature for each secret, so that a rotation breaks nothing."""
    at = now.astimezone(UTC)
    signatures = [Webhook(secret).sign(str(message.id), at, message.body) for secret in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": str(message.id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


async def _post(sealed: Sealed, message: Message, address: str, now: datetime) -> Outcome:
    """POST to the very address that was checked: a name that is asked for twice may answer differently."""
    parts = urlsplit(sealed.url)
    url = httpx2.URL(sealed.url).copy_with(host=address)
    given = {**headers_of(message, sealed.secrets, now), "host": parts.netloc}
    try:
        async with (
            asyncio.timeout(2 * TIMEOUT_SECONDS),
            httpx2.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST", url, content=message.body, headers=given, extensions={"sni_hostname": parts.hostname}
            ) as answer,
        ):
            return _outcome(answer.status_code, answer.headers.get("retry-after", ""))
    except (httpx2.TimeoutException, TimeoutError):
        return Outcome(SendProblem.TIMEOUT)
    except (httpx2.HTTPError, OSError, httpx2.InvalidURL):
        return Outcome(SendProblem.UNREACHABLE)


def _outcome(status: int, retry_after: str) -> Outcome:
    wait = int(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 7 else None
    if 200 <= status < 300:
        return Outcome()
    if status == 410:
        return Outcome(SendProblem.GONE)
    if status == 429:
        return Outcome(SendProblem.BUSY, wait)
    if status < 400:
        return Outcome(SendProblem.REDIRECTED)
    return Outcome(SendProblem.BROKEN, wait) if status >= 500 else Outcome(SendProblem.REFUSED)


async def _notify(sealed: Sealed, message: Message) -> Outcome:
    plugin = messenger(sealed.url)
    accepted = await asyncio.to_thread(plugin.notify, body=message.text, title=message.title)
    return Outcome() if accepted else Outcome(SendProblem.NOT_ACCEPTED)
