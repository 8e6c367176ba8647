"""A chain of decisions: each row carries the hash of itself and of the row before; a change by hand shows. Pure.

hash = sha256(hash of the row before, line feed, canonical JSON of the row). Canonical: keys sorted, no spaces, UTF-8,
moments in UTC with microseconds. The chain proves order and content up to a hash that somebody else keeps (an anchor).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

FIRST: Final = "0" * 64
"""What the first row follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """决定: who decided what, when, on which evidence; no personal data.

    Attributes:
        number: place in the chain, from 1 without a gap.
        seq: of its event in the service's own log.
        kind: name of the event.
        subject: what it is about, `alert`, `case`, `policy`, `dispatch`; `subject_id`, which one.
        officer: account that decided.
        decided_on: business date.
        content: the event's data; `evidence`, the events and policy it rests on.
    """

    number: int
    seq: int
    event_id: UUID
    kind: str
    subject: str
    subject_id: UUID
    household_id: UUID | None
    path: str
    officer: str
    decided_on: date | None
    recorded_at: datetime
    content: Mapping[str, Any]
    evidence: Mapping[str, Any]

    @property
    def canonical(self) -> bytes:
        """The one way to write it."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()

    def hash(self, previous: str) -> str:
        """Its hash behind another."""
        return hashlib.sha256(previous.encode() + b"\n" + self.canonical).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | UUID):
        return str(value)
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """链节: a decision as it is stored."""

    decision: Decision
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """断点: the first row that does not hold, and why, in Chinese and English."""

    number: int
    kind: str
    zh: str
    en: str


def chained(decisions: Iterable[Decision], previous: str) -> Iterator[Link]:
    """Decisions behind a hash, each behind the one before."""
    for decision in decisions:
        link = Link(decision=decision, previous=previous, hash=decision.hash(previous))
        yield link
        previous = link.hash


def broken(link: Link, *, number: int, previous: str) -> Broken | None:
    """What is wrong with a row that should be this number behind this hash; None = it holds."""
    found = link.decision
    if found.number != number:
        return Broken(number, found.kind, f"第 {number} 条缺失", f"row {number} is missing")
    if link.previous != previous:
        return Broken(number, found.kind, "与上一条的哈希不衔接", "it does not follow the row before")
    if found.hash(previous) != link.hash:
        return Broken(number, found.kind, "内容与哈希不符", "its content does not match its hash")
    return None
