"""取消份额: what a household loses by a cancelled order."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledShare:
    """取消份额: what one household would have delivered, yuan.

    Attributes:
        share_id: the share of an order that is kept here; None where a department reported the cancellation.
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
    order_number: str
    share_id: UUID | None
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
