"""What holds for a cancelled order; the refusals of this capability.

NotFound
└── ShareUnknown
Conflict
├── ShareKnown         another amount is recorded for this household and order
└── Voided             the share was taken back
Invalid
├── InFuture           later than the business date
├── HouseholdUnknown   no household in the area has the number
└── NamedTwice         a household or person stands in the order twice
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledShare:
    """取消份额: what one household would have delivered, yuan."""

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    order_id: UUID
    order_number: str
    cancelled_on: date
    amount: Decimal
    cause: str
    department: str

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id

    @property
    def whose(self) -> object:
        """The household, or the certificate that waits for one."""
        return self.household_id or self.blind_index


class ShareUnknown(NotFound):
    """份额不存在."""

    code = "cancelled-share-unknown"
    zh, en = "没有这条取消记录，或不在您的管理范围内", "no such cancelled share, or it lies outside your area"


class ShareKnown(Conflict):
    """份额重复."""

    code = "cancelled-share-known"
    zh, en = "该订单已登记该户不同内容的取消", "something else is recorded for this household and order"
    fix_zh, fix_en = "请更正已有记录", "correct the one that is recorded"


class Voided(Conflict):
    """已作废."""

    code = "voided"
    zh, en = "该记录已作废，不能再修改", "this was taken back and cannot be changed"
    fix_zh, fix_en = "如需恢复，请重新登记", "record it anew"


class InFuture(Invalid):
    """日期在将来."""

    code = "in-future"
    zh, en = "取消日期晚于当前业务日期", "the order would be cancelled after the business date"
    fix_zh, fix_en = "请核对日期", "check the date"
    pointer = "/cancelled_on"


class HouseholdUnknown(Invalid):
    """户编号不存在."""

    code = "household-unknown"
    zh, en = "没有这个户编号，或不在您的管理范围内", "no household has this number, or it lies outside your area"
    fix_zh, fix_en = "请核对户编号，或改用证件号码", "check the number, or name a person by certificate"


class NamedTwice(Invalid):
    """同一户重复出现."""

    code = "named-twice"
    zh, en = "同一户在该订单中出现多次", "the same household stands in the order more than once"
    fix_zh, fix_en = "请合并为一条", "make it one share"


def check_cancelled(cancelled_on: date, today: date) -> None:
    """A day that has come.

    Raises:
        InFuture: it has not.
    """
    if cancelled_on > today:
        raise InFuture


def check_once(shares: Sequence[CancelledShare]) -> None:
    """Each household once.

    Raises:
        NamedTwice: one of them is there more than once.
    """
    seen: set[object] = set()
    for index, share in enumerate(shares):
        if share.whose in seen:
            raise NamedTwice(pointer=f"/shares/{index}")
        seen.add(share.whose)
