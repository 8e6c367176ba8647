"""Compares the committed contracts with the code, or writes them (`--write`), refusing what would break a reader.

Written: contracts/events/*.json, contracts/asyncapi.yaml, contracts/openapi/*.json, docs/events.md, docs/rules.md.
"""

import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import jsoncompat
import yaml
from rules_page import rules_page

from events import contracts
from events.topology import SERVICES
from kit.keys import Keys

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Return 0 when everything is current (or was written)."""
    wanted = dict(_documents())
    broken = [line for path, text in wanted.items() for line in _incompatible(ROOT / path, text)]
    if broken:
        print("These changes would break readers; make a new version of the event instead:", *broken, sep="\n  ")
        return 1
    if "--write" in sys.argv:
        for path, text in wanted.items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text)
        return 0
    stale = [path for path, text in wanted.items() if not (ROOT / path).exists() or (ROOT / path).read_text() != text]
    stale += [str(p.relative_to(ROOT)) for p in (ROOT / "contracts/events").glob("*.json")
              if str(p.relative_to(ROOT)) not in wanted]  # fmt: skip
    if stale:
        print("Not current, run `make contracts` and review the difference:", *stale, sep="\n  ")
        return 1
    print(f"contracts: {len(wanted)} documents current")
    return 0


def _documents() -> list[tuple[str, str]]:
    found = [(f"contracts/{path}", _json(schema)) for path, schema in contracts.schemas().items()]
    found.append(
        ("contracts/asyncapi.yaml", yaml.safe_dump(contracts.asyncapi("1"), allow_unicode=True, sort_keys=False))
    )
    found.append(("docs/events.md", contracts.events_page()))
    found.append(("docs/rules.md", rules_page()))
    found += [(f"contracts/openapi/{service}.json", _json(_openapi(service))) for service in SERVICES]
    return found


def _openapi(service: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        keys = Path(place) / "keys.json"
        Keys.generate().write(keys)
        settings = import_module(f"{service}.settings").Settings(
            app_dsn="postgresql://nobody@/nowhere",
            issuer="https://issuer.example",
            jwks_url="https://issuer.example/jwks",
            keys_file=keys,
        )
        document: dict[str, Any] = import_module(f"{service}.app").create(settings).openapi()
    return document


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _incompatible(path: Path, text: str) -> list[str]:
    """Old readers must understand new events, and new readers old events."""
    if path.parent.name != "events" or not path.exists() or path.suffix != ".json":
        return []
    # The checker takes only references within the document, and an $id would make them absolute.
    old, new = ({k: v for k, v in json.loads(t).items() if k != "$id"} for t in (path.read_text(), text))
    found = []
    if not jsoncompat.check_compat(json.dumps(old), json.dumps(new), "serializer"):
        found.append(f"{path.name}: readers of the committed schema would refuse new events")
    # Closed, because an old event cannot carry a field that did not exist when it was written.
    closed = {**old, "additionalProperties": False}
    if not jsoncompat.check_compat(json.dumps(closed), json.dumps(new), "deserializer"):
        found.append(f"{path.name}: new readers would refuse old events")
    return found


if __name__ == "__main__":
    sys.exit(main())
