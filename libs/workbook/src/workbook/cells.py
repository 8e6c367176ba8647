"""What the text of a cell means: tolerant of full-width digits, spaces and thousands commas, never of a guess."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_EDGE = re.compile(rf"^[\s{_INVISIBLE}]+|[\s{_INVISIBLE}]+$")
_ALL = re.compile(rf"[\s{_INVISIBLE}]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])")
_MONEY = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?\Z", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:(0[1-9]|1[0-2])|\.(0[1-9]|1[0-2])|[-/年](0?[1-9]|1[0-2])(?:月份?)?)\Z", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+\d.*)?\Z", re.ASCII)
_CENT = Decimal("0.01")
_REMEMBERED = 8192
"""Texts of one kind whose meaning is kept: the rows of a household repeat them, and so do households."""
MOST_MONEY = Decimal(10) ** 12
"""A numeric(14,2) holds less than this."""


def trimmed(text: str) -> str:
    """Free text without the spaces around it."""
    if not text or text.isalnum():
        return text
    return _EDGE.sub("", text)


def person_name(text: str) -> str:
    """A name without the spaces around it and without those that stretch a short Chinese name."""
    if not text or text.isalnum():
        return text
    return _BETWEEN_HAN.sub("", trimmed(text))


def compact(text: str) -> str:
    """A code, number or id: full-width forms narrowed, all spaces gone, a text-marking apostrophe dropped."""
    # most cells need nothing of this, and there are millions of them
    if not text or (text.isalnum() and (text.isascii() or unicodedata.is_normalized("NFKC", text))):
        return text
    return _ALL.sub("", unicodedata.normalize("NFKC", text)).removeprefix("'")


@lru_cache(maxsize=_REMEMBERED)
def money(text: str) -> Decimal | None:
    """An amount in yuan with two places; None for an empty cell.

    Raises:
        ValueError: the cell holds something else.
    """
    if not text:
        return None
    if len(text) < 12 and text.isascii() and text.isdigit():
        return Decimal(f"{text}.00")
    told = compact(text).removeprefix("¥").removesuffix("元")
    if not told:
        return None
    if not _MONEY.match(told):
        raise ValueError("not an amount")
    amount = Decimal(told.replace(",", "")).quantize(_CENT, rounding=ROUND_HALF_UP) if len(told) < 24 else MOST_MONEY
    if abs(amount) >= MOST_MONEY:
        raise ValueError("not an amount of this world")
    return amount + 0


@lru_cache(maxsize=_REMEMBERED)
def count(text: str) -> int | None:
    """A number of persons or months; None for an empty cell.

    Raises:
        ValueError: the cell holds something else.
    """
    amount = money(compact(text).removesuffix("个月").removesuffix("月").removesuffix("人"))
    if amount is None:
        return None
    if amount < 0 or amount != int(amount) or amount > 999:
        raise ValueError("not a count")
    return int(amount)


@lru_cache(maxsize=_REMEMBERED)
def yes_no(text: str) -> bool | None:
    """是 or 否; None for an empty cell, because an empty cell is not 否.

    Raises:
        ValueError: the cell holds something else.
    """
    told = compact(text) if text else ""
    if told in ("是", "有", "√"):
        return True
    if told in ("否", "无", "×"):
        return False
    if told:
        raise ValueError("neither 是 nor 否")
    return None


@lru_cache(maxsize=_REMEMBERED)
def month(text: str) -> str | None:
    """A month as `YYYY-MM` from 202307, 2023年07月, 2023-7 or a full date; None for an empty cell.

    Raises:
        ValueError: the cell holds something else.
    """
    told = compact(text)
    if not told:
        return None
    if match := _MONTH.match(told):
        return f"{match[1]}-{int(match[2] or match[3] or match[4]):02d}"
    return f"{day(text):%Y-%m}"


def day(text: str) -> date:
    """A date from 2023-10-15, 2023/10/15 or 2023年10月15日.

    Raises:
        ValueError: the text holds something else.
    """
    if match := _DAY.match(trimmed(unicodedata.normalize("NFKC", text))):
        return date(int(match[1]), int(match[2]), int(match[3]))
    raise ValueError("not a date")


def parts(text: str) -> tuple[str, ...]:
    """The values of a cell that holds several."""
    return tuple(part for part in re.split(r"[,、;/|]", compact(text)) if part)
