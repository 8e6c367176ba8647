"""Pure rules of advisers."""

from kit.errors import Conflict, Invalid, NotFound


class AdviserUnknown(NotFound):
    """科技顾问不存在或不在管辖范围."""

    code = "adviser-unknown"
    zh, en = "没有此科技顾问，或不在您的管理范围内", "no such adviser in your area"


class AdviserStands(Conflict):
    """该顾问已在此村."""

    code = "adviser-stands"
    zh, en = "该顾问已在此村任同一产业的顾问", "this adviser advises the village on this trade already"
    pointer = "/name"


class AdviserReleasedAlready(Conflict):
    """已离任, or would leave before beginning."""

    code = "adviser-released"
    zh, en = "该顾问已离任，或离任日期早于开始日期", "the adviser left already, or would leave before beginning"
    pointer = "/until"


class VillageAdvisedUnknown(Invalid):
    """没有此行政村."""

    code = "village-unknown"
    zh, en = "没有此行政村，或不在您的管理范围内", "no such village in your area"
    fix_zh, fix_en = "从 /v1/regions 取 12 位村级代码", "take a 12-digit village code from /v1/regions"
    pointer = "/region_code"
