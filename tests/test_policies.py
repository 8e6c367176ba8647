"""Policy is the same in every service: its routes, its rights, and seeds that its rules read."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from events.topology import SERVICES
from kit.auth import Needs
from kit.policies.rules import check_value
from kit.policy import read_seeds
from stack.gateway.departments import department

SEEDS = {
    "households": ("households", "policy.toml"),
    "employment": ("employment", "policy.toml"),
    "finance": ("finance.policy", "seeds.toml"),
    "procurement": ("procurement", "policy.toml"),
    "monitoring": ("monitoring.policy", "seeds.toml"),
}
NAMES = {service: import_module(f"{service}.policy{'.names' if 'policy' in package else ''}").NAMES
         for service, (package, _) in SEEDS.items()}  # fmt: skip
ROUTES = {
    ("GET", "/v1/policies", "read"),
    ("GET", "/v1/policy-drafts", "read"),
    ("POST", "/v1/policy-drafts", "write"),
    ("GET", "/v1/policy-drafts/{draft_id}", "read"),
    ("POST", "/v1/policy-drafts/{draft_id}:release", "approve"),
    ("POST", "/v1/policy-drafts/{draft_id}:withdraw", "write"),
}


def mounted(service: str) -> list[Any]:
    routers = import_module(f"{service}.app").ROUTERS
    return [route for router in routers for route in router.routes if "/polic" in route.path]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_sets_policy_by_the_same_routes_under_rights_of_its_own(service: str) -> None:
    found = set()
    for route in mounted(service):
        assert isinstance(route, APIRoute)
        [right] = [part.call.right for part in route.dependant.dependencies if isinstance(part.call, Needs)]
        resource, _, action = right.partition(":")
        assert resource == f"{service}-policy"
        found |= {(method, route.path, action) for method in route.methods}
    assert found == ROUTES


@pytest.mark.parametrize("service", SERVICES)
def test_every_seed_is_a_value_that_a_rule_reads_in_its_unit(service: str) -> None:
    package, file = SEEDS[service]
    module = import_module(package).__file__
    assert module is not None
    seeds = read_seeds(Path(module).with_name(file))
    assert seeds
    for seed in seeds:
        check_value(seed, NAMES[service], places=4)


@pytest.mark.parametrize("service", SERVICES)
def test_two_departments_can_set_its_policy_and_its_own_can_draft(service: str) -> None:
    for client in ("city-rural", "city-policy"):
        held = department(client)
        assert held is not None
        assert {f"{service}-policy:{action}" for action in ("read", "write", "approve")} <= held.rights
    audit = department("city-audit")
    assert audit is not None
    assert {right for right in audit.rights if "-policy:" in right} == {f"{name}-policy:read" for name in SERVICES}
