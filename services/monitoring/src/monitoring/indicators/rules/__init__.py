"""Pure rules of indicators: what a household counts for, the catalogue, values, assessment, periods."""

from .assessment import AREA, ASSESSEES, TEAM, UNIT, Assessed, Assessee, Part, Scale, assessed, ranked
from .catalogue import (
    ASSESSED,
    BODIES,
    CATALOGUE,
    COMPARED,
    TEAM_FILLED,
    UNIT_ASSESSED,
    Indicator,
    Kind,
    Measure,
    Source,
)
from .changes import Change, Changes, MonthEnd, month_of
from .counting import NOTHING, Counted, Values, count
from .periods import Period, month_period, months, period_of, year_before
from .values import Sums, Value, value_of

__all__ = [
    "AREA",
    "ASSESSED",
    "ASSESSEES",
    "BODIES",
    "CATALOGUE",
    "COMPARED",
    "NOTHING",
    "TEAM",
    "TEAM_FILLED",
    "UNIT",
    "UNIT_ASSESSED",
    "Assessed",
    "Assessee",
    "Change",
    "Changes",
    "Counted",
    "Indicator",
    "Kind",
    "Measure",
    "MonthEnd",
    "Part",
    "Period",
    "Scale",
    "Source",
    "Sums",
    "Value",
    "Values",
    "assessed",
    "count",
    "month_of",
    "month_period",
    "months",
    "period_of",
    "ranked",
    "value_of",
    "year_before",
]
