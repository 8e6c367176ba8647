"""What each service keeps of the events it listens to: those it has handlers for; monitoring keeps all, for replay.

What the platform tells of itself (copies of dead letters, receipts) goes to topics of its own, and nobody keeps it.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Final

from events.catalog.base import TYPE_PREFIX, Service
from events.incoming import name_of, names_of

_KEEPS_ALL: Final[Service] = "monitoring"
_OF_THE_PLATFORM: Final = f"{TYPE_PREFIX}.platform."


def keeps(listener: Service, wire_type: str) -> bool:
    """Whether an event of this type must stand in the received log of a service that listens to its publisher."""
    if wire_type.startswith(_OF_THE_PLATFORM):
        return False
    return listener == _KEEPS_ALL or name_of(wire_type) in _heard(listener)


def kept(listener: Service, sent: Mapping[int, str]) -> set[int]:
    """Of sequence number → wire type, the numbers that must stand there."""
    return {seq for seq, wire_type in sent.items() if keeps(listener, wire_type)}


@cache
def _heard(listener: Service) -> frozenset[str]:
    # Imported when asked for: most commands ask for none of the services.
    return names_of(import_module(f"{listener}.worker").HANDLERS)
