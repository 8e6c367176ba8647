"""The time of day; the one place that reads it, so that tests can set it."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The moment, with its time zone."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar date in Kunming; rules use the business date of the directory instead."""
    return now().astimezone(SHANGHAI).date()


def midnight(day: date) -> datetime:
    """The moment a day begins in Kunming: when a fact happened of which only the day is known."""
    return datetime.combine(day, time(), SHANGHAI)
