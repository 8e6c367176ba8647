"""What a validation error means, in words; only limits we set ourselves are quoted, never the value."""

from collections.abc import Mapping
from typing import Any, Final

from .errors import Invalid, Refusal

_FIX_ZH: Final = "请修改后重新提交"
_FIX_EN: Final = "correct it and send again"

# Limits come from our own models; other context (`error`, `input`) may quote the value and is not used.
_QUOTABLE: Final = (
    "ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "max_digits", "decimal_places",
    "whole_digits", "expected", "pattern",
)  # fmt: skip

_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少必填项", "required, but missing"),
    "extra_forbidden": ("不认识的字段", "unknown field"),
    "json_invalid": ("请求体不是有效的 JSON", "the body is not valid JSON"),
    "model_attributes_type": (
        "应为 JSON 对象，Content-Type 应为 application/json",
        "a JSON object, sent as application/json",
    ),
    "dict_type": ("应为 JSON 对象", "should be a JSON object"),
    "list_type": ("应为列表", "should be a list"),
    "string_type": ("应为文本", "should be text"),
    "string_unicode": ("文本含有无效字符", "the text has invalid characters"),
    "string_too_short": ("至少 {min_length} 个字符", "at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字符", "at most {max_length} characters"),
    "string_pattern_mismatch": ("格式不符合要求", "does not have the required form"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} items"),
    "too_long": ("最多 {max_length} 项", "at most {max_length} items"),
    "enum": ("应为以下之一：{expected}", "should be one of {expected}"),
    "literal_error": ("应为以下之一：{expected}", "should be one of {expected}"),
    "bool_type": ("应为 true 或 false", "should be true or false"),
    "bool_parsing": ("应为 true 或 false", "should be true or false"),
    "int_type": ("应为整数", "should be a whole number"),
    "int_parsing": ("应为整数", "should be a whole number"),
    "int_parsing_size": ("数字过大", "the number is too large"),
    "int_from_float": ("应为整数", "should be a whole number"),
    "decimal_type": ('应为数字，建议用文本形式如 "12.50"', 'should be a number, best as text like "12.50"'),
    "decimal_parsing": ('应为数字，建议用文本形式如 "12.50"', 'should be a number, best as text like "12.50"'),
    "decimal_max_digits": ("最多 {max_digits} 位数字", "at most {max_digits} digits"),
    "decimal_max_places": ("最多 {decimal_places} 位小数", "at most {decimal_places} decimal places"),
    "decimal_whole_digits": (
        "整数部分最多 {whole_digits} 位",
        "at most {whole_digits} digits before the point",
    ),
    "finite_number": ("应为有限的数字", "should be a finite number"),
    "greater_than": ("应大于 {gt}", "should be greater than {gt}"),
    "greater_than_equal": ("不应小于 {ge}", "should not be less than {ge}"),
    "less_than": ("应小于 {lt}", "should be less than {lt}"),
    "less_than_equal": ("不应大于 {le}", "should not be more than {le}"),
    "uuid_type": ("应为 UUID", "should be a UUID"),
    "uuid_parsing": ("应为 UUID", "should be a UUID"),
    "date_type": ("应为日期，如 2023-10-15", "should be a date like 2023-10-15"),
    "date_parsing": ("应为日期，如 2023-10-15", "should be a date like 2023-10-15"),
    "date_from_datetime_parsing": ("应为日期，如 2023-10-15", "should be a date like 2023-10-15"),
    "date_from_datetime_inexact": ("应为日期，不含时间", "should be a date without a time"),
    "datetime_type": ("应为时刻，如 2023-10-15T08:00:00+08:00", "should be a moment like 2023-10-15T08:00:00+08:00"),
    "datetime_parsing": ("应为时刻，如 2023-10-15T08:00:00+08:00", "should be a moment like 2023-10-15T08:00:00+08:00"),
    "datetime_from_date_parsing": (
        "应为时刻，如 2023-10-15T08:00:00+08:00",
        "should be a moment like 2023-10-15T08:00:00+08:00",
    ),
    "timezone_aware": ("时刻应带时区，如 +08:00", "the moment needs a time zone like +08:00"),
    "union_tag_invalid": ("类型标记不在允许的范围内", "the type tag is not one of those allowed"),
    "union_tag_not_found": ("缺少类型标记", "the type tag is missing"),
}


def explain(kind: str, pointer: str, context: Mapping[str, Any]) -> Refusal:
    """The refusal that says what this validation error means."""
    limits = {name: context[name] for name in _QUOTABLE if name in context}
    zh, en = _TEXTS.get(kind, ("值不符合要求", "not an acceptable value"))
    code = "unknown-field" if kind == "extra_forbidden" else kind.replace("_", "-")
    return Invalid(
        code=code, zh=zh.format(**limits), en=en.format(**limits), fix_zh=_FIX_ZH, fix_en=_FIX_EN, pointer=pointer
    )
