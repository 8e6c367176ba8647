"""Pure rules of cases: the chain, the clocks, elimination."""

from .elimination import ClockState, Situation, check_elimination, clock, due
from .machine import moved, opened
from .model import Case, Channel, Measure, Move, State, Step, Way

__all__ = [
    "Case",
    "Channel",
    "ClockState",
    "Measure",
    "Move",
    "Situation",
    "State",
    "Step",
    "Way",
    "check_elimination",
    "clock",
    "due",
    "moved",
    "opened",
]
