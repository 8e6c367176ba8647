"""The time of day; the one place that reads it, so that tests can set it."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The moment, with its time zone."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar date in Kunming; rules use the business date of the directory instead."""
    return now().astimezone(SHANGHAI).date()
