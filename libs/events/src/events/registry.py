"""Every event class by its wire type, found once from the catalog modules."""

from collections.abc import Iterator
from typing import Final

from .catalog import employment, finance, help, households, monitoring, platform, procurement
from .catalog.base import Event

_MODULES = (households, employment, finance, procurement, monitoring, help, platform)


class UnknownVersion(ValueError):
    """A known event in a version this code cannot read: poison, because skipping it would lose a fact."""

    def __init__(self, wire_type: str):
        super().__init__(f"version of {wire_type} is not known here")


def _public_classes() -> Iterator[type[Event]]:
    for module in _MODULES:
        for name, value in vars(module).items():
            own = isinstance(value, type) and issubclass(value, Event) and value.__module__.startswith(module.__name__)
            if own and not name.startswith("_"):
                yield value


EVENT_CLASSES: Final[dict[str, type[Event]]] = {cls.wire_type(): cls for cls in _public_classes()}
_KNOWN_NAMES: Final = frozenset(wire_type.rpartition(".v")[0] for wire_type in EVENT_CLASSES)


def class_of(wire_type: str) -> type[Event] | None:
    """The class of a wire type; None for an event nobody here has heard of (ignored and counted).

    Raises:
        UnknownVersion: the event is known, this version of it is not.
    """
    cls = EVENT_CLASSES.get(wire_type)
    if cls is None and wire_type.rpartition(".v")[0] in _KNOWN_NAMES:
        raise UnknownVersion(wire_type)
    return cls
