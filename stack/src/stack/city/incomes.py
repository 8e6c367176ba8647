"""What a family earns in the twelve months before the export, in whole yuan, each kind the sum of its parts."""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from workbook import Amounts, MemberRecord

_CENT: Final = Decimal("0.01")


def amounts(draw: random.Random, members: Sequence[MemberRecord], ages: Sequence[int], *, fortune: float) -> Amounts:
    """The amounts of a household.

    Args:
        draw: of the village.
        members: with the months that they worked.
        ages: of the members, in their order.
        fortune: how well the household does beside others, around 1.
    """
    wage = sum(round((member.work_months or 0) * draw.randint(2300, 4600) * fortune) for member in members)
    business = round(draw.triangular(1500, 26_000, 7000) * fortune)
    cost = round(business * draw.uniform(0.25, 0.45))
    dividend = draw.choice((0, 0, 0, 200, 350, 500, 800))
    pension = sum(1560 for age in ages if age >= 60)
    poor = wage == 0 and fortune < 0.95
    subsistence = len(members) * draw.randint(250, 420) * 12 if poor or fortune < 0.55 else 0
    ecology = draw.choice((0, 0, 300, 600, 1200))
    other = draw.randint(150, 1800)
    transfer = subsistence + pension + ecology + other
    net = Decimal(wage + business + dividend + transfer - cost)
    sick = any("患有大病" in member.health or "长期慢性病" in member.health for member in members)
    self_paid = draw.randint(600, 9500) if sick else draw.choice((0, 0, 0, 180, 460))
    told = {
        "wage": wage, "business": business, "property": dividend, "asset_dividend": dividend, "other_property": 0,
        "transfer": transfer, "family_planning": 0, "subsistence": subsistence, "special_care_money": 0,
        "pension": pension, "ecology": ecology, "other_transfer": other, "business_cost": cost, "claims": 0,
        "self_paid": self_paid,
    }  # fmt: skip
    per_head = (net / len(members)).quantize(_CENT)
    return Amounts(**{name: Decimal(amount) for name, amount in told.items()}, net=net, per_head=per_head)
