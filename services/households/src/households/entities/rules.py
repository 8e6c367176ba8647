"""What holds for market entities, links and benefits; the refusals of this capability.

NotFound
├── EntityUnknown, LinkUnknown, BenefitUnknown, ModeUnknown
Forbidden
├── EntityElsewhere    an entity of another area is read, not changed
└── ModesOfTheCity     the list of modes is the city's
Conflict
├── EntityKnown        the credit code stands for other data
├── EntityClosed       it takes no changes and no links
├── ModeKnown          the code is in the list
├── LinkStands         the contract stands with other terms
├── LinkOver           it has ended, or was taken back
├── LinkPaid           money was paid under it
├── BenefitStands      the voucher stands with other terms
└── BenefitVoid        it was taken back
Invalid
├── EntityRegionUnknown, ModeNotOffered, LinkDates, BenefitMonths, BenefitOutsideLink, LinkElsewhere, NamedTwice
"""

from datetime import date
from typing import Final

from income.months import Month
from kit.errors import Conflict, Forbidden, Invalid, NotFound

MOST_MONTHS: Final = 120
"""That one payment may be for: ten years of rent paid at once."""


class EntityUnknown(NotFound):
    """市场主体不存在."""

    code = "entity-unknown"
    zh, en = "没有此市场主体", "no such market entity"


class LinkUnknown(NotFound):
    """利益联结不存在或不在管辖范围."""

    code = "link-unknown"
    zh, en = "没有此利益联结，或不在您的管理范围内", "no such interest link in your area"


class BenefitUnknown(NotFound):
    """收益记录不存在或不在管辖范围."""

    code = "benefit-unknown"
    zh, en = "没有此收益记录，或不在您的管理范围内", "no such benefit in your area"


class ModeUnknown(NotFound):
    """利益联结模式不存在."""

    code = "interest-mode-unknown"
    zh, en = "没有此利益联结模式", "no such mode of interest links"


class EntityElsewhere(Forbidden):
    """市场主体属于其他辖区."""

    code = "entity-elsewhere"
    zh, en = "该市场主体属于其他辖区，只能查看", "the entity belongs to another area and can only be read"
    fix_zh, fix_en = "请由其所在地登记变更", "let its own area change it"


class ModesOfTheCity(Forbidden):
    """模式清单由市级维护."""

    code = "modes-of-the-city"
    zh, en = "利益联结模式清单由市级维护", "the list of modes is kept by the city"


class EntityKnown(Conflict):
    """统一社会信用代码已登记."""

    code = "entity-known"
    zh, en = "该统一社会信用代码已登记，且内容不同", "the credit code is registered with other data"
    fix_zh, fix_en = "请查询后变更已登记的主体", "find the registered entity and change that one"
    pointer = "/credit_code"


class EntityClosed(Conflict):
    """市场主体已注销."""

    code = "entity-closed"
    zh, en = "该市场主体已注销", "the entity is closed"


class ModeKnown(Conflict):
    """模式代码已在清单中."""

    code = "interest-mode-known"
    zh, en = "该模式代码已在清单中", "the code is in the list already"
    pointer = "/code"


class LinkStands(Conflict):
    """合同已登记，内容不同."""

    code = "link-stands"
    zh, en = "该户与该主体的此合同已登记，且内容不同", "this contract of household and entity stands with other terms"
    fix_zh, fix_en = "更正请先作废原记录再登记", "take the recorded link back, then record it anew"
    pointer = "/contract"


class LinkOver(Conflict):
    """利益联结已终止或作废."""

    code = "link-over"
    zh, en = "该利益联结已终止或作废", "the link has ended or was taken back"


class LinkPaid(Conflict):
    """已有收益发放."""

    code = "link-paid"
    zh, en = "该利益联结下已发放收益，不能作废", "benefits were paid under the link, so it cannot be taken back"
    fix_zh, fix_en = "请先作废收益记录，或改为终止", "void its benefits first, or end it instead"


class BenefitStands(Conflict):
    """凭证已登记，内容不同."""

    code = "benefit-stands"
    zh, en = "该凭证下此联结同月份的收益已登记，且内容不同", "this benefit stands under the voucher with other terms"
    fix_zh, fix_en = "更正请修改已登记的收益", "correct the recorded benefit"
    pointer = "/reference"


class BenefitVoid(Conflict):
    """收益记录已作废."""

    code = "benefit-void"
    zh, en = "该收益记录已作废", "the benefit was taken back"
    fix_zh, fix_en = "请用新凭证号重新登记", "record it anew under another voucher"


class EntityRegionUnknown(Invalid):
    """区划不存在或不在管辖范围."""

    code = "region-unknown"
    zh, en = "没有此区划，或不在您的管理范围内", "no such region in your area"
    fix_zh, fix_en = "从 /v1/regions 取 12 位代码", "take a 12-digit code from /v1/regions"
    pointer = "/region_code"


class ModeNotOffered(Invalid):
    """模式不在清单中或已停用."""

    code = "interest-mode-not-offered"
    zh, en = "利益联结模式不在清单中，或已停用", "the mode is not in the list, or no longer used"
    fix_zh, fix_en = "从 /v1/interest-modes 选择", "choose one of /v1/interest-modes"
    pointer = "/mode"


class LinkDates(Invalid):
    """合同日期不合理."""

    code = "link-dates"
    zh, en = "合同起止日期不合理", "the dates of the contract do not fit together"
    fix_zh, fix_en = "到期或终止日期不应早于开始日期", "a link ends no earlier than it starts"
    pointer = "/ends_on"


class BenefitMonths(Invalid):
    """所属月份不合理."""

    code = "benefit-months"
    zh, en = "所属月份不合理", "the months it is for do not fit together"
    fix_zh, fix_en = (
        "止月不应早于起月，且不超过 120 个月",
        "the last month is no earlier than the first, 120 months at most",
    )
    pointer = "/last_month"


class BenefitOutsideLink(Invalid):
    """所属月份不在联结期内."""

    code = "benefit-outside-link"
    zh, en = "收益所属月份不在利益联结期内", "the months lie outside the time of the link"
    fix_zh, fix_en = "核对合同起止日期和所属月份", "check the contract's dates and the months"
    pointer = "/first_month"


class LinkElsewhere(Invalid):
    """利益联结不属于该主体."""

    code = "link-elsewhere"
    zh, en = "该利益联结不属于此市场主体，或不在您的管理范围内", "the link is none of this entity's in your area"
    pointer = "/link_id"


class NamedTwice(Invalid):
    """同一请求中重复."""

    code = "named-twice"
    zh, en = "同一请求中重复登记", "named twice in one request"
    fix_zh, fix_en = "合并或删除重复的一行", "merge the lines or leave one out"


def check_term(starts_on: date, ends_on: date | None) -> None:
    """A contract ends no earlier than it starts.

    Raises:
        LinkDates: otherwise.
    """
    if ends_on is not None and ends_on < starts_on:
        raise LinkDates


def check_months(first: str, last: str, *, starts_on: date, ended_on: date | None) -> None:
    """The months a benefit is for follow each other and lie within its link.

    Raises:
        BenefitMonths, BenefitOutsideLink: otherwise.
    """
    begin, end = Month.parse(first), Month.parse(last)
    if not 0 <= end.ordinal - begin.ordinal < MOST_MONTHS:
        raise BenefitMonths
    if begin < Month.of(starts_on) or (ended_on is not None and end > Month.of(ended_on)):
        raise BenefitOutsideLink
