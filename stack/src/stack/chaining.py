"""Verifying a service's chain of decisions on its database, row by row, and exporting its latest hash as an anchor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import Row, text

from kit.chain import FIRST, Broken, Decision, Link, broken

from .databases import connection
from .exits import ExitCode, StackError

SERVICES: Final = ("monitoring",)
"""Services that keep a chain of decisions."""

_ROWS: Final = text("""
    SELECT d.*, r.data AS witnessed, l.data AS logged
    FROM decisions AS d
    LEFT JOIN received_log AS r ON r.source = :service AND r.seq = d.seq AND r.id = d.event_id
    LEFT JOIN event_log AS l ON l.seq = d.seq AND l.id = d.event_id
    ORDER BY d.number
""")
# Of the kinds that are in the chain, what the own log has and the chain has not.
_MISSED: Final = text("""
    SELECT r.seq, split_part(r.type, '.', 5) AS kind FROM received_log AS r
    WHERE r.source = :service AND NOT EXISTS (SELECT FROM decisions AS d WHERE d.seq = r.seq) ORDER BY r.seq
""")


class Anchor(BaseModel):
    """锚点: the latest hash of a chain at a moment, to be kept where nobody who reaches the database can change it."""

    service: str
    number: int
    hash: str
    at: datetime


ANCHORS: Final = TypeAdapter(list[Anchor])


@dataclass(frozen=True, slots=True)
class Verified:
    """验证结果 of one chain.

    Attributes:
        rows: how many hold, from the first on.
        hash: of the last one that holds.
        first_broken: the first row that does not hold.
        waiting: decisions that the worker has not chained yet.
        anchors: how many anchors agree.
    """

    service: str
    rows: int
    hash: str
    first_broken: Broken | None
    waiting: int
    anchors: int

    @property
    def holds(self) -> bool:
        """Whether every row does."""
        return self.first_broken is None


def read_anchors(document: str) -> list[Anchor]:
    """The anchors of a file.

    Raises:
        StackError: it holds none.
    """
    try:
        return ANCHORS.validate_json(document)
    except ValidationError:
        raise StackError(
            ExitCode.USAGE, zh="锚点文件的格式不正确。", en="This is no file of anchors; write one with audit anchor."
        ) from None


async def verify(
    databases: Mapping[str, Mapping[str, str]], anchors: Sequence[Anchor] = (), service: str = SERVICES[0]
) -> Verified:
    """Recompute the chain of a service and compare it with its events and with anchors.

    Args:
        databases: service → DSNs by role.
        anchors: of this or other services.
        service: whose chain.
    """
    kept = {anchor.number: anchor for anchor in anchors if anchor.service == service}
    number, previous, found = 0, FIRST, None
    seqs: list[int] = []
    async with connection(databases[service]["worker"]) as opened:
        async with opened.stream(_ROWS, {"service": service}) as rows:
            async for row in rows:
                found = _looked_at(row, number + 1, previous, kept)
                if found:
                    break
                number, previous = row.number, row.hash
                seqs.append(row.seq)
        missed = [row for row in await opened.execute(_MISSED, {"service": service}) if row.kind in KINDS]
    left_out = next((row for row in missed if seqs and row.seq < seqs[-1]), None)
    if found is None and left_out is not None:
        found = Broken(number, left_out.kind, f"事件 {left_out.seq} 未入链", f"event {left_out.seq} was left out")
    beyond = next((kept[n] for n in sorted(kept) if n > number), None)
    if found is None and beyond is not None:
        found = Broken(beyond.number, "anchor", "锚点之后的行缺失", f"the anchor of {beyond.at.date()} knows this row")
    agreed = sum(n <= number for n in kept)
    return Verified(service, number, previous, found, 0 if found else len(missed), agreed)


def _looked_at(row: Row[Any], number: int, previous: str, anchors: Mapping[int, Anchor]) -> Broken | None:
    link = Link(
        decision=Decision(**{name: getattr(row, name) for name in Decision.__slots__}),
        previous=row.previous,
        hash=row.hash,
    )
    if found := broken(link, number=number, previous=previous):
        return found
    if row.witnessed != row.content or row.logged != row.content:
        return Broken(number, row.kind, "与事件日志不符", "it differs from the event it was made of")
    if number in anchors and anchors[number].hash != row.hash:
        return Broken(number, row.kind, "与锚点不符", f"it differs from the anchor of {anchors[number].at.date()}")
    return None


KINDS: Final = frozenset(
    {
        "AlertAcknowledged",
        "AlertJudged",
        "AlertSnoozed",
        "CaseOpened",
        "CaseAdvanced",
        "CaseListed",
        "CaseEliminated",
        "CaseReentered",
        "CaseWithdrawn",
        "DispatchDecided",
        "DispatchHeld",
        "LineChanged",
        "PolicyDraftWithdrawn",
    }
)
"""What is a decision: told here once more, so that the verifier does not rest on the code it checks."""
