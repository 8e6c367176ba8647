"""Looks at all families with somebody registered unemployed once the business date has moved: ages pass."""

from functools import partial
from typing import Final

from directory import sweeping

from . import service

sweep: Final = partial(sweeping.sweep, service.find_all)
"""Sweep until told to stop; a task of the worker."""

sweep_once: Final = partial(sweeping.sweep_once, service.find_all)
"""Go through all of them unless the business date is still the one that was swept."""
