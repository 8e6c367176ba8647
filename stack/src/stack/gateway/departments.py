"""The departments that the development issuer knows: who they are, what they may do, and where."""

from dataclasses import dataclass
from typing import Final

CITY: Final = "5301/"

RESOURCES: Final[dict[str, tuple[str, ...]]] = {
    "households": (
        "regions",
        "staff",
        "households",
        "imports",
        "income",
        "conditions",
        "support",
        "reports",
        "entities",
        "assets",
        "tasks",
        "business-date",
        "households-policy",
    ),
    "employment": ("employment", "wages", "subsidies", "posts", "employment-help", "employment-policy"),
    "finance": (
        "products",
        "credit",
        "outreach",
        "loans",
        "transfers",
        "aid",
        "insurance",
        "finance-help",
        "finance-policy",
    ),
    "procurement": ("buyers", "orders", "sales", "procurement-help", "procurement-policy"),
    "monitoring": ("risk", "indicators", "alerts", "cases", "deliveries", "decisions", "dispatch", "monitoring-policy"),
    "platform": ("operations",),
}
"""Service → the resources whose rights it asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """部门: a client of the issuer."""

    client: str
    name: str
    paths: tuple[str, ...]
    rights: frozenset[str]


def _may(action: str, *services: str) -> frozenset[str]:
    return frozenset(f"{resource}:{action}" for service in services for resource in RESOURCES[service])


_READ_ALL = _may("read", *RESOURCES)
# Seeing a name or an id number in clear is a right of its own, and every use of it is audited.
_REVEAL = frozenset({"households:reveal"})
_ALL = _READ_ALL | _may("write", *RESOURCES) | _may("approve", *RESOURCES) | _REVEAL
_COUNTY_OFFICE = _READ_ALL | _may("write", "households", "monitoring") | {"outreach:write"}

DEPARTMENTS: Final = (
    Department(client="city-rural", name="昆明市农业农村局（乡村振兴）", paths=(CITY,), rights=_ALL),
    Department(client="city-policy", name="昆明市农业农村局（监测标准复核）", paths=(CITY,), rights=_ALL),
    Department(
        client="city-employment",
        name="昆明市人力资源和社会保障局",
        paths=(CITY,),
        rights=_READ_ALL | _may("write", "employment"),
    ),
    Department(
        client="city-finance",
        name="昆明市财政局",
        paths=(CITY,),
        # The filing of canteen reserves is checked by the finance bureau (财库〔2021〕20号).
        rights=_READ_ALL | _may("write", "finance") | {"buyers:approve"},
    ),
    Department(
        client="city-procurement",
        name="昆明市供销合作社",
        paths=(CITY,),
        rights=_READ_ALL | _may("write", "procurement"),
    ),
    Department(client="county-dongchuan", name="东川区农业农村局", paths=("5301/530113/",), rights=_COUNTY_OFFICE),
    Department(client="county-luquan", name="禄劝县农业农村局", paths=("5301/530128/",), rights=_COUNTY_OFFICE),
    Department(
        client="township-tangdan",
        name="东川区汤丹镇人民政府",
        paths=("5301/530113/530113102/",),
        rights=_COUNTY_OFFICE,
    ),
    Department(client="city-audit", name="昆明市审计局", paths=(CITY,), rights=_READ_ALL),
)


def department(client: str) -> Department | None:
    """The department of a client id."""
    return next((found for found in DEPARTMENTS if found.client == client), None)
