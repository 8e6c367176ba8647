"""How long lists, searches and single households take at the size that was loaded."""

import time
from collections.abc import Collection, Mapping
from random import Random
from typing import Any, Final

from events.topology import SERVICES

from ..api import Api
from ..demo.clients import CITY
from .figures import Spread

_TIMES: Final = 60
_PAGES: Final = 20

_LISTS: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "households": ("/households/v1/households", {"page_size": 50}),
    "households of a county": ("/households/v1/households", {"page_size": 50, "path": "5301/530129/"}),
    "households of a category": ("/households/v1/households", {"page_size": 50, "category": "borderline"}),
    "imports": ("/households/v1/imports", {}),
    "monitored households by level": ("/monitoring/v1/households", {"page_size": 50}),
    "open alerts": ("/monitoring/v1/alerts", {"state": "open", "page_size": 50}),
    "own alerts": ("/monitoring/v1/alerts/mine", {}),
    "summary by level": ("/monitoring/v1/summary", {}),
    "helper gaps": ("/households/v1/helper-gaps", {"path": "5301/"}),
    "rated households without a loan": ("/finance/v1/unborrowed-households", {"page_size": 50}),
    "jobs": ("/employment/v1/spells", {"page_size": 50}),
}


async def measure_lists(
    api: Api, random: Random, times: int = _TIMES, *, services: Collection[str] = SERVICES
) -> dict[str, Spread]:
    """First pages of every list of these services, pages far behind, one household each, found by its number too."""
    lists = {name: of for name, of in _LISTS.items() if of[0].split("/")[1] in services}
    found = {name: await _repeated(api, path, params, times) for name, (path, params) in lists.items()}
    far, homes = await _far_pages(api)
    found["households, 1 to 20 pages on"] = far
    chosen = [random.choice(homes) for _ in range(times)]
    found["one household"] = Spread.of(
        [await _timed(api, f"/households/v1/households/{home['id']}", {}) for home in chosen]
    )
    found["one household by its number"] = Spread.of(
        [await _searched(api, {"number": home["number"]}) for home in chosen]
    )
    if "monitoring" in services:
        found["risk of one household"] = Spread.of(
            [await _timed(api, f"/monitoring/v1/households/{home['id']}/risk", {}) for home in chosen]
        )
    return found


async def _repeated(api: Api, path: str, params: Mapping[str, Any], times: int) -> Spread:
    await _timed(api, path, params)  # the first call compiles and connects
    return Spread.of([await _timed(api, path, params) for _ in range(times)])


async def _far_pages(api: Api) -> tuple[Spread, list[dict[str, Any]]]:
    took: list[float] = []
    homes: list[dict[str, Any]] = []
    token: str | None = None
    for _ in range(_PAGES):
        params = {"page_size": 50} | ({"page_token": token} if token else {})
        began = time.monotonic()
        page = await api.get(CITY, "/households/v1/households", **params)
        took.append(time.monotonic() - began)
        homes += page["items"]
        if not (token := page["next_page_token"]):
            break
    return Spread.of(took), homes


async def _searched(api: Api, wanted: Mapping[str, str]) -> float:
    began = time.monotonic()
    await api.post(CITY, "/households/v1/households:search", wanted)
    return time.monotonic() - began


async def _timed(api: Api, path: str, params: Mapping[str, Any]) -> float:
    began = time.monotonic()
    await api.get(CITY, path, **params)
    return time.monotonic() - began
