"""Windows of the rules: whole months, so that an outcome changes with a month and not with every day."""

from datetime import date


def twelve_months_before(on: date) -> date:
    """First day of the twelfth month before the month of `on`; the running month is part of the window."""
    return date(on.year - 1, on.month, 1)


def next_month(on: date) -> date:
    """First day of the month after `on`."""
    return date(on.year + on.month // 12, on.month % 12 + 1, 1)
