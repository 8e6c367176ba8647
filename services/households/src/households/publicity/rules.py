"""What holds for publicity and role models; the refusals of this capability.

NotFound
├── PublicityUnknown, RoleModelUnknown
Conflict
├── PublicityVoid      it was taken back
├── RoleModelStands    the household is shown for this
└── RoleModelOver      it is no longer
Invalid
├── ConsentAfter       nobody is named before the household agreed
├── SignedByNobody     whoever signed does not belong to it
└── RoleModelDates
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound


class PublicityUnknown(NotFound):
    """宣传活动不存在或不在管辖范围."""

    code = "publicity-unknown"
    zh, en = "没有此宣传活动，或不在您的管理范围内", "no such publicity in your area"


class RoleModelUnknown(NotFound):
    """典型不存在或不在管辖范围."""

    code = "role-model-unknown"
    zh, en = "没有此典型，或不在您的管理范围内", "no such role model in your area"


class PublicityVoid(Conflict):
    """宣传活动已作废."""

    code = "publicity-void"
    zh, en = "该宣传活动记录已作废", "the record was taken back"


class RoleModelStands(Conflict):
    """该户已是此类典型."""

    code = "role-model-stands"
    zh, en = "该户已是此类典型", "the household is a role model in this field already"
    pointer = "/field"


class RoleModelOver(Conflict):
    """该户已不再作为典型."""

    code = "role-model-over"
    zh, en = "该户已不再作为此类典型", "the household is no longer a role model in this field"


class ConsentAfter(Invalid):
    """须先取得农户同意."""

    code = "role-model-consent"
    zh, en = "农户同意之前不得作为典型宣传", "a household is not shown before it agreed"
    fix_zh, fix_en = "核对同意日期；农户不同意的，不得登记", "check the day; where it does not agree, do not record it"
    pointer = "/consented_on"


class SignedByNobody(Invalid):
    """签字人不是该户成员."""

    code = "not-of-household"
    zh, en = "签字人不是该户现有成员", "whoever signed is not a member of the household"
    pointer = "/person_id"


class RoleModelDates(Invalid):
    """日期先后不合理."""

    code = "role-model-dates"
    zh, en = "日期早于上一段的起止日", "the day lies before the stay it follows"
    pointer = "/since"


def check_consent(*, consented_on: date, since: date, ended: date | None) -> None:
    """A household is named from the day it agreed on at the earliest, anew only by a new consent.

    Args:
        consented_on: the day it agreed.
        since: first day as a role model.
        ended: first day without, of an earlier stay.

    Raises:
        ConsentAfter, RoleModelDates: otherwise.
    """
    if consented_on > since or (ended is not None and consented_on < ended):
        raise ConsentAfter
    if ended is not None and since < ended:
        raise RoleModelDates


def check_signed(person_id: UUID, members: Collection[UUID]) -> None:
    """Whoever signed belongs to the household.

    Raises:
        SignedByNobody: otherwise.
    """
    if person_id not in members:
        raise SignedByNobody


def check_end(until: date, since: date) -> None:
    """A stay ends no earlier than it began.

    Raises:
        RoleModelDates: otherwise.
    """
    if until < since:
        raise RoleModelDates(pointer="/until")
