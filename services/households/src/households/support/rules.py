"""Pure rules of helpers."""

from kit.errors import Conflict, NotFound


class HelperUnknown(NotFound):
    """帮扶责任人记录不存在或不在管辖范围."""

    code = "helper-unknown"
    zh, en = "没有此帮扶责任人记录，或不在您的管理范围内", "no such helper in your area"


class HelperAssignedAlready(Conflict):
    """该责任人已在帮扶此户."""

    code = "helper-assigned"
    zh, en = "该责任人已在帮扶此户", "this helper answers for the household already"
    pointer = "/name"


class HelperReleasedAlready(Conflict):
    """帮扶已解除, or would end before it began."""

    code = "helper-released"
    zh, en = "帮扶已解除，或解除日期早于开始日期", "it ended already, or would end before it began"
    pointer = "/until"
