"""统一社会信用代码 (GB 32100): tolerant of how it is typed, strict on form and check character."""

import re
import unicodedata
from typing import Final

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from .errors import Invalid

LENGTH: Final = 18

_SPACES: Final = re.compile(r"[\s\u200b\u2060\ufeff'`’‘-]+")


class CreditCodeForm(Invalid):
    """统一社会信用代码格式不对."""

    code = "credit-code-form"
    zh, en = "统一社会信用代码的格式不正确", "not the form of a unified social credit code"
    fix_zh, fix_en = (
        "应为 18 位数字或大写字母，不含 I、O、S、V、Z",
        "18 digits or capital letters, none of I, O, S, V, Z",
    )


class CreditCodeChecksum(Invalid):
    """统一社会信用代码校验位不符."""

    code = "credit-code-checksum"
    zh, en = "统一社会信用代码的校验位不符，至少有一位录入错误", "the check character does not fit"
    fix_zh, fix_en = "请按营业执照或登记证书逐位核对", "compare every character with the licence or certificate"


def normalise_credit_code(text: str) -> str:
    """The code in its written form; full-width characters, spaces and hyphens are taken for what they mean.

    Raises:
        CreditCodeForm, CreditCodeChecksum: as they say.
    """
    compact = _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not compact.isascii():
        raise CreditCodeForm
    try:
        return str(uscc.validate(compact))
    except InvalidChecksum:
        raise CreditCodeChecksum from None
    except ValidationError:
        raise CreditCodeForm from None
