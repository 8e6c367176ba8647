"""What is refused of subsidies.

NotFound
├── SubsidyUnknown
└── BatchUnknown
Forbidden
└── SameHands          whoever prepared a batch does not approve it
Conflict
├── SubsidyStands      another application of this person, kind and year stands
├── ClaimantAwaited    the person is not registered
├── NotEligible        a condition is not met
├── NoLongerEligible   at the time of approval a condition is no longer met, or not known to be
├── NotOpen            the application is in a batch, approved or closed
├── BatchDecided       approved or dissolved already
├── MembersElsewhere   somebody of the batch has moved out of one's area
└── BatchEmpty         nobody is ready for it
Invalid
└── NotYet             later than the business date
"""

from datetime import date

from kit.errors import Conflict, Forbidden, Invalid, NotFound


class SubsidyUnknown(NotFound):
    """补贴申请不存在."""

    code = "subsidy-unknown"
    zh, en = "没有这条补贴申请，或不在您的管理范围内", "no such application, or it lies outside your area"


class BatchUnknown(NotFound):
    """补贴批次不存在."""

    code = "subsidy-batch-unknown"
    zh, en = "没有这个补贴批次，或不在您的管理范围内", "no such batch, or it lies outside your area"


class SameHands(Forbidden):
    """编制人不得审批: money is approved by two persons."""

    code = "batch-needs-second-person"
    zh, en = "批次须由编制人以外的另一人审批", "a batch is approved by another person than the one who prepared it"
    fix_zh, fix_en = "请由另一位有审批权限的人员复核后审批", "let somebody else with the right to approve review it"


class SubsidyStands(Conflict):
    """重复申请: never paid twice for a person, kind and year."""

    code = "subsidy-stands"
    zh, en = "该人员本年度已申请或领取该项补贴", "this person has an application of this kind and year already"
    fix_zh, fix_en = "请查看已有申请；同一人同一年度只能享受一次", "see the one that stands; once per person and year"
    pointer = "/person"


class ClaimantAwaited(Conflict):
    """申请人尚未登记."""

    code = "claimant-awaited"
    zh, en = "该人员尚未登记为农户成员，无法核对补贴条件", "nobody is registered with this certificate"
    fix_zh, fix_en = "请先由乡镇登记农户和成员", "let the township register the household first"
    pointer = "/person"


class NotEligible(Conflict):
    """不符合条件: raised with the condition."""

    code = "subsidy-not-eligible"
    fix_zh, fix_en = "请核对该条件所依据的记录", "check the records that the condition rests on"


class NoLongerEligible(Conflict):
    """审批时不符合条件: raised with the application and the condition."""

    code = "subsidy-no-longer-eligible"
    fix_zh, fix_en = "请撤销批次，处理该申请后重新编制", "dissolve the batch, settle the application, prepare again"


class NotOpen(Conflict):
    """申请已在批次中或已办结."""

    code = "subsidy-not-open"
    zh, en = "该申请已列入批次、已审批或已终止", "the application is in a batch, approved or closed"
    fix_zh, fix_en = "如已列入批次，请先撤销批次", "dissolve its batch first, where it is in one"


class BatchDecided(Conflict):
    """批次已处理."""

    code = "subsidy-batch-decided"
    zh, en = "该批次已审批或已撤销", "the batch was approved or dissolved already"


class MembersElsewhere(Conflict):
    """批次中有人员已迁出辖区."""

    code = "batch-members-elsewhere"
    zh, en = "批次中有人员已不在您的管理范围内", "somebody of the batch has moved out of your area"
    fix_zh, fix_en = "请由上级部门处理该批次", "let the office above decide on this batch"


class BatchEmpty(Conflict):
    """没有可列入批次的申请."""

    code = "subsidy-batch-empty"
    zh, en = "没有条件齐备、可列入批次的申请", "no application with all conditions met is waiting"
    fix_zh, fix_en = "请查看各申请未满足或无法判定的条件", "see which conditions the applications lack"


class NotYet(Invalid):
    """日期在将来."""

    code = "in-future"
    zh, en = "日期晚于当前业务日期", "this lies after the business date"
    fix_zh, fix_en = "请核对日期，发生后再登记", "check the date; report it once it has happened"


def check_day(day: date, on: date, pointer: str) -> None:
    """A day that has come.

    Raises:
        NotYet: it has not.
    """
    if day > on:
        raise NotYet(pointer=pointer)


def check_second_hand(prepared_by: str, approves: str) -> None:
    """Four eyes.

    Raises:
        SameHands: the same account does both.
    """
    if prepared_by == approves:
        raise SameHands
