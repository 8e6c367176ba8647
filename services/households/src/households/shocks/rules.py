"""Pure rules of shocks."""

from collections.abc import Iterator
from decimal import Decimal

from kit.errors import Conflict, Invalid, NotFound, Refusal

from ..conditions.rules import CENT, MOST_YUAN

DISASTER = "disaster"


class ShockUnknown(NotFound):
    """突发事件不存在或不在管辖范围."""

    code = "shock-unknown"
    zh, en = "没有此突发事件记录，或不在您的管理范围内", "no such shock in your area"


class ShockStands(Conflict):
    """突发事件已登记: one kind of shock of a household on one day is one fact."""

    code = "shock-stands"
    zh, en = "该户当日此类突发事件已登记", "a shock of this kind on this day is reported already"
    fix_zh, fix_en = "改为更正已登记的记录", "correct the reported shock"
    pointer = "/happened_on"


class ShockClosed(Conflict):
    """影响已消除或记录已作废, or it would be resolved before it happened."""

    code = "shock-closed"
    zh, en = "影响已消除、记录已作废，或消除日期早于发生日期", "it is resolved or void, or would end before it happened"
    pointer = "/resolved_on"


class DisasterKindAmiss(Invalid):
    """灾害种类: a disaster has one, an accident has none."""

    code = "disaster-kind"
    zh, en = "自然灾害须填灾害种类，意外事故不填", "a disaster names its kind, an accident does not"
    fix_zh, fix_en = "补填或删去灾害种类", "state or leave out the kind of disaster"
    pointer = "/disaster"


def shock_problems(kind: str, disaster: str | None, loss: Decimal | None) -> Iterator[Refusal]:
    """What is wrong with one shock."""
    if (kind == DISASTER) != (disaster is not None):
        yield DisasterKindAmiss()
    if loss is not None and (not 0 <= loss < MOST_YUAN or loss != loss.quantize(CENT)):
        yield Invalid(
            code="amount",
            zh="损失金额应为非负数，最多两位小数",
            en="a loss is not negative and has two places at most",
            pointer="/loss",
        )
