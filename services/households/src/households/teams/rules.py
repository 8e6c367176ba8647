"""Pure rules of teams."""

from kit.errors import Conflict, Invalid, NotFound


class MemberUnknown(NotFound):
    """成员不存在或不在管辖范围."""

    code = "team-member-unknown"
    zh, en = "没有此成员，或不在您的管理范围内", "no such team member in your area"


class MemberReleasedAlready(Conflict):
    """已离任, or would leave before joining."""

    code = "team-member-released"
    zh, en = "该成员已离任，或离任日期早于开始日期", "the member left already, or would leave before joining"
    pointer = "/until"


class VillageTeamUnknown(Invalid):
    """没有此行政村."""

    code = "village-unknown"
    zh, en = "没有此行政村，或不在您的管理范围内", "no such village in your area"
    fix_zh, fix_en = "从 /v1/regions 取 12 位村级代码", "take a 12-digit village code from /v1/regions"
    pointer = "/region_code"


class WhoIsIt(Invalid):
    """脱贫户填户，其他成员填姓名."""

    code = "team-member-who"
    zh, en = "脱贫户成员填 household_id，其他成员填 name", "a household takes its place by household_id, others by name"
    pointer = "/household_id"


class HouseholdElsewhere(Invalid):
    """该户不在此村."""

    code = "household-elsewhere"
    zh, en = "该户不在此村", "the household lies in another village"
    pointer = "/household_id"
