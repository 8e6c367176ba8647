"""Use cases of measures; none of them commits."""

from ..queries import Measure, measures_as_of, measures_of
from ..rules import GivenMeasure, is_development
from .given import given_to, take_given
from .recording import (
    MeasureEntry,
    complete_measure,
    restore_measures,
    start_measure,
    state_measures,
    void_measure,
)

__all__ = [
    "GivenMeasure",
    "Measure",
    "MeasureEntry",
    "complete_measure",
    "given_to",
    "is_development",
    "measures_as_of",
    "measures_of",
    "restore_measures",
    "start_measure",
    "state_measures",
    "take_given",
    "void_measure",
]
