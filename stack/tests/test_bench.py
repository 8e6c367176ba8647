"""What bench measures is there to be measured: an import, every list, a flow of facts until each is a status."""

from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from stack.api import Api
from stack.bench.alerts import measure_alerts
from stack.bench.figures import Spread
from stack.bench.flow import employ, measure_flow, wages
from stack.bench.kept import KeptCity
from stack.bench.lists import measure_lists
from stack.bench.loading import Import, import_file, write_files
from stack.bench.run import measure
from stack.bench.sightings import Sightings
from stack.demo.cast import draw_cast
from stack.demo.opening import EXPORTED_ON, load_regions, start_calendar
from stack.exits import StackError


def test_percentiles_are_those_of_the_nearest_rank() -> None:
    spread = Spread.of([0.001 * n for n in range(100, 0, -1)])
    assert (spread.count, spread.p50, spread.p95, spread.p99, spread.most) == (100, 50.0, 95.0, 99.0, 100.0)
    assert Spread.of([]).count == 0


def test_a_city_that_stays_has_other_earners_and_another_line_each_time(tmp_path: Path) -> None:
    first = KeptCity.at(tmp_path, 400, 1)
    assert not first.loaded
    (tmp_path / "state").mkdir()
    drawn = first.random().random()
    first.found, first.runs, first.used = {"persons": 1_555}, 1, {UUID(int=7)}
    first.keep()
    again = KeptCity.at(tmp_path, 400, 1)
    assert again.loaded
    assert (again.found, again.used) == (first.found, first.used)
    assert again.random().random() != drawn


@pytest.mark.parametrize("stored", [None, "{", '{"households": 500, "seed": 1}', '{"households": 400, "seed": 2}'])
def test_half_a_city_or_another_one_is_not_measured(stored: str | None, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    if stored:
        (tmp_path / "loaded.json").write_text(stored)
    with pytest.raises(StackError, match="another directory"):
        KeptCity.at(tmp_path, 400, 1)


@pytest.mark.parametrize("part", ["golive", "beside", "years"])
async def test_what_brings_in_households_of_its_own_needs_a_new_city(part: str, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    city = KeptCity(tmp_path, 400, 1, found={"persons": 1_555})
    city.keep()
    with pytest.raises(StackError, match=f"{part}: only on a new city"):
        await measure(
            tmp_path, lambda _zh, _en: None, {},
            households=400, rates=[10], officers=1, seconds=1, events=1_000, parts=["flow", part],
        )  # fmt: skip


async def test_a_small_city_is_imported_listed_and_paid(platform: Any, tmp_path: Path) -> None:
    api = Api(platform.state, platform.running)
    if not (await api.get("city-rural", "/households/v1/regions", page_size=1))["items"]:
        await load_regions(api)
        await start_calendar(api)
    [first, *_] = await write_files(3, 77, tmp_path, lambda _zh, _en: None)
    found = Import()
    await import_file(api, first, found)
    assert found.households >= 1
    assert found.to_json()["apply_persons_per_second"] > 0
    cast = await draw_cast(api, Random(7), EXPORTED_ON, 20)
    taken = {earner.household_id for earner in cast.earners}
    others = await draw_cast(api, Random(7), EXPORTED_ON, 20, without=taken)
    assert taken.isdisjoint(earner.household_id for earner in others.earners)
    await employ(api, cast.earners)
    async with Sightings.following(platform.running.databases["monitoring"]["worker"]) as sightings:
        flow = await measure_flow(api, sightings, wages(cast.earners, Random(7)), rate=10, seconds=1)
        assert (flow.sent, flow.missing, flow.status.count) == (10, 0, 10)
        with pytest.raises(StackError, match="no wages left for 9000 s at 10 a second"):
            await measure_flow(api, sightings, wages(cast.earners, Random(7)), rate=10, seconds=9000)
    told = await measure_alerts(api, cast.earners[:3], EXPORTED_ON, rate=5)
    assert (told.missing, told.seen.count) == (0, told.sent)
    lists = await measure_lists(api, Random(7), times=2)
    assert all(spread.count for spread in lists.values())
    await api.close()
