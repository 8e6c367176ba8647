"""A received log many times over is replayed like any other."""

from pathlib import Path
from typing import Any

import pytest

from stack.api import Api
from stack.bench.loading import Import, import_file, write_files
from stack.bench.years import Event, measure_years, multiplied, received
from stack.demo.opening import load_regions, start_calendar
from stack.demo.settling import Settling
from stack.postgres import Postgres


@pytest.fixture
async def year(platform: Any, tmp_path: Path) -> list[Event]:
    api = Api(platform.state, platform.running)
    if not (await api.get("city-rural", "/households/v1/regions", page_size=1))["items"]:
        await load_regions(api)
        await start_calendar(api)
    [first, *_] = await write_files(3, 78, tmp_path, lambda _zh, _en: None)
    await import_file(api, first, Import())
    settling = Settling(platform.running.databases)
    await settling.until_taken()
    await settling.close()
    await api.close()
    return await received(platform.running.databases["monitoring"]["worker"])


async def test_copies_have_ids_of_their_own_and_stand_behind_their_model(year: list[Event]) -> None:
    known = {event["id"] for event in year}
    rows = list(multiplied(year, 3))
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    homes = sum(event["household_id"] is not None for event in year)
    assert len(rows) == len(year) + 2 * homes
    assert len({row[3] for row in rows}) == len(rows), "every event has an id of its own"
    assert {row[3] for row in rows} >= known
    alone = [event for event in year if event["household_id"] is None]
    assert sum(row[6] is None for row in rows) == len(alone), "what belongs to no household is there once"


async def test_a_rebuild_of_copies_is_identical(year: list[Event], postgres: Postgres, tmp_path: Path) -> None:
    homes = sum(event["household_id"] is not None for event in year)
    told = await measure_years(postgres, year, len(year) + homes, tmp_path / "migrations.log")
    assert told["identical"]
    assert told["events"] == len(year) + homes
    assert told["rows"] > 0
