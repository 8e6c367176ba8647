"""What holds for settlements and the sales they consist of; the refusals of this capability.

NotFound
├── SettlementUnknown
└── SaleUnknown
Conflict
├── SettlementKnown    the voucher stands for another payment
└── SettlementVoid     it was taken back
Invalid
├── SettlementTerms    neither a total nor lines, or both
├── LineElsewhere      a line names no sale of this settlement
└── RefundTooLarge     more than was paid
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """结算: a payment of a buyer for accepted goods, yuan; what of it is no household's the cooperative keeps.

    Attributes:
        reference: 付款凭证号.
        purpose: 采购用途 of the order.
    """

    id: UUID
    version: int
    void: bool
    order_id: UUID
    buyer_id: UUID
    region: str
    path: str
    purpose: str
    reference: str
    paid_on: date
    amount: Decimal
    refunded: Decimal
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """农户销售: what a settlement paid to one household, yuan; the income is what was not refunded.

    Attributes:
        place: of its share in the order, which decides to whom a fen that is left over goes.
    """

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    order_id: UUID
    share_id: UUID
    settlement_id: UUID
    place: int
    buyer_id: UUID
    purpose: str
    paid_on: date
    paid: Decimal
    refunded: Decimal
    department: str

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id

    @property
    def amount(self) -> Decimal:
        """到账金额, after refunds."""
        return self.paid - self.refunded


class SettlementUnknown(NotFound):
    """结算不存在."""

    code = "settlement-unknown"
    zh, en = "没有这条结算记录，或不在您的管理范围内", "no such settlement, or it lies outside your area"


class SaleUnknown(NotFound):
    """销售记录不存在."""

    code = "sale-unknown"
    zh, en = "没有这条销售记录，或不在您的管理范围内", "no such sale, or it lies outside your area"


class SettlementKnown(Conflict):
    """付款凭证号重复."""

    code = "settlement-known"
    zh, en = "该付款凭证号已登记为其他内容的结算", "this voucher number stands for another payment"
    fix_zh, fix_en = (
        "请核对凭证号；如需更正，请先作废原结算",
        "check the number; to correct it, take the settlement back",
    )
    pointer = "/reference"


class SettlementVoid(Conflict):
    """结算已作废."""

    code = "settlement-void"
    zh, en = "该结算已作废，不能再修改", "this settlement was taken back and cannot be changed"
    fix_zh, fix_en = "如需恢复，请重新登记", "record it anew"


class SettlementTerms(Invalid):
    """金额填写方式不对."""

    code = "settlement-terms"
    zh, en = "总金额与逐户金额须填写其中一项", "state either a total or an amount for each household"
    fix_zh, fix_en = "请填写 amount 或 lines", "send amount or lines"


class LineElsewhere(Invalid):
    """逐户金额不属于该结算."""

    code = "line-elsewhere"
    zh, en = "该份额不在此结算中，或重复出现", "this share is not part of the settlement, or it is named twice"
    fix_zh, fix_en = "请从结算的份额中选择，每个份额一次", "choose among its shares, each once"


class RefundTooLarge(Invalid):
    """退款过多."""

    code = "refund-too-large"
    zh, en = "退款超过已付未退的金额", "more is refunded than was paid and not yet refunded"
    fix_zh, fix_en = "请核对金额", "check the amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """金额: a total that parts in proportion, or an amount for each share named, yuan."""

    total: Decimal | None
    lines: tuple[tuple[UUID, Decimal], ...] | None

    @property
    def sum(self) -> Decimal:
        """All of it.

        Raises:
            SettlementTerms: neither a total nor lines, or both.
        """
        if (self.total is None) == (self.lines is None):
            raise SettlementTerms
        return self.total if self.total is not None else sum((amount for _, amount in self.lines or ()), NOTHING)

    @property
    def by_share(self) -> Mapping[UUID, Decimal] | None:
        """The lines, each share once.

        Raises:
            LineElsewhere: a share is named twice.
        """
        lines = None if self.lines is None else dict(self.lines)
        if lines is not None and len(lines) != len(self.lines or ()):
            raise LineElsewhere(pointer="/lines")
        return lines

    @property
    def pointers(self) -> Mapping[UUID, str]:
        """Where each line stands in the request."""
        return {share_id: f"/lines/{index}" for index, (share_id, _) in enumerate(self.lines or ())}
