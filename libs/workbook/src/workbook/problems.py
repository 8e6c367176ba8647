"""Problems as data: what is wrong, in which cell, and what to do about it, in both languages."""

from dataclasses import dataclass
from enum import StrEnum

from .limits import column_letters


class Kind(StrEnum):
    """问题类别"""

    BAD_CHECK_DIGIT = "bad_check_digit"
    """校验码不符"""
    FLOAT_DAMAGED_ID = "float_damaged_id"
    """证件号码被转成数值"""
    BAD_CERTIFICATE = "bad_certificate"
    """证件号码格式不符"""
    NO_HEAD = "no_head"
    """没有户主"""
    TWO_HEADS = "two_heads"
    """户主多于一人"""
    SAME_PERSON_IN_TWO_HOUSEHOLDS = "same_person_in_two_households"
    """一人两户"""
    SAME_PERSON_TWICE = "same_person_twice"
    """同一户内重复"""
    UNKNOWN_VILLAGE = "unknown_village"
    """行政村不存在"""
    INCOME_NOT_A_NUMBER = "income_not_a_number"
    """金额不是数字"""
    BAD_NUMBER = "bad_number"
    """数量不是整数"""
    BAD_MONTH = "bad_month"
    """月份不符"""
    MONTHS_REVERSED = "months_reversed"
    """结束早于开始"""
    UNKNOWN_VALUE = "unknown_value"
    """不在代码清单内"""
    MISSING_VALUE = "missing_value"
    """必填项为空"""
    ROWS_DISAGREE = "rows_disagree"
    """同户各行不一致"""
    VILLAGE_TWICE = "village_twice"
    """同一行政村重复"""


_WORDS = {
    Kind.BAD_CHECK_DIGIT: (
        "证件号码校验码不符(GB 11643),可能抄错一位",
        "the check digit of the certificate number is wrong (GB 11643), a digit was probably mistyped",
        "对照证件原件更正号码",
        "correct the number against the certificate itself",
    ),
    Kind.FLOAT_DAMAGED_ID: (
        "证件号码被表格软件当作数值,后几位已丢失",
        "the spreadsheet took the certificate number for a number and lost its last digits",
        "把该列设为文本格式,重新填写完整号码",
        "set the column to text and enter the whole number again",
    ),
    Kind.BAD_CERTIFICATE: (
        "证件号码应为 18 位身份证号码,或 20、22 位残疾人证号码",
        "a certificate number has 18 characters, that of a disability certificate 20 or 22",
        "对照证件原件更正号码",
        "correct the number against the certificate itself",
    ),
    Kind.NO_HEAD: (
        "该户没有户主",
        "the household has no head",
        "在“与户主关系”列中标明一名户主",
        "mark one member as 户主",
    ),
    Kind.TWO_HEADS: (
        "该户户主多于一人",
        "the household has more than one head",
        "只保留一名户主,其余改为与户主的关系",
        "keep one 户主 and state how the others are related",
    ),
    Kind.SAME_PERSON_IN_TWO_HOUSEHOLDS: (
        "同一证件号码出现在两个户编号下",
        "one certificate number stands under two household numbers",
        "核实此人现属哪一户,从另一户删除",
        "find out where the person belongs and remove the other row",
    ),
    Kind.SAME_PERSON_TWICE: (
        "同一证件号码在该户出现多次",
        "one certificate number stands more than once in the household",
        "删除重复行,或更正号码",
        "remove the repeated row or correct the number",
    ),
    Kind.UNKNOWN_VILLAGE: (
        "区划中没有这个行政村",
        "no such village in the regions",
        "按区划名称更正县、乡、村",
        "correct county, township and village to their names in the regions",
    ),
    Kind.INCOME_NOT_A_NUMBER: (
        "金额不是阿拉伯数字",
        "the amount is not a number",
        "填写以元为单位的数字,如 12000 或 12000.50",
        "enter a number in yuan such as 12000 or 12000.50",
    ),
    Kind.BAD_NUMBER: (
        "应为整数",
        "the cell should hold a whole number",
        "填写整数,如 4",
        "enter a whole number such as 4",
    ),
    Kind.BAD_MONTH: (
        "应为年月",
        "the cell should hold a year and month",
        "按 YYYYMM 填写,如 202307",
        "enter it as YYYYMM such as 202307",
    ),
    Kind.MONTHS_REVERSED: (
        "结束时间早于开始时间",
        "the end is before the start",
        "核对起止月份",
        "check both months",
    ),
    Kind.UNKNOWN_VALUE: (
        "不在国家系统代码清单内",
        "the value is not in the national code list",
        "从下拉清单中选择",
        "choose a value from the list",
    ),
    Kind.MISSING_VALUE: (
        "必填项为空",
        "a value that is needed is missing",
        "补填该单元格",
        "fill in the cell",
    ),
    Kind.VILLAGE_TWICE: (
        "同一行政村出现多次",
        "the village stands more than once",
        "只保留一行",
        "keep one row",
    ),
    Kind.ROWS_DISAGREE: (
        "同一户的各行在该列填写不一致",
        "the rows of the household disagree in this column",
        "把该户各行改为同一内容",
        "make all rows of the household the same",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """问题: one thing that somebody must settle; it never holds the text of the cell.

    Attributes:
        household: 户编号; empty where the row has none.
        person: 人口编号, where one person is meant.
        others: further 户编号 concerned.
        also: further rows concerned, in the same column.
    """

    kind: Kind
    row: int
    column: int
    header: str
    household: str
    person: str | None = None
    others: tuple[str, ...] = ()
    also: tuple[int, ...] = ()

    @property
    def reference(self) -> str:
        """The cell as a spreadsheet names it."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def households(self) -> tuple[str, ...]:
        """Every household that it parks."""
        return (self.household, *self.others)

    @property
    def cause_zh(self) -> str:
        """原因"""
        return _WORDS[self.kind][0]

    @property
    def cause_en(self) -> str:
        """原因 in English."""
        return _WORDS[self.kind][1]

    @property
    def remedy_zh(self) -> str:
        """处理办法"""
        return _WORDS[self.kind][2]

    @property
    def remedy_en(self) -> str:
        """处理办法 in English."""
        return _WORDS[self.kind][3]
