"""Policies, who pays them, and the steps of a claim. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from .refusals import CauseMisfits, ClaimOutOfTime, OverSumInsured, WrongClaimState

ZERO = Decimal("0.00")


class Kind(StrEnum):
    """险种"""

    MEDICAL = "medical"
    """春城惠民保: of a person"""
    CROP = "crop"
    """政策性农业保险"""
    LOCAL_CROP = "local_crop"
    """地方特色农业保险"""


class Payer(StrEnum):
    """缴费方"""

    HOUSEHOLD = "household"
    """自缴"""
    SUBSIDY = "subsidy"
    """财政补贴"""
    DONATED = "donated"
    """社会捐赠"""


class Cause(StrEnum):
    """出险原因"""

    ILLNESS = "illness"
    """疾病"""
    ACCIDENT = "accident"
    """意外事故"""
    DISASTER = "disaster"
    """自然灾害"""
    PEST = "pest"
    """病虫害、疫病"""
    PRICE = "price"
    """价格下跌"""


_BODILY: Final = frozenset({Cause.ILLNESS, Cause.ACCIDENT})
_OF_FIELDS: Final = frozenset({Cause.DISASTER, Cause.PEST, Cause.PRICE, Cause.ACCIDENT})
CAUSES: Final[Mapping[Kind, frozenset[Cause]]] = {
    Kind.MEDICAL: _BODILY,
    Kind.CROP: _OF_FIELDS,
    Kind.LOCAL_CROP: _OF_FIELDS,
}
"""险种 → what a claim on it can be for."""


class Denial(StrEnum):
    """拒赔原因"""

    NOT_COVERED = "not_covered"
    """不在保障范围"""
    BELOW_DEDUCTIBLE = "below_deductible"
    """未达起付线"""
    NO_PROOF = "no_proof"
    """材料不全"""
    OTHER = "other"
    """其他"""


class ClaimState(StrEnum):
    """理赔状态"""

    FILED = "filed"
    """已报案"""
    DENIED = "denied"
    """不予赔付"""
    PAID = "paid"
    """已赔付"""


DONATED_FOR: Final = "insurance.donated.for."
"""Policy: whether donated 春城惠民保 is meant for a group of households (§26)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurancePolicy:
    """保单, as the insurer reports it; the premium by who pays it, yuan for the whole period."""

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    kind: str
    policy_number: str
    starts_on: date
    ends_on: date
    sum_insured: Decimal
    paid_by_household: Decimal
    paid_by_subsidy: Decimal
    paid_by_donation: Decimal
    department: str

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id

    @property
    def payers(self) -> tuple[Payer, ...]:
        """Who pays a part of it."""
        parts = zip(Payer, (self.paid_by_household, self.paid_by_subsidy, self.paid_by_donation), strict=True)
        return tuple(payer for payer, part in parts if part > ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """理赔, as it stands; `pay_revision` counts what was told of the payment."""

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    policy_id: UUID
    claim_number: str
    kind: str
    cause: str
    happened_on: date
    filed_on: date
    state: ClaimState
    denied_on: date | None = None
    denial: str | None = None
    amount: Decimal | None = None
    paid_on: date | None = None
    pay_revision: int = 0
    department: str

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id

    @property
    def version(self) -> int:
        """Grows with every change of the claim or its payment."""
        return self.revision + self.pay_revision

    def denied(self, denial: str, on: date) -> "Claim":
        """The insurer does not pay.

        Raises:
            WrongClaimState: it was decided already.
        """
        told = replace(self._at(ClaimState.FILED), state=ClaimState.DENIED, denial=denial, denied_on=on)
        return replace(told, revision=self.revision + 1)

    def paid(self, amount: Decimal, on: date) -> "Claim":
        """The money reached the household.

        Raises:
            WrongClaimState: it was decided already.
        """
        return self._told(self._at(ClaimState.FILED), ClaimState.PAID, amount, on)

    def corrected(self, amount: Decimal) -> "Claim":
        """Another amount was paid.

        Raises:
            WrongClaimState: nothing was.
        """
        return self._told(self._at(ClaimState.PAID), ClaimState.PAID, amount, self.paid_on)

    def returned(self) -> "Claim":
        """Nothing was paid after all.

        Raises:
            WrongClaimState: nothing was said to be.
        """
        return self._told(self._at(ClaimState.PAID), ClaimState.FILED, None, None)

    def _told(self, known: "Claim", state: ClaimState, amount: Decimal | None, on: date | None) -> "Claim":
        return replace(known, state=state, amount=amount, paid_on=on, pay_revision=known.pay_revision + 1)

    def _at(self, state: ClaimState) -> "Claim":
        if self.void or self.state is not state:
            raise WrongClaimState
        return self


def check_claim(policy: InsurancePolicy, cause: Cause, happened_on: date, filed_on: date, today: date) -> None:
    """A cause of the kind, on a day of the policy, filed since.

    Raises:
        CauseMisfits, ClaimOutOfTime: as they say.
    """
    if cause not in CAUSES[Kind(policy.kind)]:
        raise CauseMisfits
    if not policy.starts_on <= happened_on <= policy.ends_on:
        raise ClaimOutOfTime(pointer="/happened_on")
    if not happened_on <= filed_on <= today:
        raise ClaimOutOfTime(pointer="/filed_on")


def check_sum(policy: InsurancePolicy, others: Collection[Decimal], amount: Decimal) -> None:
    """All that a policy pays stays within its sum insured.

    Args:
        policy: the policy.
        others: what its other claims were paid.
        amount: what this one is paid.

    Raises:
        OverSumInsured: it would not; says what is left.
    """
    left = policy.sum_insured - sum(others, ZERO)
    if amount > left:
        raise OverSumInsured(
            zh=f"该保单剩余保额 {left} 元，低于赔付金额",
            en=f"{left} yuan of the sum insured are left, less than is paid",
        )
