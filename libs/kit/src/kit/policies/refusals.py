"""What is refused when a policy value is set.

Forbidden
├── PolicyOutOfArea      a value can be set within one's own area only
└── SamePerson           whoever drafted does not release
NotFound
└── DraftUnknown         not there, or outside one's area
Conflict
├── DraftDecided         released or withdrawn already
└── DraftOvertaken       a later draft of the same name, path and first day was released meanwhile
Invalid
├── UnknownPolicy        no rule reads a value of this name
├── EndsBeforeItBegins   the last day lies before the first
└── NotOfItsUnit         the number is none that its unit can have
"""

from ..errors import Conflict, Forbidden, Invalid, NotFound


class PolicyOutOfArea(Forbidden):
    """超出管理范围: a value may be set only within one's own area."""

    code = "policy-out-of-area"
    zh, en = "只能为本辖区设定政策值", "a value can be set within your own area only"
    fix_zh, fix_en = "请选择您管理范围内的区划", "choose a region within your area"
    pointer = "/path"


class SamePerson(Forbidden):
    """起草人不得发布: a value takes effect by two persons."""

    code = "policy-needs-second-person"
    zh, en = "政策值须由起草人以外的另一人发布", "a value is released by another person than the one who drafted it"
    fix_zh, fix_en = "请由另一位有发布权限的人员复核后发布", "let somebody else with the right to approve review it"


class DraftUnknown(NotFound):
    """草案不存在."""

    code = "policy-draft-unknown"
    zh, en = "没有这份政策值草案，或不在您的管理范围内", "no such draft, or it lies outside your area"


class DraftDecided(Conflict):
    """草案已处理."""

    code = "policy-draft-decided"
    zh, en = "该草案已发布或已撤回", "the draft was released or withdrawn already"
    fix_zh, fix_en = "如需更改，请起草新的政策值", "draft a new value"


class DraftOvertaken(Conflict):
    """草案已被取代: released now, it would have no effect."""

    code = "policy-draft-overtaken"
    zh, en = (
        "起草之后，同一名称、区划和生效日期的另一政策值已经发布",
        "another value of this name, path and first day was drafted later and is released",
    )
    fix_zh, fix_en = "请撤回该草案，必要时重新起草", "withdraw the draft; draft it anew if it shall hold after all"


class UnknownPolicy(Invalid):
    """未知政策名: no rule reads a value of this name."""

    code = "unknown-policy"
    zh, en = "没有规则使用这个名称的政策值", "no rule reads a value of this name"
    fix_zh, fix_en = (
        "请从政策列表或答复的 missing 中选择名称",
        "choose a name from the list of policies, or one that an answer calls missing",
    )
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


class NotOfItsUnit(Invalid):
    """数值与单位不符; raised with what the unit asks for."""

    code = "not-of-its-unit"
    fix_zh, fix_en = "请按该政策值的单位填写", "give the number in the unit of this value"
    pointer = "/value"
