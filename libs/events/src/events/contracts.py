"""The contracts others build against, made from the event classes: JSON Schemas, AsyncAPI, the event page."""

from inspect import cleandoc
from typing import Any, Final

from .catalog.base import TYPE_PREFIX, Event
from .registry import EVENT_CLASSES
from .topology import LISTENERS, PARTITIONS, RECEIPTS_TOPIC, SERVICES, dead_letter_topic, topic

_HEADERS: Final = {
    "ce_specversion": "always 1.0",
    "ce_id": "event id, UUIDv7; the same in every copy",
    "ce_source": "/services/<publisher>",
    "ce_type": f"{TYPE_PREFIX}.<publisher>.<Event>.v<N>",
    "ce_time": "when it happened, RFC 3339",
    "ce_subject": "household id, else the aggregate's id",
    "ce_dataschema": "path of the JSON Schema under contracts/",
    "ce_partitionkey": "the message key; events of one key keep their order",
    "ce_sequence": "place in the publisher's event log",
    "ce_recordedtime": "when it was written down, RFC 3339",
    "ce_revision": "revision of the fact; the highest counts",
    "ce_factid": "the fact that revisions correct",
    "ce_void": "true takes the fact back",
    "ce_householdid": "household concerned",
    "ce_regioncode": "12-digit statutory code of the village",
    "ce_correlationid": "first event of the chain, or what its events were written for: an import",
    "ce_causationid": "event that this one follows from",
    "traceparent": "W3C trace context",
}
_REQUIRED: Final = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_partitionkey", "ce_sequence",
                    "ce_recordedtime", "ce_revision", "ce_correlationid")  # fmt: skip


def schema_path(wire_type: str) -> str:
    """Where a type's JSON Schema stands below `contracts/`, as in `events/employment.WagePaid.v1.json`."""
    return f"events/{wire_type.removeprefix(TYPE_PREFIX + '.')}.json"


def schemas() -> dict[str, dict[str, Any]]:
    """Path → JSON Schema 2020-12 of every event version."""
    return {schema_path(wire_type): _schema(cls) for wire_type, cls in sorted(EVENT_CLASSES.items())}


def _schema(cls: type[Event]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/contracts/{schema_path(cls.wire_type())}",
        **cls.model_json_schema(mode="serialization"),
        "title": cls.wire_type(),
    }


def asyncapi(version: str) -> dict[str, Any]:
    """The AsyncAPI 3.0 document: a channel per topic, a message per event version, who sends and who receives."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Zengshou events",
            "version": version,
            "description": "CloudEvents 1.0 Kafka binding, binary mode. Consumers ignore fields they do not know.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_channel_id(name): _channel(name, classes) for name, classes in _by_topic().items()},
        "operations": _operations(),
        "components": {
            "messages": {_message_id(cls): _message(cls) for _, cls in sorted(EVENT_CLASSES.items())},
            "schemas": {"headers": _header_schema()},
        },
    }


def _by_topic() -> dict[str, list[type[Event]]]:
    classes = [cls for _, cls in sorted(EVENT_CLASSES.items())]
    facts = [cls for cls in classes if ".platform." not in cls.wire_type()]
    own = {topic(s): [cls for cls in facts if s in cls.publishers()] for s in SERVICES}
    letters = {dead_letter_topic(s): [c for c in classes if c.event_name() == "DeadLettered"] for s in SERVICES}
    return {**own, RECEIPTS_TOPIC: [c for c in classes if c.event_name() == "Consumed"], **letters}


def _channel_id(name: str) -> str:
    return name.replace(".", "_")


def _message_id(cls: type[Event]) -> str:
    return cls.wire_type().removeprefix(TYPE_PREFIX + ".")


def _channel(name: str, classes: list[type[Event]]) -> dict[str, Any]:
    return {
        "address": name,
        "messages": {_message_id(c): {"$ref": f"#/components/messages/{_message_id(c)}"} for c in classes},
        "bindings": {"kafka": {"topic": name, "partitions": PARTITIONS, "bindingVersion": "0.5.0"}},
    }


def _message(cls: type[Event]) -> dict[str, Any]:
    return {
        "name": cls.wire_type(),
        "title": cls.event_name(),
        "summary": _summary(cls),
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": {"$ref": f"./{schema_path(cls.wire_type())}"},
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid"}, "bindingVersion": "0.5.0"}},
    }


def _header_schema() -> dict[str, Any]:
    properties = {name: {"type": "string", "description": text} for name, text in _HEADERS.items()}
    return {"type": "object", "properties": properties, "required": list(_REQUIRED)}


def _operations() -> dict[str, Any]:
    sends = {f"{s}_sends": _operation("send", topic(s)) for s in SERVICES}
    takes = {
        f"{consumer}_takes_{source}": _operation("receive", topic(source))
        for consumer, sources in LISTENERS.items()
        for source in sources
    }
    return {**sends, **takes}


def _operation(action: str, name: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{_channel_id(name)}"}}


def events_page() -> str:
    """docs/events.md: what is published, by whom, for whom."""
    lines = [
        "# Events",
        "",
        "Generated by `make contracts` from `libs/events/src/events/catalog`; the schemas stand in `contracts/events`.",
        "",
        "## Topics",
        "",
        "| topic | published by | taken by |",
        "|---|---|---|",
        *(
            f"| `{topic(s)}` | {s} | {', '.join(c for c, sources in LISTENERS.items() if s in sources)} |"
            for s in SERVICES
        ),
        f"| `{RECEIPTS_TOPIC}` | every service | every service |",
        *(f"| `{dead_letter_topic(s)}` | {s} | operators |" for s in SERVICES),
        "",
        "## Headers",
        "",
        "| header | meaning |",
        "|---|---|",
        *(f"| `{name}` | {text} |" for name, text in _HEADERS.items()),
    ]
    for name, classes in _by_topic().items():
        if not name.endswith(".dlq"):
            lines += ["", f"## {name}", "", *(line for cls in classes for line in _event_lines(cls))]
    lines += ["", "## Dead letters", "", *_event_lines(EVENT_CLASSES[f"{TYPE_PREFIX}.platform.DeadLettered.v1"])]
    return "\n".join(lines).rstrip() + "\n"


def _event_lines(cls: type[Event]) -> list[str]:
    schema = cls.model_json_schema(mode="serialization")
    rows = [
        f"| `{name}` | {_kind(field)} | {field.get('description', '').replace(chr(10), ' ')} |"
        for name, field in schema["properties"].items()
    ]
    head = [
        f"### {cls.event_name()} v{cls.VERSION}",
        "",
        _summary(cls),
        "",
        "| field | type | meaning |",
        "|---|---|---|",
    ]
    return [*head, *rows, ""]


def _summary(cls: type[Event]) -> str:
    return " ".join(cleandoc(cls.__doc__ or "").split())


def _kind(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_kind(option) for option in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}" if "items" in field else "list"
    return str(field.get("format") or field.get("type") or "value")
