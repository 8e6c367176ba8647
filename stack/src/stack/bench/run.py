"""One round of measurements on a platform of its own."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any, Final

from ..api import Api
from ..demo.cast import draw_cast
from ..demo.opening import EXPORTED_ON, load_regions, start_calendar
from ..demo.settling import Settling
from ..exits import ExitCode, StackError
from ..kafka import JoinedKafka
from ..ports import Ports
from ..postgres import Cluster, Postgres
from ..rebuilding import rebuild_and_compare
from ..state import StateDirectory
from ..supervisor.supervisor import platform
from ..supervisor.telling import Tell
from .alerts import measure_alerts
from .beside import Officers, measure_beside
from .flow import employ, measure_flow, wages
from .golive import measure_golive
from .kept import KeptCity
from .lists import measure_lists
from .loading import load, write_files
from .rescore import measure_rescore
from .sightings import Sightings
from .years import Event, measure_years, play_year, received, told

PARTS: Final = ("golive", "lists", "flow", "alerts", "rescore", "beside", "rebuild", "years")
_ON_A_NEW_CITY: Final = {"golive", "beside", "years"}
"""They bring in households of their own, which a city that was loaded has already."""
_EARNING: Final = 250
"""households with one or two earners"""
_PATIENCE: Final = 3_600.0
_KEPT: Final = 0.2


async def measure(
    place: Path,
    tell: Tell,
    found: dict[str, Any],
    *,
    households: int,
    rates: Sequence[int],
    officers: float,
    seconds: float,
    events: int,
    parts: Sequence[str],
    kafka: JoinedKafka | None = None,
    seed: int = 1,
) -> None:
    """Load a city, then measure the parts, in this order.

    Args:
        place: directory for the city and the platform's state; a city that was loaded there is measured again.
        tell: is told what goes on.
        found: gets what was measured, by part, as soon as it was; `import` where a platform was loaded.
        households: how many the city has.
        parts: of `PARTS`.
        seed: draws the city and the load.
        rates: facts per second of the part `flow`, one after the other.
        officers: calls per second of the parts `rescore` and `beside`, losses per second of `alerts`.
        seconds: how long either goes on.
        events: how many the part `years` replays.
        kafka: instead of the embedded broker.

    Raises:
        StackError: the city of this place is another one, is used up, or is no new one as some parts need it.
    """
    city = KeptCity.at(place, households, seed)
    if city.loaded and (unfit := _ON_A_NEW_CITY & set(parts)):
        raise StackError(
            ExitCode.USAGE,
            zh=f"{'、'.join(sorted(unfit))} 要求新城，请用 --only 选其他项。",
            en=f"{', '.join(sorted(unfit))}: only on a new city; choose other parts by --only.",
        )
    files = await write_files(households, seed, place / "city", tell)
    found["seed"] = seed
    if "golive" in parts:
        tell("导入，别无他事", "importing, with nothing else on the machine")
        found["golive"] = await measure_golive(StateDirectory(place / "golive"), files, Random(seed))  # noqa: S311 - no secret
    if set(parts) == {"golive"}:
        return
    kept = _last_part(files) if "beside" in parts else []
    async with AsyncExitStack() as closing:
        state = StateDirectory(place / "state")
        supervisor = await closing.enter_async_context(platform(state, Ports.free(), tell, kafka=kafka))
        running = supervisor.running
        api = Api(state, running)
        closing.push_async_callback(api.close)
        settling = Settling(running.databases, deadline=_PATIENCE)
        closing.push_async_callback(settling.close)
        if not city.loaded:
            await load_regions(api)
            await start_calendar(api)
            await settling.until_taken("households")
            tell("导入", "importing")
            city.found = (await load(api, running, settling, files[: len(files) - len(kept)], tell)).to_json()
            # Half a minute later it would by itself, amid what is measured.
            await supervisor.renew_broker()
        found["import"], random = city.found, city.random()
        city.runs += 1
        city.keep()
        if "lists" in parts:
            tell("列表", "lists")
            found["lists"] = {name: spread.to_json() for name, spread in (await measure_lists(api, random)).items()}
        if {"flow", "alerts", "rescore", "beside"} & set(parts):
            cast = await draw_cast(api, random, EXPORTED_ON, _EARNING, without=city.used)
            if not cast.earners:
                raise StackError(
                    ExitCode.USAGE,
                    zh="各户均已用于以前的量测，请另载一城。",
                    en="Every household was used; load a new city.",
                )
            await employ(api, cast.earners)
            city.used |= {earner.household_id for earner in cast.earners}
            city.keep()
            await settling.until_taken()
            dsn = running.databases["monitoring"]["worker"]
            sightings = await closing.enter_async_context(Sightings.following(dsn))
            items = wages(cast.earners, random)
        if "flow" in parts:
            found["flow"] = []
            for rate in rates:
                tell(f"每秒 {rate} 条事实", f"{rate} facts a second")
                found["flow"].append((await measure_flow(api, sightings, items, rate, seconds)).to_json())
                await settling.until_taken()
        if "alerts" in parts:
            tell("预警到达", "alerts on their way")
            half = len(cast.earners) // 2
            found["alerts"] = (await measure_alerts(api, cast.earners[:half], EXPORTED_ON, officers)).to_json()
            gone = {str(earner.spell_id) for earner in cast.earners[:half]}
            items = (item for item in items if item["spell_id"] not in gone)
            await settling.until_taken()
        if "rescore" in parts:
            tell("新监测线", "a new line")
            staff = Officers(api, sightings, items, cast.households, random, officers)
            found["rescore"] = (await measure_rescore(api, dsn, staff, EXPORTED_ON, seconds, run=city.runs)).to_json()
            await settling.until_taken()
        if "beside" in parts:
            tell("办理与导入并行", "an import beside live work")
            found["beside"] = (
                await measure_beside(api, sightings, items, kept or files, cast.households, random, officers, seconds)
            ).to_json()
        if "rebuild" in parts:
            tell("重建", "rebuilding")
            await settling.until_taken()
            found["rebuild"] = told(await rebuild_and_compare(running))
        if "years" in parts:
            tell("演一年", "playing a year")
            await play_year(api, running, settling, seed)
            await settling.until_taken()
            year = await received(running.databases["monitoring"]["worker"])
    if "years" in parts:
        tell(f"重建 {events:,} 个事件", f"rebuilding from {events:,} events")
        found["years"] = await _years(state, year, events)


async def _years(state: StateDirectory, year: Sequence[Event], events: int) -> dict[str, Any]:
    """On the engine of the platform, which has ended: nobody else works meanwhile."""
    cluster = Cluster(state.root / "postgres", log=state.logs / "postgres.log")
    await asyncio.to_thread(cluster.start)
    try:
        return await measure_years(Postgres(cluster.admin_dsn), year, events, state.logs / "migrations.log")
    finally:
        await asyncio.to_thread(cluster.stop)


def _last_part(files: Sequence[Path]) -> Sequence[Path]:
    """The last townships, about a fifth of the city by size: they come in later, beside live work."""
    sizes = [path.stat().st_size for path in files]
    first = next(n for n in reversed(range(len(files))) if n == 0 or sum(sizes[n:]) >= _KEPT * sum(sizes))
    return files[first:]
