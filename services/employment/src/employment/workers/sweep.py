"""Looks through all spells for missed wages once the business date has moved."""

from functools import partial
from typing import Final

from directory import sweeping

from . import service

sweep: Final = partial(sweeping.sweep, service.find_missed_wages)
"""Sweep until told to stop; a task of the worker."""

sweep_once: Final = partial(sweeping.sweep_once, service.find_missed_wages)
"""Go through all spells unless the business date is still the one that was swept."""
