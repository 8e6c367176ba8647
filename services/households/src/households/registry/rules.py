"""Pure rules of the registry: what a household and its members must look like, and who wins over whom."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound, Refusal

FIRST_VERSION = 1
"""Of a household or a person that nobody registered before."""

HEAD = "户主"
SPOUSE = "配偶"

RELATIONS = frozenset(
    [
        "户主",
        "配偶",
        "之子",
        "之女",
        "之儿媳",
        "之女婿",
        "之孙子",
        "之孙女",
        "之外孙子",
        "之外孙女",
        "之父",
        "之母",
        "之岳父",
        "之岳母",
        "之公公",
        "之婆婆",
        "之祖父",
        "之祖母",
        "之外祖父",
        "之外祖母",
        "之兄弟姐妹",
        "之曾孙子",
        "之曾孙女",
        "之侄儿",
        "之侄女",
        "之兄弟媳妇",
        "之叔伯",
        "其他",
    ]
)
"""与户主关系 (national list)."""

EDUCATION = frozenset(["文盲或半文盲", "小学", "初中", "高中", "大专", "本科及以上"])
"""文化程度 (national list)."""

PRESCHOOL = "学龄前儿童"

HEALTH = frozenset(["健康", "长期慢性病", "患有大病", "残疾"])
"""健康状况 (national list, several at once)."""

LEAVING = frozenset({"moved", "died", "married", "split", "corrected"})
"""离开原因: 迁出, 死亡, 婚嫁, 分户, 更正; a merge (并户) and its undoing have reasons never given by hand."""

MERGED, UNMERGED, SPLIT = "merged", "unmerged", "split"


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class MemberShape:
    """成员: as much of a member as the rules about a whole household look at."""

    identity: str
    relation: str
    sex: str


class NumberTaken(Conflict):
    """户编号已存在: the number names a household already, perhaps one out of scope."""

    code = "number-taken"
    zh, en = "户编号已登记", "the household number is registered already"
    fix_zh, fix_en = "核对户编号，或改为更新该户", "check the number, or update that household"
    pointer = "/number"


class RegisteredElsewhere(Conflict):
    """已在其他户登记: one person once; out of scope no candidate is named."""

    code = "registered-elsewhere"
    fix_zh, fix_en = "先由原户或上级办理迁出，再登记", "have the person moved from the other household first"

    def __init__(self, position: int | None = None, candidate: str | None = None):
        super().__init__(
            zh=f"该成员已在其他户登记{f'（户编号 {candidate}）' if candidate else ''}",
            en=f"the person is registered elsewhere{f' (household {candidate})' if candidate else ''}",
            pointer="/certificate" if position is None else f"/members/{position}/certificate",
        )


class HouseholdUnknown(NotFound):
    """户不存在或不在管辖范围: the answer is the same for both."""

    code = "household-unknown"
    zh, en = "没有此户，或不在您的管理范围内", "no such household in your area"


class PersonUnknown(NotFound):
    """人员不存在或不在管辖范围: the answer is the same for both."""

    code = "person-unknown"
    zh, en = "没有此人，或不在您的管理范围内", "no such person in your area"


class VillageUnknown(Invalid):
    """行政村不存在或不在管辖范围."""

    code = "village-unknown"
    zh, en = "没有此行政村，或不在您的管理范围内", "no such village in your area"
    fix_zh, fix_en = "从 /v1/regions 取 12 位村级代码", "take a 12-digit village code from /v1/regions"
    pointer = "/region_code"


class HouseholdBusy(Conflict):
    """登记冲突: somebody changed the same household or person at the same moment."""

    code = "changed-meanwhile"
    zh, en = "同一时刻有人变更了相同的户或人", "somebody changed the same household or person just now"
    fix_zh, fix_en = "请重新读取后再试", "read it again, then try again"


class CaseDecidedToday(Conflict):
    """个案当日已决定: of a day the case decides, so that everybody who hears of both agrees."""

    code = "case-decided-today"
    zh, en = "该户的监测个案今日已有决定", "the household's case was decided today"
    fix_zh, fix_en = "在个案中办理，或次日再变更登记", "go on in the case, or change the register on a later day"


class HouseholdMergedAway(Conflict):
    """户已并入他户: it stands as an alias only; what is to be recorded belongs to the other household."""

    code = "household-merged"
    zh, en = "该户已并入另一户，不再单独登记", "the household was merged into another one and takes no entries"
    fix_zh, fix_en = "向并入后的户登记，或先撤销并户", "record it for the household that stands, or undo the merge"


class NotMerged(Conflict):
    """该户未并入他户."""

    code = "not-merged"
    zh, en = "该户没有并入其他户", "the household is not merged into another one"
    fix_zh, fix_en = "核对户编号", "check which household was merged"


class HasAbsorbed(Conflict):
    """该户已吸收他户: chains of merges would hide who was whose."""

    code = "household-absorbed"
    zh, en = (
        "该户已吸收其他户，不能再并入别的户",
        "other households were merged into this one, it cannot be merged away",
    )
    fix_zh, fix_en = "将各户分别并入最终保留的户", "merge each of them into the household that will stand"
    pointer = "/into_household_id"


class MergeIntoItself(Conflict):
    """不能并入自身."""

    code = "merge-into-itself"
    zh, en = "一户不能并入自身", "a household cannot be merged into itself"
    pointer = "/into_household_id"


class NotItsMember(Invalid):
    """不是此户成员."""

    code = "not-its-member"
    zh, en = "所列人员不是此户现有成员", "a person named is not a member of this household"
    fix_zh, fix_en = "从该户成员中选择", "name members of the household"
    pointer = "/members"


class OtherVillage(Conflict):
    """户不在该行政村."""

    code = "other-village"
    zh, en = "所列户中有不在该行政村的户", "a household named lies in another village"
    fix_zh, fix_en = "只填该行政村的户", "name households of that village only"
    pointer = "/household_ids"


class PersonDied(Conflict):
    """该人员已登记死亡."""

    code = "person-died"
    fix_zh, fix_en = "若死亡登记有误，先更正原登记", "where the death was recorded by mistake, correct that first"

    def __init__(self, position: int | None = None):
        super().__init__(
            zh="该人员已登记死亡，不能再加入户",
            en="the person is recorded as deceased and cannot join a household",
            pointer="/certificate" if position is None else f"/members/{position}/certificate",
        )


class PersonAmbiguous(Conflict):
    """多人符合: more than one person fits; the candidates are named masked, none is chosen."""

    code = "person-ambiguous"
    zh, en = "有多人符合条件，系统不会替您选择", "more than one person fits; none is chosen for you"
    fix_zh, fix_en = "补充证件号码或出生日期", "add the certificate or the date of birth"


class SearchTooWide(Invalid):
    """查询范围过大."""

    code = "search-too-wide"
    zh, en = "符合条件的户过多", "too many households fit"
    fix_zh, fix_en = "补充村或其他条件", "add a village or another criterion"


class AlreadyMember(Conflict):
    """已在此户: a move within one household."""

    code = "already-member"
    zh, en = "该成员已在此户", "the person belongs to this household already"
    pointer = "/to_household_id"


class HeadLeaves(Conflict):
    """户主离开: somebody who stays must become the head."""

    code = "head-leaves"
    zh, en = "户主离开，须指定新户主", "the head leaves; name the member who becomes head"
    fix_zh, fix_en = "在 successor_id 中填写留下的成员", "name a member who stays in successor_id"
    pointer = "/successor_id"


class LeftBeforeJoined(Conflict):
    """离开日期早于加入日期."""

    code = "left-before-joined"
    zh, en = "离开日期早于加入日期", "the person would leave before joining"
    pointer = "/on"


def household_problems(members: Sequence[MemberShape]) -> list[Refusal]:
    """What is wrong with the members of one household, taken together."""
    if not members:
        return [_invalid("no-member", "一户至少一名成员", "a household has at least one member", "/members")]
    return [*_head_problems(members), *_spouse_problems(members), *_twice(members)]


def _head_problems(members: Sequence[MemberShape]) -> Iterator[Refusal]:
    heads = sum(member.relation == HEAD for member in members)
    if heads == 0:
        yield _invalid("no-head", "没有户主", "no head of household", "/members")
    if heads > 1:
        yield _invalid("two-heads", "户主多于一人", "more than one head of household", "/members")


def _spouse_problems(members: Sequence[MemberShape]) -> Iterator[Refusal]:
    spouses = [(place, member) for place, member in enumerate(members) if member.relation == SPOUSE]
    head = next((member for member in members if member.relation == HEAD), None)
    if len(spouses) > 1:
        yield _invalid("two-spouses", "配偶多于一人", "more than one spouse", "/members")
    elif spouses and head is not None and spouses[0][1].sex == head.sex:
        pointer = f"/members/{spouses[0][0]}/relation"
        yield _invalid("spouse-sex", "配偶与户主性别相同", "spouse and head are of the same sex", pointer)


def _twice(members: Sequence[MemberShape]) -> Iterator[Refusal]:
    counts = Counter(member.identity for member in members)
    for place, member in enumerate(members):
        if counts[member.identity] > 1:
            pointer = f"/members/{place}/certificate"
            yield _invalid("person-twice", "同一证件号码出现多次", "the same certificate stands twice", pointer)


def _invalid(code: str, zh: str, en: str, pointer: str) -> Invalid:
    return Invalid(code=code, zh=zh, en=en, pointer=pointer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """决定: when a household's place on the list was decided, and by which step of a case; no case: by a statement."""

    on: date
    case_id: UUID | None = None
    case_version: int = 0


def case_wins(known: Decided, new: Decided) -> bool:
    """Whether a step of a case decides: the latest dated one does, of two of a day the later step of the case."""
    if known.case_id is not None and known.case_id == new.case_id:
        return new.on >= known.on and new.case_version > known.case_version
    return new.on >= known.on


def statement_wins(known: Decided, on: date, *, listed: bool) -> bool:
    """Whether a statement decides: the latest dated one does, and against a step of a case only by naming a category.

    The county's decision reaches the national system days later; an export that does not know it yet takes nobody off.
    """
    if known.case_id is None:
        return on >= known.on
    return listed and on > known.on


def decided_by_statement(known: Decided, on: date, *, was_listed: bool, listed: bool) -> Decided:
    """The decision once a statement has decided: not to name who was not listed is none.

    So an export that does not know the county's decision yet does not stand against it, whichever is heard first.
    """
    return Decided(on=on) if listed or was_listed else known


def check_own_word(known: Decided, on: date) -> None:
    """An officer changes the register against a step of a case by a later day only.

    Raises:
        CaseDecidedToday: it is the same day.
    """
    if known.case_id is not None and on <= known.on:
        raise CaseDecidedToday


def day_kept(known: date | None, stated: date | None) -> date | None:
    """Exports know months: a day of the same month that is known already stays."""
    if known is None or stated is None or (known.year, known.month) != (stated.year, stated.month):
        return stated
    return known if stated.day == 1 else stated


def name_key(name: str) -> str:
    """A name as it is compared: without spaces, middle dots in one form."""
    return "".join(name.split()).replace("•", "·").replace("・", "·")


def one_refusal(problems: Sequence[Refusal]) -> Refusal:
    """One refusal that carries them all."""
    if len(problems) == 1:
        return problems[0]
    return Invalid(
        code="household-refused",
        zh=f"{len(problems)} 处问题,未登记",
        en=f"{len(problems)} problems; nothing was taken",
        fix_zh="按 errors 逐项更正",
        fix_en="correct each entry of errors",
        several=problems,
    )


def in_school(school_stage: str | None) -> bool:
    """在校生: a stage is filled and it is not 学龄前儿童."""
    return school_stage is not None and school_stage != PRESCHOOL


def member_since(told: date | None, birth_date: date, left_last: date | None) -> date:
    """Since when a person belongs: as told, else since the last household ended, else since birth.

    A statement that names members without dates means that they always belonged, so income before it counts too.
    """
    return told or left_last or birth_date


def check_leaving(since: date, until: date, reason: str) -> None:
    """Refuse a leaving that ends before it began or has no known reason."""
    if until < since:
        raise LeftBeforeJoined
    if reason not in LEAVING:
        raise _invalid("leaving-reason", "离开原因不在清单内", "unknown reason", "/reason")
