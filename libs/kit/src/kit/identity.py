"""Certificate numbers: 公民身份号码 (GB 11643) and 残疾人证, tolerant of how they are typed, strict on what they say.

Checked are form, date and check digit. The area code is not: it is the one of the first registration, maybe long
abolished, and names no county of today.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from stdnum.cn import ric

from events.catalog.households import Sex

from .clock import today
from .errors import Invalid

_SPACES: Final = re.compile(r"[\s\u200b\u200e\u200f\u2060\ufeff'`’‘]+")
_NUMBER: Final = re.compile(r"\d{17}[\dX]")
_DISABILITY: Final = re.compile(r"([1-7])([1-4])(B\d)?")
_AS_FLOAT: Final = re.compile(r"\d(\.\d+)?E\+?\d+|\d{15,}\.\d*", re.IGNORECASE)
_ROUNDED: Final = re.compile(r"\d{15}000")
_OLDEST: Final = date(1890, 1, 1)


class CertificateKind(StrEnum):
    """证件类型."""

    RESIDENT = "resident"
    """居民身份证"""
    DISABILITY = "disability"
    """残疾人证"""


@dataclass(frozen=True, slots=True)
class Certificate:
    """证件: a checked number; the first 18 characters name the person, whatever the certificate.

    Attributes:
        id18: 公民身份号码.
        kind: which certificate it was read from.
        disability: 残疾类别, 1 to 7.
        grade: 残疾等级, 1 to 4.
    """

    id18: str = field(repr=False)
    kind: CertificateKind = CertificateKind.RESIDENT
    disability: str | None = None
    grade: str | None = None

    @property
    def birth_date(self) -> date:
        """出生日期."""
        return _born(self.id18)

    @property
    def sex(self) -> Sex:
        """性别."""
        return Sex.MALE if int(self.id18[16]) % 2 else Sex.FEMALE


@lru_cache(maxsize=4096)
def _born(id18: str) -> date:
    return date(int(id18[6:10]), int(id18[10:12]), int(id18[12:14]))


class CertificateEmpty(Invalid):
    """证件号码为空."""

    code = "certificate-empty"
    zh, en = "证件号码为空", "the certificate number is empty"
    fix_zh, fix_en = (
        "请填写 18 位身份证号码或 20、22 位残疾人证号码",
        "give 18 characters, or 20 or 22 of a disability certificate",
    )


class CertificateDamaged(Invalid):
    """证件号码被当作数字处理而损坏: spreadsheets keep 15 digits of a number."""

    code = "certificate-damaged"
    zh, en = (
        "证件号码被表格当作数字保存，后几位已丢失",
        "a spreadsheet kept the number as a figure, its last digits are lost",
    )
    fix_zh, fix_en = "请将该列设为文本格式后，按证件重新录入", "make the column text and type the number again"


class CertificateLength(Invalid):
    """证件号码位数不对."""

    code = "certificate-length"
    zh, en = "证件号码的位数不是 18、20 或 22 位", "the number does not have 18, 20 or 22 characters"
    fix_zh, fix_en = "请按证件核对位数", "compare its length with the certificate"


class CertificateCharacters(Invalid):
    """证件号码含有不应有的字符."""

    code = "certificate-characters"
    zh, en = "证件号码含有不应出现的字符", "the number has characters that do not belong there"
    fix_zh, fix_en = "前 17 位应为数字，第 18 位为数字或 X", "17 digits, then a digit or X"


class CertificateDate(Invalid):
    """证件号码中的出生日期不存在."""

    code = "certificate-date"
    zh, en = "证件号码中的出生日期不成立", "the birth date in the number cannot be"
    fix_zh, fix_en = "请按证件核对第 7 至 14 位", "compare characters 7 to 14 with the certificate"


class CertificateChecksum(Invalid):
    """证件号码校验位不符."""

    code = "certificate-checksum"
    zh, en = "证件号码的校验位不符，至少有一位录入错误", "the check digit does not fit, at least one digit is wrong"
    fix_zh, fix_en = "请按证件逐位核对", "compare every digit with the certificate"


class CertificateDisability(Invalid):
    """残疾人证的类别或等级不对."""

    code = "certificate-disability"
    zh, en = "残疾人证号码第 19、20 位的类别或等级不成立", "category or grade of the disability certificate cannot be"
    fix_zh, fix_en = (
        "第 19 位为类别 1-7，第 20 位为等级 1-4，补发为 B1 等",
        "category 1-7, grade 1-4, then B1 and so on if re-issued",
    )


def normalise_certificate(text: str, *, on: date | None = None) -> Certificate:
    """Read a certificate number.

    Full-width characters, spaces anywhere, a leading apostrophe and a small x are taken for what they mean.

    Args:
        text: as typed.
        on: nobody is born after this date; today if not given.

    Raises:
        Invalid: it is none; the class says why.
    """
    id18, born, rest = _number(text)
    if born > (on or today()):
        raise CertificateDate
    return _disability(id18, rest) if rest else Certificate(id18)


@lru_cache(maxsize=4096)
def _number(text: str) -> tuple[str, date, str]:
    """The 18 characters, the date of birth in them, and what follows; an import asks several times for the same."""
    plain = text.isascii() and _NUMBER.fullmatch(text)
    compact = text if plain else _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not compact:
        raise CertificateEmpty
    if _AS_FLOAT.fullmatch(compact):
        raise CertificateDamaged
    if len(compact) not in (18, 20, 22):
        raise CertificateLength
    id18 = compact[:18]
    if not (id18.isascii() and _NUMBER.fullmatch(id18)):
        raise CertificateCharacters
    if ric.calc_check_digit(id18) != id18[-1]:
        raise CertificateDamaged if _ROUNDED.fullmatch(id18) else CertificateChecksum
    try:
        born = _born(id18)
    except ValueError:
        raise CertificateDate from None
    if born < _OLDEST:
        raise CertificateDate
    return id18, born, compact[18:]


def _disability(id18: str, rest: str) -> Certificate:
    match = _DISABILITY.fullmatch(rest)
    if match is None:
        raise CertificateDisability
    return Certificate(id18, CertificateKind.DISABILITY, disability=match[1], grade=match[2])
