"""What holds for talents and the list of their kinds; the refusals of this capability.

NotFound
├── TalentUnknown, TalentKindUnknown
Forbidden
└── KindsOfTheCity     the list of kinds is the city's
Conflict
├── TalentStands       this person is registered for this kind
├── TalentOver         it has ended, or was taken back
└── TalentKindKnown    the code is in the list
Invalid
├── WhoIsTalented, TalentEntityUnknown, KindNotOffered, TalentDates
"""

from uuid import UUID

from kit.errors import Conflict, Forbidden, Invalid, NotFound


class TalentUnknown(NotFound):
    """人才记录不存在或不在管辖范围."""

    code = "talent-unknown"
    zh, en = "没有此人才记录，或不在您的管理范围内", "no such talent in your area"


class TalentKindUnknown(NotFound):
    """人才类别不存在."""

    code = "talent-kind-unknown"
    zh, en = "没有此人才类别", "no such kind of talent"


class KindsOfTheCity(Forbidden):
    """类别清单由市级维护."""

    code = "talent-kinds-of-the-city"
    zh, en = "人才类别清单由市级维护", "the list of kinds is kept by the city"


class TalentStands(Conflict):
    """该人员已登记此类人才."""

    code = "talent-stands"
    zh, en = "该人员已登记为此类人才", "this person is registered for this kind already"
    pointer = "/kind"


class TalentOver(Conflict):
    """已退出或作废."""

    code = "talent-over"
    zh, en = "该人才记录已退出或作废", "it has ended, or was taken back"


class TalentKindKnown(Conflict):
    """类别代码已在清单中."""

    code = "talent-kind-known"
    zh, en = "该类别代码已在清单中", "the code is in the list already"
    pointer = "/code"


class WhoIsTalented(Invalid):
    """农户成员填人员，其他人填姓名和经营主体."""

    code = "talent-who"
    zh, en = (
        "农户成员填 person_id，其他人填 name 和 entity_id",
        "a member of a household by person_id, somebody else by name and entity_id",
    )
    pointer = "/person_id"


class TalentEntityUnknown(Invalid):
    """没有此经营主体."""

    code = "talent-entity-unknown"
    zh, en = "没有此经营主体，已注销，或不在您的管理范围内", "no such entity in your area, or it is closed"
    pointer = "/entity_id"


class KindNotOffered(Invalid):
    """类别不在清单中或已停用."""

    code = "talent-kind-not-offered"
    zh, en = "人才类别不在清单中，或已停用", "the kind is not in the list, or no longer used"
    fix_zh, fix_en = "从 /v1/talent-kinds 选择", "choose one of /v1/talent-kinds"
    pointer = "/kind"


class TalentDates(Invalid):
    """日期早于登记."""

    code = "talent-dates"
    zh, en = "日期早于起始日", "the day lies before it began"
    pointer = "/until"


def check_who(person_id: UUID | None, name: str | None, entity_id: UUID | None) -> None:
    """A talent is a member of a household, or somebody of an entity by name.

    Raises:
        WhoIsTalented: otherwise.
    """
    if (person_id is None) == (name is None) or (name is not None and entity_id is None):
        raise WhoIsTalented
