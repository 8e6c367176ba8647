"""Help that one service asks of another (帮扶请求): what can be asked for, and how its department answers.

The answers have one shape; each service that can be asked publishes them on its own topic.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .base import TYPE_PREFIX, Event, Service
from .households import MeasureCategory, RiskCause


class HelpOffer(StrEnum):
    """帮扶事项: what a department can be asked for."""

    JOB = "job"
    """推荐就业岗位"""
    PUBLIC_POST = "public_post"
    """安排乡村公益性岗位"""
    TRAFFIC_SUBSIDY = "traffic_subsidy"
    """申领跨省务工一次性交通补助"""
    PETTY_LOAN = "petty_loan"
    """对接脱贫人口小额信贷"""
    FUMIN_LOAN = "fumin_loan"
    """对接富民贷"""
    ORDER = "order"
    """对接食堂、工会采购订单"""
    ILLNESS_AID = "illness_aid"
    """防返贫基金、慈善医疗救助"""
    SCHOOLING_AID = "schooling_aid"
    """慈善助学"""
    RELIEF_AID = "relief_aid"
    """灾害和意外事故救助"""
    HOUSING_AID = "housing_aid"
    """住房修缮救助"""
    WATER_AID = "water_aid"
    """饮水改善救助"""
    FARMING_AID = "farming_aid"
    """助农致富帮扶"""
    MEDICAL_CLAIM = "medical_claim"
    """春城惠民保理赔"""
    CROP_CLAIM = "crop_claim"
    """农业保险理赔"""


class FirstOffer(StrEnum):
    """首批帮扶事项: what the first version of the events can name; from the second on it is an open list of codes."""

    JOB = "job"
    """推荐就业岗位"""
    PUBLIC_POST = "public_post"
    """安排乡村公益性岗位"""
    PETTY_LOAN = "petty_loan"
    """对接脱贫人口小额信贷"""
    FUMIN_LOAN = "fumin_loan"
    """对接富民贷"""
    ORDER = "order"
    """对接食堂、工会采购订单"""


class DeclineReason(StrEnum):
    """不予办理原因: codes only, as events carry no free text."""

    NOT_ELIGIBLE = "not_eligible"
    """不符合条件"""
    NO_CAPACITY = "no_capacity"
    """暂无岗位、额度或订单"""
    NOT_WANTED = "not_wanted"
    """农户不愿意"""
    NOT_REACHED = "not_reached"
    """联系不上"""
    NOT_NEEDED = "not_needed"
    """已不需要"""


class _Answer(Event):
    """The `fact_id` of every answer is the request; the highest revision says how it stands."""

    SERVICE: ClassVar[Service]
    PUBLISHERS: ClassVar[tuple[Service, ...]] = ("employment", "finance", "procurement")

    request_id: UUID
    category: MeasureCategory
    """帮扶措施类别 it is, once provided"""
    development: bool
    """开发式帮扶措施"""
    causes: tuple[RiskCause, ...]
    """针对的风险"""
    asked_on: date
    taken_on: date | None = None
    """the day the department took it up; null = it did not"""
    business_date: date
    officer: str
    """account name, never a person's name; the service's name where the fact itself answered"""

    @classmethod
    def publishers(cls) -> tuple[Service, ...]:
        """Every service that can be asked."""
        return cls.PUBLISHERS

    @classmethod
    def wire_type(cls) -> str:
        """One shape of several publishers, so the type names what it is about."""
        return f"{TYPE_PREFIX}.help.{cls.event_name()}.v{cls.VERSION}"


class _Provided(_Answer):
    reference: UUID
    """the job spell, the subsidy, the loan, the order, the aid or the claim"""
    provided_on: date
    """the day of that fact"""


class _Declined(_Answer):
    reason: DeclineReason


class HelpTaken(_Answer):
    """已受理: a department works on the request."""

    offer: FirstOffer


class HelpTakenV2(_Answer):
    """已受理: a department works on the request."""

    VERSION: ClassVar[int] = 2

    offer: str
    """帮扶事项, a code of `HelpOffer`; new ones may come"""


class HelpProvided(_Provided):
    """已提供帮扶: what was asked for has come about; voided where the fact it rests on was taken back."""

    offer: FirstOffer


class HelpProvidedV2(_Provided):
    """已提供帮扶: what was asked for has come about; voided where the fact it rests on was taken back."""

    VERSION: ClassVar[int] = 2

    offer: str
    """帮扶事项, a code of `HelpOffer`; new ones may come"""


class HelpDeclined(_Declined):
    """不予办理: the department will not do it, and why."""

    offer: FirstOffer


class HelpDeclinedV2(_Declined):
    """不予办理: the department will not do it, and why."""

    VERSION: ClassVar[int] = 2

    offer: str
    """帮扶事项, a code of `HelpOffer`; new ones may come"""
