"""Use cases of reports and contests; none of them commits."""

from ..queries import Contest, Reading, Report, contests_of, reports_page
from .about import ACTIONS, About, about, issue_code, readers
from .contesting import raise_contest, settle_contest
from .filing import Filing, file_report
from .handling import (
    accept_report,
    get_report,
    last_day_to_accept,
    link_report,
    said,
    settle_report,
    status_of,
)
from .receipts import open_door

__all__ = [
    "ACTIONS",
    "About",
    "Contest",
    "Filing",
    "Reading",
    "Report",
    "about",
    "accept_report",
    "contests_of",
    "file_report",
    "get_report",
    "issue_code",
    "last_day_to_accept",
    "link_report",
    "open_door",
    "raise_contest",
    "readers",
    "reports_page",
    "said",
    "settle_contest",
    "settle_report",
    "status_of",
]
