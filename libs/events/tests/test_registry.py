"""Every event class is found under its own type, and what was ever written of it stays readable."""

import importlib
import inspect
import json
import pkgutil
from pathlib import Path

import pytest

from events import catalog
from events.catalog.base import TYPE_PREFIX, Event
from events.registry import EVENT_CLASSES, UnknownVersion, class_of

GOLDEN = json.loads((Path(__file__).parent / "data" / "golden_events.json").read_text())
"""One written event per type and version. Add to it; never change what stands there."""


def subclasses(cls: type[Event]) -> set[type[Event]]:
    direct = set(cls.__subclasses__())
    return direct | {deeper for child in direct for deeper in subclasses(child)}


def catalogued() -> set[type[Event]]:
    for module in pkgutil.iter_modules(catalog.__path__):
        importlib.import_module(f"{catalog.__name__}.{module.name}")
    found = {cls for cls in subclasses(Event) if cls.__module__.startswith(catalog.__name__)}
    return {cls for cls in found if not cls.__name__.startswith("_")}


def test_every_public_class_is_registered_once() -> None:
    classes = catalogued()
    assert set(EVENT_CLASSES.values()) == classes
    assert len(EVENT_CLASSES) == len(classes), "two classes share a wire type"


@pytest.mark.parametrize("wire_type", EVENT_CLASSES)
def test_a_type_names_publisher_event_and_version(wire_type: str) -> None:
    cls = EVENT_CLASSES[wire_type]
    module = cls.__module__.removeprefix(f"{catalog.__name__}.").partition(".")[0]
    assert wire_type == f"{TYPE_PREFIX}.{module}.{cls.event_name()}.v{cls.VERSION}"
    assert cls.model_config["frozen"] is True
    assert cls.model_config["extra"] == "ignore"
    assert inspect.getdoc(cls)


def test_every_version_has_its_golden_example() -> None:
    assert GOLDEN.keys() == EVENT_CLASSES.keys(), "add what is new to data/golden_events.json, remove nothing"


@pytest.mark.parametrize("wire_type", GOLDEN)
def test_what_was_written_stays_readable_and_loses_nothing(wire_type: str) -> None:
    written = GOLDEN[wire_type]
    read = EVENT_CLASSES[wire_type].model_validate_json(json.dumps(written))
    again = json.loads(read.model_dump_json())
    assert {name: again[name] for name in written} == written


def test_unknown_types_are_none_and_unknown_versions_refused() -> None:
    assert class_of(f"{TYPE_PREFIX}.households.NeverHeardOf.v1") is None
    assert class_of("com.example.other") is None
    for version in ("v2", "v99", "v0"):
        with pytest.raises(UnknownVersion):
            class_of(f"{TYPE_PREFIX}.households.HouseholdRegistered.{version}")
