"""A year of the platform's life many times over, so that a rebuild has as much to replay as a city gives it.

The year is played through the APIs by a few hundred households. Its received log is then written into a database of its
own, each household as many times as it takes, every copy under ids of its own and in its place in time: a day with a
hundred wages becomes a day with some ten thousand.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from ..api import Api
from ..demo.cast import draw_cast
from ..demo.facts import Facts
from ..demo.ledger import Ledger
from ..demo.lending import add_loans
from ..demo.opening import EXPORTED_ON
from ..demo.play import Player
from ..demo.screen import Screen
from ..demo.selling import add_orders
from ..demo.settling import Settling
from ..demo.stream import AlertStream
from ..demo.timing import Watch
from ..demo.year import draw_year
from ..exits import ExitCode, StackError
from ..postgres import Postgres
from ..rebuilding import Rebuilt, rebuild_database
from ..state import Running
from ..supervisor.migrating import migrate

_COLUMNS: Final = (
    "number", "source", "seq", "id", "type", "key", "household_id", "region", "fact_id", "revision", "void",
    "occurred_at", "recorded_at", "correlation_id", "causation_id", "data",
)  # fmt: skip
_IDS: Final = frozenset({"id", "key", "household_id", "fact_id", "correlation_id", "causation_id"})
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHIFT: Final = 16
"""Bits by which the number of a copy is shifted into the random part of an id."""
_OWN: Final = "monitoring"

Event = Mapping[str, Any]
"""A row of the received log, by column; `data` as JSON text."""


async def play_year(api: Api, running: Running, settling: Settling, seed: int) -> None:
    """The demonstration's year for the households that are there."""
    ledger, random = Ledger(), Random(seed)  # noqa: S311 - a story, no secret
    watch = Watch(running.databases)
    try:
        cast = await draw_cast(api, random, EXPORTED_ON)
        year = draw_year(cast, EXPORTED_ON, random)
        add_loans(year, cast, random)
        add_orders(year, cast, random)
        await Player(api, Facts(api, ledger), settling, watch, Screen(ledger, AlertStream(api))).play(year)
    finally:
        await watch.close()


async def received(dsn: str) -> list[Event]:
    """The received log of monitoring, in its order, without what monitoring said itself but for its policy."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(f"SELECT {', '.join(_COLUMNS)} FROM received_log ORDER BY number")  # noqa: S608
    finally:
        await connection.close()
    return [dict(row) for row in rows if row["source"] != _OWN or row["household_id"] is None]


def multiplied(year: Sequence[Event], times: int) -> Iterator[tuple[Any, ...]]:
    """The rows of a received log with every household `times` times, each copy behind its model.

    What belongs to no household (dates, policy, regions) is there once, and so are the ids it names.
    """
    shared = {id_ for event in year if event["household_id"] is None for id_ in _named(event)}
    number = 0
    for event in year:
        parts = _UUID.split(event["data"])
        named = [UUID(id_) for id_ in _UUID.findall(event["data"])]
        for copy in range(times if event["household_id"] is not None else 1):
            number += 1
            yield _copied(event, number, copy, parts, named, shared)


def _named(event: Event) -> Iterator[UUID]:
    yield from (event[column] for column in _IDS if event[column] is not None)
    yield from map(UUID, _UUID.findall(event["data"]))


def _copied(
    event: Event, number: int, copy: int, parts: Sequence[str], named: Sequence[UUID], shared: set[UUID]
) -> tuple[Any, ...]:
    def own(id_: UUID | None) -> UUID | None:
        return id_ if id_ is None or not copy or id_ in shared else UUID(int=id_.int ^ (copy << _SHIFT))

    ids = [str(own(id_)) for id_ in named]
    data = "".join(text for pair in zip(parts, [*ids, ""], strict=True) for text in pair)
    changed = {"number": number, "seq": number, "data": data}
    return tuple(
        changed[column] if column in changed else own(event[column]) if column in _IDS else event[column]
        for column in _COLUMNS
    )


async def measure_years(postgres: Postgres, year: Sequence[Event], events: int, log: Path) -> dict[str, Any]:
    """Rebuild from about so many events, in a database of its own in which nobody else works.

    The first rebuild fills the tables, which is no comparison; the second one is what is told.

    Args:
        postgres: where the database is made.
        year: of `received`.
        events: how many there shall be.
        log: what the migrations say.
    """
    per_copy = sum(event["household_id"] is not None for event in year)
    times = max(1, round((events - len(year)) / per_copy) + 1)
    dsns = asdict(postgres.create_service_database(_OWN))
    await migrate({_OWN: dsns["owner"]}, log)
    database = urlsplit(dsns["owner"]).path
    admin = urlsplit(postgres.admin_dsn)._replace(path=database).geturl()
    connection = await asyncpg.connect(admin)
    try:
        await connection.copy_records_to_table("received_log", records=multiplied(year, times), columns=_COLUMNS)
        await connection.execute("ANALYZE")
        processes = ("--processes", str(os.cpu_count() or 1))
        filled = await rebuild_database(dsns, "--swap", "--keep", *processes)
        # A swap replaces neither a log nor policy: both are entered as live flow would have entered them.
        await connection.execute(_TOLD)
        await connection.execute(_RELEASED)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    again = await rebuild_database(dsns, *processes)
    if not again.events == filled.events:
        raise StackError(ExitCode.FAILED, zh="两次重建的事件数不同。", en="Two rebuilds replayed different events.")
    return {"households": times * _households(year), **told(again)}


_ENVELOPE: Final = (
    "id, type, key, household_id, region, fact_id, revision, void, occurred_at, recorded_at, correlation_id,"
    " causation_id, data"
)
_TOLD: Final = f"""
    INSERT INTO public.event_log ({_ENVELOPE}) SELECT {_ENVELOPE} FROM rebuild.event_log ORDER BY seq
"""  # noqa: S608 - constant columns
_RELEASED: Final = """
    INSERT INTO public.policy_values SELECT * FROM rebuild.policy_values ON CONFLICT DO NOTHING
"""


def _households(year: Sequence[Event]) -> int:
    return len({event["household_id"] for event in year} - {None})


def told(rebuilt: Rebuilt) -> dict[str, Any]:
    """A rebuild as a report carries it."""
    return {
        "events": rebuilt.events,
        "rows": rebuilt.rows,
        "seconds": round(rebuilt.seconds, 1),
        "events_per_second": round(rebuilt.events / rebuilt.seconds),
        "identical": rebuilt.identical,
        "differences": rebuilt.differences,
    }
