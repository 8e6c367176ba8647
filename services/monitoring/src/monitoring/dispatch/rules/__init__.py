"""Pure rules of dispatch: when a meeting is due, what is on its list, what can be decided."""

from .agenda import AlertSeen, CaseSeen, HelpSeen, Line, SourceSeen, agenda
from .model import Kind, Level, Resolution, level_of, parent_of
from .rhythm import Period, period_of

__all__ = [
    "AlertSeen",
    "CaseSeen",
    "HelpSeen",
    "Kind",
    "Level",
    "Line",
    "Period",
    "Resolution",
    "SourceSeen",
    "agenda",
    "level_of",
    "parent_of",
    "period_of",
]
