"""What is refused when help is asked for.

├── HelpUnknown (404)      no such request, or outside one's area
├── HelpAsked (409)        the household has an open request for the same
├── CaseOver (409)         the case was refused: the household is no target
└── OfferMisses (422)      policy does not offer this for the causes
"""

from kit.errors import Conflict, Invalid, NotFound


class HelpUnknown(NotFound):
    """请求不存在."""

    code = "help-request-unknown"
    zh, en = "没有这条帮扶请求，或不在您的管理范围内", "no such request, or it lies outside your area"


class HelpAsked(Conflict):
    """已提出同一请求."""

    code = "help-asked"
    zh, en = "该户同一事项的帮扶请求尚在办理中", "the same help has been asked for this household and is not answered"
    fix_zh, fix_en = "请在预警或个案的帮扶请求中查看进展", "see how it stands among the requests of the alert or case"


class CaseOver(Conflict):
    """个案未纳入."""

    code = "case-over"
    zh, en = "该个案已作出不予纳入的决定", "the case was refused"
    fix_zh, fix_en = "如情况有变，请登记新的线索", "register a new clue if things have changed"


class OfferMisses(Invalid):
    """事项与风险不对应."""

    code = "offer-misses"
    zh, en = "按现行政策，该事项不对应这些风险", "policy does not offer this help for these causes"
    fix_zh, fix_en = "请从适用事项中选择", "choose one of the offers"
    pointer = "/offer"
