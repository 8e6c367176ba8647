"""Pure rules of cases: the chain, the clocks, elimination."""

from .elimination import ClockState, Situation, answers, check_elimination, clock, due, months_later
from .machine import moved, opened
from .model import Case, Channel, Measure, Move, State, Step, Way
from .taking_over import Statement, taken_over

__all__ = [
    "Case",
    "Channel",
    "ClockState",
    "Measure",
    "Move",
    "Situation",
    "State",
    "Statement",
    "Step",
    "Way",
    "answers",
    "check_elimination",
    "clock",
    "due",
    "months_later",
    "moved",
    "opened",
    "taken_over",
]
