"""deploy/k8s/base is written from two templates and the list of services; this writes it or says that it is old.

Every object is checked against the schemas of Kubernetes, offline and strictly: an unknown field is an error.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

from events.topology import SERVICES

PLACE = Path(__file__).parents[1] / "deploy" / "k8s"
VERSION = "1.33"
NOTE = "# Written by `make kubernetes` from deploy/k8s/{}.\n"


def platform() -> list[dict[str, Any]]:
    """What the services share."""
    upstreams = json.dumps({service: f"http://{service}-api:8000" for service in SERVICES})
    return _objects((PLACE / "platform.yaml").read_text().replace("UPSTREAMS'", f"{upstreams}'"))


def service(name: str) -> list[dict[str, Any]]:
    """The objects of one service."""
    return _objects((PLACE / "service.yaml").read_text().replace("SERVICE", name))


def files() -> Iterator[tuple[str, str]]:
    """Each file of the base with its text."""
    yield "platform.yaml", NOTE.format("platform.yaml") + _text(platform())
    for name in SERVICES:
        yield f"{name}.yaml", NOTE.format("service.yaml") + _text(service(name))
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": "zengshou",
        "resources": ["platform.yaml", *(f"{name}.yaml" for name in SERVICES)],
    }
    yield "kustomization.yaml", NOTE.format("") + _text([kustomization])


def problems() -> Iterator[str]:
    """What is not as it should be."""
    wanted = dict(files())
    for found in (PLACE / "base").glob("*"):
        if found.name not in wanted:
            yield f"{found.name}: of no service"
    for name, text in wanted.items():
        file = PLACE / "base" / name
        if not file.exists() or file.read_text() != text:
            yield f"{name}: not current, run make kubernetes"
    for one in [*platform(), *(each for name in SERVICES for each in service(name))]:
        try:
            kubernetes_validate.validate(one, VERSION, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{one['kind']} {one['metadata']['name']}: {error.message}"


def _objects(template: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(template)
    return found


class _Plain(yaml.SafeDumper):
    """Repeats what is the same instead of pointing to it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(objects: list[dict[str, Any]]) -> str:
    return str(yaml.dump_all(objects, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120))


def main() -> int:
    """Return 0 when the base is current and valid; `--write` makes it current."""
    if "--write" in sys.argv:
        (PLACE / "base").mkdir(exist_ok=True)
        for name, text in files():
            (PLACE / "base" / name).write_text(text)
    found = list(problems())
    for problem in found:
        print(problem)
    if not found:
        print(f"kubernetes: the base of {len(SERVICES)} services is current and valid ({VERSION})")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
