"""All rules by name, the policy values they read, and the rules of the field that are not decided here."""

from collections.abc import Mapping
from typing import Final

from kit.policy_book import Unit

from . import earning, membership, monitoring, schooling, working
from .facts import Rule, Undecidable

EDITION: Final = 1
"""Raised when a rule changes, so that every household is checked again."""

RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule for rule in (*membership.RULES, *schooling.RULES, *working.RULES, *monitoring.RULES, *earning.RULES)
}

NAMES: Final[Mapping[str, Unit]] = {
    **dict.fromkeys(
        (
            membership.GENERATION,
            membership.MARRIAGE_MALE,
            membership.MARRIAGE_FEMALE,
            membership.ADULT,
            schooling.PRESCHOOL_MOST,
            schooling.COMPULSORY_FROM,
            schooling.COMPULSORY_TO,
            schooling.STUDENT_MOST,
            schooling.PRIMARY,
            schooling.JUNIOR,
            schooling.SENIOR,
            schooling.COLLEGE,
            schooling.GRADUATE,
            working.LABOUR_FROM,
            working.LABOUR_TO,
            working.LABOUR_MOST,
        ),
        Unit.YEARS,
    ),
    working.SEVERE_GRADE: Unit.COUNT,
    monitoring.MEASURE_MONTHS: Unit.MONTHS,
    monitoring.DEVELOPMENT_MONTHS: Unit.MONTHS,
    monitoring.LABOUR_SHARE: Unit.SHARE,
    earning.WAGE_LEAST: Unit.YUAN,
    earning.IDENTIFIED_MOST: Unit.YUAN,
}
"""Policy value → unit."""


def _undecidable(id_: str, zh: str, en: str, source: str, why_zh: str, why_en: str) -> Undecidable:
    return Undecidable(id=id_, zh=zh, en=en, source=source, why_zh=why_zh, why_en=why_en)


UNDECIDABLE: Final = (
    _undecidable(
        "certificate-length",
        "证件号码应为 18、20 或 22 位",
        "a certificate has 18, 20 or 22 characters",
        "2.3",
        "登记和导入时已拒绝，不会存入",
        "refused when a person is registered or imported, so none is stored",
    ),
    _undecidable(
        "per-head-formula",
        "人均纯收入按公式计算",
        "the income per head follows the formula",
        "2.4",
        "只存分项，人均纯收入总是算出的",
        "only the parts are stored; the income per head is always computed",
    ),
    _undecidable(
        "eliminated-below-line",
        "帮扶消除而收入低于监测线",
        "eliminated by help, yet below the line",
        "2.4",
        "风险消除方式不登记，监测收入线是监测服务的政策值",
        "the way of elimination is not kept, and the line is a policy value of monitoring",
    ),
    _undecidable(
        "allowance-without-transfer",
        "有低保或特困人员而转移性收入为零",
        "a member on living allowance or support, yet no transfers",
        "2.4",
        "低保和特困按人的享受情况不登记；分项大于合计时登记即被拒绝",
        "who receives them is not kept by person; a part above its kind is refused when recorded",
    ),
    _undecidable(
        "transport-subsidy",
        "交通补贴须有成员县外务工且补贴大于零",
        "a travel subsidy needs a member who works outside the county and an amount",
        "1.8",
        "补贴金额和务工地点由就业服务登记",
        "amount and place of work are kept by employment",
    ),
    _undecidable(
        "labour-export",
        "劳务输出须有外出务工人员",
        "labour export needs a migrant worker",
        "1.8",
        "帮扶措施登记到类别，不到劳务输出等细项",
        "measures are kept by category, not by kinds such as labour export",
    ),
    _undecidable(
        "post-in-county",
        "公益岗位和帮扶车间须在本县",
        "public posts and workshops are in the county",
        "1.8",
        "岗位和车间所在地由就业服务登记",
        "where they are is kept by employment",
    ),
    _undecidable(
        "destitute-migrant",
        "特困人员不应外出务工",
        "a person on destitute support does not migrate for work",
        "1.8",
        "特困按人的享受情况不登记",
        "who receives the support is not kept by person",
    ),
)
