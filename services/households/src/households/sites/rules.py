"""What holds for relocation sites; the refusals of this capability.

NotFound
├── SiteUnknown, SiteHouseholdUnknown
Conflict
├── SiteClosed          it takes no households
├── SettledElsewhere    a household lives in one site at a time
└── SiteLeftAlready
Invalid
└── SiteDates
"""

from datetime import date

from kit.errors import Conflict, Invalid, NotFound


class SiteUnknown(NotFound):
    """安置区不存在或不在管辖范围."""

    code = "relocation-site-unknown"
    zh, en = "没有此安置区，或不在您的管理范围内", "no such relocation site in your area"


class SiteHouseholdUnknown(NotFound):
    """该户不在此安置区."""

    code = "site-household-unknown"
    zh, en = (
        "该户不在此安置区，或不在您的管理范围内",
        "the household does not live in this site or your area",
    )


class SiteClosed(Conflict):
    """安置区已撤销."""

    code = "relocation-site-closed"
    zh, en = "该安置区已撤销", "the relocation site is closed"


class SettledElsewhere(Conflict):
    """该户已在其他安置区."""

    code = "settled-elsewhere"
    zh, en = "其中有农户已登记在其他安置区", "one of the households lives in another relocation site"
    fix_zh, fix_en = "先登记搬离", "record that it left there first"
    pointer = "/household_ids"


class SiteLeftAlready(Conflict):
    """该户已搬离."""

    code = "site-left"
    zh, en = "该户已搬离此安置区", "the household has left the site"


class SiteDates(Invalid):
    """日期先后不合理."""

    code = "site-dates"
    zh, en = "日期早于起始日", "the day lies before it began"


def check_order(day: date, since: date, *, pointer: str) -> None:
    """A change comes no earlier than what it changes.

    Raises:
        SiteDates: otherwise.
    """
    if day < since:
        raise SiteDates(pointer=pointer)
