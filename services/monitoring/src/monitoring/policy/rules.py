"""Policy as it stood at one entry of the received log: the date, the values known by then, and when they change."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from kit.errors import Conflict, Forbidden, Invalid, NotFound

from ..risk.rules import Policy, PolicyValue


class _NoPolicy:
    def at(self, name: str, path: str, on: date) -> PolicyValue | None:
        return None


NO_POLICY: Final[Policy] = _NoPolicy()
"""Nothing is known."""

_MOST_REMEMBERED: Final = 50_000


class Remembering:
    """政策簿 that remembers its answers: the same question comes up for every household of a village."""

    def __init__(self, policy: Policy):
        self._policy = policy
        self._known: dict[tuple[str, str, date], PolicyValue | None] = {}

    def at(self, name: str, path: str, on: date) -> PolicyValue | None:
        """The value of a name for a place on a day; None = unknown."""
        key = (name, path, on)
        if key not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = self._policy.at(name, path, on)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class World:
    """政策与业务日期 at entry `number` of the received log.

    Attributes:
        on: the business date; None before the first tick.
        next_boundary: first later day on which a policy value begins or ends.
        policy_changed: whether this entry is a policy change, which is due for everybody.
    """

    number: int
    on: date | None
    policy: Policy
    next_boundary: date = date.max
    policy_changed: bool = False


class UnknownPolicy(Invalid):
    """未知政策名: no rule reads a value of this name."""

    code = "unknown-policy"
    zh, en = "没有规则使用这个名称的政策值", "no rule reads a value of this name"
    fix_zh, fix_en = "请从政策列表中选择名称", "choose a name from the list of policies"
    pointer = "/name"


class EndsBeforeItBegins(Invalid):
    """止期早于起期."""

    code = "ends-before-it-begins"
    zh, en = "失效日期早于生效日期", "the last day lies before the first"
    fix_zh, fix_en = (
        "请修改失效日期，或留空表示长期有效",
        "correct the last day, or leave it out while the value stands",
    )
    pointer = "/valid_to"


class PolicyOutOfArea(Forbidden):
    """超出管理范围: a value may be set only within one's own area."""

    code = "policy-out-of-area"
    zh, en = "只能为本辖区设定政策值", "a value can be set within your own area only"
    fix_zh, fix_en = "请选择您管理范围内的区划", "choose a region within your area"
    pointer = "/path"


class DraftUnknown(NotFound):
    """草案不存在."""

    code = "policy-draft-unknown"
    zh, en = "没有这份政策值草案，或不在您的管理范围内", "no such draft, or it lies outside your area"


class SamePerson(Forbidden):
    """起草人不得发布: a value takes effect by two persons."""

    code = "policy-needs-second-person"
    zh, en = "政策值须由起草人以外的另一人发布", "a value is released by another person than the one who drafted it"
    fix_zh, fix_en = "请由另一位有发布权限的人员复核后发布", "let somebody else with the right to approve review it"


class DraftDecided(Conflict):
    """草案已处理."""

    code = "policy-draft-decided"
    zh, en = "该草案已发布或已撤回", "the draft was released or withdrawn already"
    fix_zh, fix_en = "如需更改，请起草新的政策值", "draft a new value"


def check_second_person(drafted_by: str, releases: str) -> None:
    """Four eyes: whoever drafted does not release.

    Raises:
        SamePerson: the same account does both.
    """
    if drafted_by == releases:
        raise SamePerson
