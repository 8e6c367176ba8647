"""What can be asked of other services, and which causes policy lets it answer. Pure.

The table cause → offer is policy data: `offer.<cause>.<offer>` is 1 where and while a department is asked for that,
so a county can add to it or end it by two persons. Where nothing says so, nothing is offered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ...cases.rules import Measure, answers
from ...risk.rules import Policy, PolicyValue

DUE_DAYS: Final = "help.request.days"
"""办理期限: calendar days that a department has for its answer"""


@dataclass(frozen=True, slots=True)
class Offering:
    """帮扶事项: who is asked, which measure it is, its name."""

    service: str
    category: Measure
    zh: str
    en: str


OFFERS: Final[Mapping[str, Offering]] = {
    "job": Offering("employment", Measure.EMPLOYMENT, "推荐就业岗位", "a job"),
    "public_post": Offering("employment", Measure.PUBLIC_POST, "安排乡村公益性岗位", "a rural public-welfare post"),
    "traffic_subsidy": Offering("employment", Measure.EMPLOYMENT, "协助申领跨省务工交通补助", "a traffic subsidy"),
    "petty_loan": Offering("finance", Measure.FINANCE, "对接脱贫人口小额信贷", "a petty loan"),
    "fumin_loan": Offering("finance", Measure.FINANCE, "对接富民贷", "a Fumin loan"),
    "order": Offering("procurement", Measure.INDUSTRY, "对接食堂、工会采购订单", "an order of a canteen or union"),
    "illness_aid": Offering("finance", Measure.SOCIAL, "对接防返贫基金、慈善医疗救助", "aid of a fund for illness"),
    "schooling_aid": Offering("finance", Measure.SOCIAL, "对接慈善助学", "aid of a fund for schooling"),
    "relief_aid": Offering("finance", Measure.SOCIAL, "对接灾害和意外事故救助", "aid of a fund after a blow"),
    "housing_aid": Offering("finance", Measure.HOUSING, "对接住房修缮救助", "aid of a fund for the house"),
    "water_aid": Offering("finance", Measure.WATER, "对接饮水改善救助", "aid of a fund for drinking water"),
    "farming_aid": Offering("finance", Measure.INDUSTRY, "对接助农致富帮扶", "aid of a fund for farming"),
    "medical_claim": Offering("finance", Measure.HEALTH, "协助春城惠民保理赔", "a claim on 春城惠民保"),
    # Not 产业帮扶: what an insurer makes good lets nobody earn more, so it is no measure of development.
    "crop_claim": Offering("finance", Measure.FINANCE, "协助农业保险理赔", "a claim on agricultural insurance"),
}
"""Offer → what it is; each has its counterpart in the service that is asked."""

CAUSES: Final = (
    "illness",
    "disability",
    "schooling",
    "disaster",
    "accident",
    "business_failure",
    "unstable_work",
    "labour_shortage",
    "housing",
    "water",
    "other",
)
"""风险原因 by code"""


def flag(cause: str, offer: str) -> str:
    """The policy value that says whether an offer answers a cause."""
    return f"offer.{cause}.{offer}"


FLAGS: Final = tuple(
    flag(cause, offer) for cause in CAUSES for offer, what in OFFERS.items() if answers(cause, what.category)
)
"""Names of the table's values; what the consistency rules of domain 1.8 would not count cannot be offered."""


@dataclass(frozen=True, slots=True)
class Fit:
    """适用事项: an offer with the causes it answers and the policy values that say so."""

    offer: str
    causes: tuple[str, ...]
    values: tuple[PolicyValue, ...]

    @property
    def policy_version(self) -> str:
        """政策版本: the values, in words that find them again."""
        return "; ".join(f"{value.name}@{value.valid_from} {value.document}" for value in self.values)


def fitting(causes: Iterable[str], policy: Policy, path: str, on: date) -> list[Fit]:
    """The offers that answer some of the causes at a place on a day, in their order."""
    asked = tuple(dict.fromkeys(causes))
    found = []
    for offer in OFFERS:
        known = {cause: policy.at(flag(cause, offer), path, on) for cause in asked if flag(cause, offer) in FLAGS}
        said = {cause: value for cause, value in known.items() if value is not None and value.value == 1}
        if said:
            found.append(Fit(offer, tuple(said), tuple(said.values())))
    return found
