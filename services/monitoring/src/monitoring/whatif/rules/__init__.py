"""The pure part of a what-if: a household's course under two policies, and where they part."""

from .candidates import check_candidates
from .compare import Chunk, Flip, Known, compare
from .course import Course, course_of
from .refusals import PeriodAhead, PeriodTurned, TooLong, WhatIfOver, WhatIfUnknown

__all__ = [
    "Chunk",
    "Course",
    "Flip",
    "Known",
    "PeriodAhead",
    "PeriodTurned",
    "TooLong",
    "WhatIfOver",
    "WhatIfUnknown",
    "check_candidates",
    "compare",
    "course_of",
]
