"""A delivery and what each household's part of it was."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from .refusals import DeliveryTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """交付: what came on a day, accepted or rejected, yuan.

    Attributes:
        reference: 送货单号.
        final: 短缺结单, the rest will not come.
    """

    id: UUID
    version: int
    void: bool
    order_id: UUID
    reference: str
    region: str
    path: str
    delivered_on: date
    accepted: Decimal
    rejected: Decimal
    cause: str | None
    final: bool
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredShare:
    """交付份额: one household's part of a delivery, yuan; what was rejected is a fact of its own."""

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
    delivery_id: UUID
    delivered_on: date
    accepted: Decimal
    rejected: Decimal
    cause: str | None
    department: str

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id


def check_delivery(delivery: Delivery, *, by_line: bool, in_total: bool) -> None:
    """Something came, told in one way, and what was rejected has its cause.

    Raises:
        DeliveryTerms: it is not so.
    """
    nothing = not delivery.accepted and not delivery.rejected
    if nothing or (by_line and in_total) or (delivery.cause is None) != (not delivery.rejected):
        raise DeliveryTerms
