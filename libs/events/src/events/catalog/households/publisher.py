"""What every event of the households service has in common."""

from typing import ClassVar

from ..base import Event, Service


class _Household(Event):
    SERVICE: ClassVar[Service] = "households"
