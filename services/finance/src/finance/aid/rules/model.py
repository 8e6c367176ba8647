"""Donations with their conditions, applications, and what a grant takes of which gift. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .refusals import AidSamePerson, NotCovered, WrongAidState

ZERO = Decimal("0.00")


class Purpose(StrEnum):
    """救助用途 (二（二十七）: 慈善助学、乡村卫生帮扶、助农致富、防返贫)."""

    ILLNESS = "illness"
    """医疗救助"""
    SCHOOLING = "schooling"
    """慈善助学"""
    RELIEF = "relief"
    """灾害和意外事故救助"""
    HOUSING = "housing"
    """住房修缮"""
    WATER = "water"
    """饮水改善"""
    FARMING = "farming"
    """助农致富"""


class DonorKind(StrEnum):
    """捐赠方类别"""

    ORGANISATION = "organisation"
    """单位: an enterprise, a charity, a partner city"""
    INDIVIDUAL = "individual"
    """个人: never named"""
    ONLINE = "online"
    """互联网公开募捐"""


class AidState(StrEnum):
    """办理状态"""

    APPLIED = "applied"
    """待审批"""
    GRANTED = "granted"
    """已批准，待发放"""
    PAID = "paid"
    """已发放"""
    REJECTED = "rejected"
    """不予救助"""
    REVOKED = "revoked"
    """已撤销: nothing reached the household, or it came back"""


class RejectReason(StrEnum):
    """不予救助原因"""

    NOT_ELIGIBLE = "not_eligible"
    """不符合条件"""
    HELPED_OTHERWISE = "helped_otherwise"
    """已通过其他渠道解决"""
    WITHDRAWN = "withdrawn"
    """农户撤回申请"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """基金: of an area; only who answers for the whole of it keeps and grants its money."""

    id: UUID
    version: int
    name: str
    area: str
    opened_on: date
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Donation:
    """捐赠 and what the donor tied to it.

    Attributes:
        left: yuan that no grant has drawn.
        purposes: what it may be used for; empty = anything.
        area: management path whose households it is for.
        use_by: last day on which it may be granted; None = no term.
        receipt: 捐赠票据号.
        donor: name of an organisation; None for individuals.
    """

    id: UUID
    revision: int
    void: bool
    fund_id: UUID
    amount: Decimal
    left: Decimal
    purposes: tuple[str, ...]
    area: str
    use_by: date | None
    received_on: date
    receipt: str
    kind: str
    donor: str | None

    def against(self, purpose: str, path: str, on: date) -> str | None:
        """Which of the donor's conditions keeps it from being granted for this; None = none does."""
        if self.purposes and purpose not in self.purposes:
            return "purpose"
        if not path.startswith(self.area):
            return "area"
        if self.use_by is not None and self.use_by < on:
            return "term"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """支取: what a grant takes of a donation; what was returned may be granted again."""

    application_id: UUID
    donation_id: UUID
    amount: Decimal
    returned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """救助申请 of a household, as it stands."""

    id: UUID
    revision: int
    void: bool
    household_id: UUID
    region: str
    path: str
    fund_id: UUID
    purpose: str
    amount: Decimal
    state: AidState
    applied_on: date
    applied_by: str
    decided_on: date | None = None
    decided_by: str | None = None
    reason: str | None = None
    paid_on: date | None = None
    receipt: str | None = None
    revoked_on: date | None = None
    department: str

    def granted(self, on: date, by: str) -> "Application":
        """Approved by a second person.

        Raises:
            WrongAidState, AidSamePerson: as they say.
        """
        after = self._next(AidState.GRANTED, AidState.APPLIED)
        if by == self.applied_by:
            raise AidSamePerson
        return replace(after, decided_on=on, decided_by=by)

    def rejected(self, reason: str, on: date, by: str) -> "Application":
        """Turned down, or taken back by the household.

        Raises:
            WrongAidState: it was decided already.
        """
        return replace(self._next(AidState.REJECTED, AidState.APPLIED), reason=reason, decided_on=on, decided_by=by)

    def paid(self, on: date, receipt: str) -> "Application":
        """The money reached the household.

        Raises:
            WrongAidState: it is not granted.
        """
        return replace(self._next(AidState.PAID, AidState.GRANTED), paid_on=on, receipt=receipt)

    def revoked(self, on: date) -> "Application":
        """It never reached the household, or it came back.

        Raises:
            WrongAidState: there is no grant.
        """
        return replace(self._next(AidState.REVOKED, AidState.GRANTED, AidState.PAID), void=True, revoked_on=on)

    def _next(self, state: AidState, *before: AidState) -> "Application":
        if self.state not in before:
            raise WrongAidState
        return replace(self, state=state, revision=self.revision + 1)


def draw(application: Application, donations: Iterable[Donation], on: date) -> list[Draw]:
    """What a grant takes of which donations: what lapses first, then what is tied closest.

    Raises:
        NotCovered: what donors allow is less than the amount; says how much each condition keeps back.
    """
    standing = [donation for donation in donations if not donation.void and donation.left > ZERO]
    kept: dict[str, Decimal] = {}
    open_: list[Donation] = []
    for donation in standing:
        against = donation.against(application.purpose, application.path, on)
        if against is None:
            open_.append(donation)
        else:
            kept[against] = kept.get(against, ZERO) + donation.left
    free = sum((donation.left for donation in open_), ZERO)
    if free < application.amount:
        raise NotCovered(several=[_short(free), *(_kept_back(why, much) for why, much in sorted(kept.items()))])
    return list(_parts(application, sorted(open_, key=_closest)))


def _closest(donation: Donation) -> tuple[date, int, int, date, UUID]:
    narrow = len(donation.purposes) or len(Purpose) + 1
    return donation.use_by or date.max, narrow, -len(donation.area), donation.received_on, donation.id


def _parts(application: Application, donations: Iterable[Donation]) -> Iterator[Draw]:
    owed = application.amount
    for donation in donations:
        part = min(owed, donation.left)
        if part <= ZERO:
            return
        owed -= part
        yield Draw(application_id=application.id, donation_id=donation.id, amount=part)


_WHY = {
    "purpose": ("捐赠方指定了其他用途", "is given for other purposes"),
    "area": ("捐赠方指定了其他地区", "is given for another area"),
    "term": ("已过捐赠方约定的使用期限", "was to be granted by a day that has passed"),
}


def _short(free: Decimal) -> NotCovered:
    return NotCovered(
        code="balance", zh=f"可用余额 {free} 元，低于申请金额", en=f"{free} yuan are free, less than asked"
    )


def _kept_back(why: str, much: Decimal) -> NotCovered:
    zh, en = _WHY[why]
    return NotCovered(code=f"restricted-{why}", zh=f"{much} 元{zh}", en=f"{much} yuan {en}")
