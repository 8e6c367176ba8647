"""The layout 监测对象信息 / 户信息: its columns in the order of the export, and its code lists."""

from .measures import measure_columns
from .tables import Column, Layout

MONEY_COLUMNS = {
    "wage": "工资性收入",
    "business": "生产经营性收入",
    "property": "财产性收入",
    "asset_dividend": "资产收益扶贫分红收入",
    "other_property": "其他财产性收入",
    "transfer": "转移性收入",
    "family_planning": "计划生育金",
    "subsistence": "低保金",
    "special_care_money": "特困供养金",
    "pension": "养老保险金",
    "ecology": "生态补偿金",
    "other_transfer": "其他转移性收入",
    "business_cost": "生产经营性支出",
    "net": "家庭纯收入",
    "per_head": "人均纯收入（元）",
    "claims": "理赔收入",
    "self_paid": "合规自付支出",
}
"""Amounts of one statement; the export repeats them under 风险消除后 for the time of elimination."""

ELIMINATION = "风险消除后"
MOST_CAUSES = 5

_MONEY_SYNONYMS = {"per_head": ("人均纯收入",)}


def _money_columns(prefix: str = "", mark: str = "") -> list[Column]:
    return [
        Column(mark + field, prefix + header, tuple(prefix + other for other in _MONEY_SYNONYMS.get(field, ())))
        for field, header in MONEY_COLUMNS.items()
    ]


HOUSEHOLD_COLUMNS = (
    Column("province", "省", ("省(自治区、直辖市)", "省份")),
    Column("city", "市", ("市(州、盟)", "市(地、州、盟)", "州(市)")),
    Column("county", "县", ("县(市、区、旗)", "县(区)", "县(市、区)", "区县", "区(县)")),
    Column("township", "乡", ("乡(镇)", "乡镇", "乡(镇、街道)", "乡镇(街道)")),
    Column("village", "村", ("行政村", "行政村(社区)", "村(社区)")),
    Column("hamlet", "自然村", ("村民小组", "自然村(组)")),
    Column("household", "户编号", ("户编码",)),
    Column("person", "人口编号", ("人员编号", "人编号")),
    Column("household_type", "户类型", ("户类别",)),
    Column("category", "监测对象类别", ("监测类别", "监测对象类型")),
    Column("name", "姓名", ("成员姓名",)),
    Column("sex", "性别"),
    Column("certificate_kind", "证件类型"),
    Column("certificate", "证件号码", ("身份证号码", "身份证号", "公民身份号码", "证件号")),
    Column("ethnicity", "民族"),
    Column("relation", "与户主关系", ("与户主的关系",)),
    Column("politics", "政治面貌"),
    Column("education", "文化程度"),
    Column("school_stage", "在校生状况", ("在校生情况",)),
    Column("health", "健康状况", ("健康情况",)),
    Column("labour_skill", "劳动技能", ("劳动能力",)),
    Column(
        "resident_insurance",
        "是否参加城乡居民基本医疗保险",
        ("是否参加新型农村合作医疗(城乡居民基本医疗保险)", "是否参加新型农村合作医疗", "是否参加城乡居民医疗保险"),
    ),
    Column("employee_insurance", "是否参加城镇职工基本医疗保险", ("是否参加职工基本医疗保险",)),
    Column("work_place", "务工所在地"),
    Column("work_months", "务工时间（月）", ("务工时间", "务工月数")),
    Column("post_months", "公益性岗位(月数)", ("公益性岗位月数",)),
    Column("size", "家庭人口数", ("家庭人口",)),
    Column("phone", "户联系电话", ("联系电话",)),
    Column("person_phone", "成员联系电话"),
    Column("identified_in", "识别监测时间", ("识别时间",)),
    *(
        Column(f"cause{number}", f"致贫/返贫风险{number}", (f"致贫返贫风险{number}",))
        for number in range(1, MOST_CAUSES + 1)
    ),
    Column("eliminated", "风险是否已消除", ("风险是否消除",)),
    Column("eliminated_in", "消除监测时间", ("风险消除时间",)),
    Column("elimination_way", "风险消除方式"),
    Column("safe_water", "是否解决安全饮用水"),
    Column("unsafe_housing", "是否危房户"),
    Column("no_labour", "整户无劳动能力兜底保障户", ("是否整户无劳动能力兜底保障户",)),
    Column("year", "年度"),
    *_money_columns(),
    *_money_columns(ELIMINATION, "after_"),
    *measure_columns(),
    Column("helper", "帮扶责任人", ("帮扶责任人姓名", "帮扶干部姓名", "帮扶联系人")),
    Column("helper_organisation", "帮扶责任人单位", ("帮扶责任人工作单位", "帮扶单位")),
    Column("helper_phone", "帮扶责任人联系电话", ("帮扶责任人电话",)),
)

HOUSEHOLD_LAYOUT = Layout("监测对象信息", HOUSEHOLD_COLUMNS, needed=("household", "name"))

REGISTRATION_COLUMNS = ("county", "township", "village", "household_type", "certificate", "relation")
"""What a file must have besides, so that its households can be registered."""


def _values(text: str) -> frozenset[str]:
    return frozenset(text.split())


CODES = {
    "household_type": _values("脱贫户 一般农户 脱贫不享受政策户"),
    "category": _values("脱贫不稳定户 边缘易致贫户 突发严重困难户"),
    "sex": _values("男 女"),
    "relation": _values(
        "户主 配偶 之子 之女 之儿媳 之女婿 之孙子 之孙女 之外孙子 之外孙女 之父 之母 之岳父 之岳母 之公公 之婆婆 "
        "之祖父 之祖母 之外祖父 之外祖母 之兄弟姐妹 之曾孙子 之曾孙女 之侄儿 之侄女 之兄弟媳妇 之叔伯 其他"
    ),
    "education": _values("文盲或半文盲 小学 初中 高中 大专 本科及以上"),
    "health": _values("健康 长期慢性病 患有大病 残疾"),
    "labour_skill": _values("普通劳动力 技能劳动力 弱劳动力或半劳动力 丧失劳动力 无劳动力"),
    "cause": _values(
        "因病 因残 因学 因自然灾害 因意外事故 因产业项目失败 因务工就业不稳 缺劳动力 因安全住房 因安全饮水 其他"
    ),
}
"""Text values as exported; 在校生状况, 民族 and 政治面貌 are kept as they stand."""

VARIANTS: dict[str, dict[str, str]] = {
    "household_type": {"一般户": "一般农户", "脱贫享受政策户": "脱贫户"},
    "category": {"边缘户": "边缘易致贫户", "不稳定户": "脱贫不稳定户", "突发户": "突发严重困难户"},
    "sex": {"男性": "男", "女性": "女"},
    "relation": {
        "本人": "户主",
        "本人或户主": "户主",
        "户主本人": "户主",
        "妻": "配偶",
        "妻子": "配偶",
        "丈夫": "配偶",
        "夫": "配偶",
        "子": "之子",
        "儿子": "之子",
        "长子": "之子",
        "次子": "之子",
        "女": "之女",
        "女儿": "之女",
        "长女": "之女",
        "次女": "之女",
        "父": "之父",
        "父亲": "之父",
        "母": "之母",
        "母亲": "之母",
        "儿媳": "之儿媳",
        "女婿": "之女婿",
        "孙子": "之孙子",
        "孙女": "之孙女",
        "外孙子": "之外孙子",
        "外孙女": "之外孙女",
        "其它": "其他",
    },
    "education": {"文盲": "文盲或半文盲", "半文盲": "文盲或半文盲", "本科": "本科及以上", "研究生": "本科及以上"},
    "health": {"慢性病": "长期慢性病", "大病": "患有大病", "残疾人": "残疾"},
    "labour_skill": {
        "普通": "普通劳动力",
        "技能": "技能劳动力",
        "弱劳动力": "弱劳动力或半劳动力",
        "半劳动力": "弱劳动力或半劳动力",
        "弱(半)劳动力": "弱劳动力或半劳动力",
        "无劳动能力": "无劳动力",
        "丧失劳动能力": "丧失劳动力",
    },
    "cause": {
        "务工就业不稳": "因务工就业不稳",
        "缺劳力": "缺劳动力",
        "因缺劳力": "缺劳动力",
        "因缺劳动力": "缺劳动力",
        "因灾": "因自然灾害",
        "自然灾害": "因自然灾害",
        "因意外": "因意外事故",
        "意外事故": "因意外事故",
        "产业项目失败": "因产业项目失败",
        "安全住房": "因安全住房",
        "住房": "因安全住房",
        "安全饮水": "因安全饮水",
        "因饮水": "因安全饮水",
        "因住房": "因安全住房",
        "其它": "其他",
    },
}
"""Spellings that occur in real exports, with the value they mean."""
