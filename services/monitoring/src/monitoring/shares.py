"""The received log divided into shares: each is the households that a process remembers while it replays them.

As many processes as there are cores take one share after the other; then what they made is put together.

Households that share a person or a fact, or were merged into one another, look at each other's facts, so they fall into
the same share. Ticks, policy and what else concerns no household is replayed in every share; what follows from it is
taken from the first. In the rows of households a replay in shares differs in nothing from one in one piece.
"""

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.replay import replay
from kit import loop
from kit.database import engine
from kit.memory import expect_long_lives

from .consumption import handlers
from .indicators.service import sum_up_all
from .profile.service import Profiles

CHUNK: Final = 200
HOUSEHOLDS: Final = 10_000
"""So many in a share, about: all remembered they take less than a GB. Ticks and policy are replayed in every share."""
_UNEVEN: Final = 2
"""Households fall into shares by chance, and those that go together fall into one."""

_WHOSE: Final = "coalesce(household_id, CAST(data->>'person_id' AS uuid))"
"""The household of an event, or the person where nobody told the household."""
_TOGETHER: Final = text(f"""
    SELECT array_agg(DISTINCT household_id) FILTER (WHERE household_id IS NOT NULL)
           || CAST(data->>'person_id' AS uuid) AS ids
    FROM received_log WHERE data->>'person_id' IS NOT NULL
    GROUP BY data->>'person_id' HAVING count(DISTINCT household_id) > 1 OR bool_or(household_id IS NULL)
    UNION ALL
    SELECT array_agg(DISTINCT {_WHOSE}) FROM received_log WHERE {_WHOSE} IS NOT NULL AND fact_id IS NOT NULL
    GROUP BY fact_id HAVING count(DISTINCT {_WHOSE}) > 1
    UNION ALL
    SELECT ARRAY[household_id, CAST(coalesce(data->>'into_id', data->>'from_id') AS uuid)] FROM received_log
    WHERE type LIKE '%.HouseholdMerged.v_' OR type LIKE '%.HouseholdUnmerged.v_'
""")  # noqa: S608 - constant expression
_HOW_MANY: Final = text("SELECT count(DISTINCT household_id) FROM received_log")
_NOTE: Final = """
    INSERT INTO {schema}.together (id, share) SELECT id, {number} FROM unnest(CAST(:ids AS uuid[])) AS id
"""
# Nothing lies on which share a household is in, only that it is always the same one.
_ASSIGN: Final = f"""
    INSERT INTO {{schema}}.assigned (share, number)
    WITH read AS (SELECT number, {_WHOSE} AS whose FROM received_log WHERE number <= :until),
    placed AS (SELECT number, whose, coalesce(share, mod(uuid_hash(whose) & 2147483647, {{of}})) AS own
               FROM read LEFT JOIN {{schema}}.together ON id = whose)
    SELECT share, number FROM placed,
        generate_series(CASE WHEN whose IS NULL THEN 0 ELSE own END,
                        CASE WHEN whose IS NULL THEN {{of}} - 1 ELSE own END) AS share
"""  # noqa: S608 - constant expression
_MINE: Final = """
    number IN (SELECT number FROM {schema}.assigned
               WHERE share = {share} AND number > :after ORDER BY number LIMIT :most)
"""
_SUMS: Final = {
    "level_counts": ("path, level", "households"),
    "indicator_values": ("path, part, month, above", "value"),
}
"""Tables whose rows belong to areas, which several shares have a part in → their key, and what is added up."""
_BUT: Final = {
    "event_log": "WHERE household_id IS NOT NULL ORDER BY seq",
    "facts": "WHERE household_id IS NOT NULL OR person_id IS NOT NULL",
}
"""Rows that stand in every share, as they belong to nobody, are left out."""
_GIVES_WAY: Final = """
    DELETE FROM {into}.facts AS nobodys USING {share}.facts AS own
    WHERE own.fact_id = nobodys.fact_id AND coalesce(nobodys.household_id, nobodys.person_id) IS NULL
      AND coalesce(own.household_id, own.person_id) IS NOT NULL
"""
"""A fact that was nobody's at first is so in every share but in that of the household it was told of later."""
_ONCE: Final = frozenset({"gates", "policy_values", "event_keys"})
"""Tables that say the same in every share."""


@dataclass(frozen=True, slots=True)
class Share:
    """份额: what one process replays, and where.

    Attributes:
        schema: its side schema; that of the first share is the one in which all are put together.
        only: a condition on rows of the received log, as `events.replay` takes it.
    """

    schema: str
    only: str
    until: int


async def how_many(tx: AsyncConnection, processes: int) -> int:
    """Into how many shares the log is divided: no process is idle at the end, none remembers too much."""
    households: int = (await tx.execute(_HOW_MANY)).scalar_one()
    return processes * max(1, -(-households // (HOUSEHOLDS * processes)))


async def divided(tx: AsyncConnection, schemas: Sequence[str], until: int) -> list[Share]:
    """One share for each schema; the first of them holds which rows of the log are in which."""
    first, of = schemas[0], len(schemas)
    await tx.execute(text(f"CREATE TABLE {first}.together (id uuid PRIMARY KEY, share int NOT NULL)"))
    groups = _joined(row.ids for row in await tx.execute(_TOGETHER))
    for number in range(of):
        ids = [id_ for group in groups[number::of] for id_ in group]
        await tx.execute(text(_NOTE.format(schema=first, number=number)), {"ids": ids})
    await tx.execute(text(f"CREATE UNLOGGED TABLE {first}.assigned (share int, number bigint)"))
    await tx.execute(text(_ASSIGN.format(schema=first, of=of)), {"until": until})
    await tx.execute(text(f"ALTER TABLE {first}.assigned ADD PRIMARY KEY (share, number)"))
    await tx.execute(text(f"ANALYZE {first}.assigned"))
    await tx.execute(text(f"GRANT SELECT ON {first}.assigned TO monitoring_worker"))
    return [Share(schema, _MINE.format(schema=first, share=number), until) for number, schema in enumerate(schemas)]


def _joined(links: Iterable[Sequence[UUID]]) -> list[set[UUID]]:
    """Sets that have a household in common become one."""
    group: dict[UUID, set[UUID]] = {}
    for link in links:
        whole = set(link).union(*(group.get(id_, ()) for id_ in link))
        group.update(dict.fromkeys(whole, whole))
    return sorted({id(whole): whole for whole in group.values()}.values(), key=min)


async def replay_shares(dsn: str, shares: Sequence[Share], processes: int) -> None:
    """Replay them, so many at a time, each in a process of its own, which gives its memory back as it ends."""
    room = asyncio.Semaphore(processes)

    async def replayed(share: Share) -> None:
        async with room:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                await asyncio.get_running_loop().run_in_executor(pool, _work, dsn, share)

    await asyncio.gather(*map(replayed, shares))


def _work(dsn: str, share: Share) -> None:
    expect_long_lives()
    loop.run(_replay_one(dsn, share))


async def _replay_one(dsn: str, share: Share) -> None:
    worker = engine(dsn, key_locks="rows", application="monitoring-rebuild")
    try:
        profiles = Profiles(keeping=False, most=_UNEVEN * HOUSEHOLDS)
        await replay(worker, handlers(profiles), share.schema, until=share.until, only=share.only)
        await sweep(worker, profiles, share.schema)
    finally:
        await worker.dispose()


async def sweep(worker: AsyncEngine, profiles: Profiles, schema: str) -> None:
    """Take all households of a side schema past the last tick."""
    done = 1
    while done:
        async with worker.begin() as tx:
            await tx.execute(text(f"SET LOCAL search_path = {schema}, public"))
            done = await profiles.catch_up(tx, CHUNK)
            await sum_up_all(tx)


async def put_together(tx: AsyncConnection, tables: Iterable[str], shares: Sequence[Share]) -> None:
    """Add the rows of the other shares to those of the first."""
    into = shares[0].schema
    for share in shares[1:]:
        await tx.execute(text(_GIVES_WAY.format(into=into, share=share.schema)))
        for table in tables:
            if table in _SUMS:
                await tx.execute(text(_add(into, share.schema, table)))
            elif table not in _ONCE:
                columns = ", ".join(await _columns(tx, into, table))
                rows = f"SELECT {columns} FROM {share.schema}.{table} {_BUT.get(table, '')}"  # noqa: S608
                await tx.execute(text(f"INSERT INTO {into}.{table} ({columns}) {rows}"))


def _add(into: str, share: str, table: str) -> str:
    key, sum_ = _SUMS[table]
    unique = key.removesuffix(", above")
    return f"""
        INSERT INTO {into}.{table} AS whole ({key}, {sum_}) SELECT {key}, {sum_} FROM {share}.{table}
        ON CONFLICT ({unique}) DO UPDATE SET {sum_} = whole.{sum_} + excluded.{sum_}
    """  # noqa: S608 - constant names


_OWN_COLUMNS: Final = text("""
    SELECT quote_ident(attname) FROM pg_attribute
    WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped
      AND attidentity = '' AND attgenerated = '' ORDER BY attnum
""")


async def _columns(tx: AsyncConnection, schema: str, table: str) -> list[Any]:
    """All but those that the database fills in."""
    return list(await tx.scalars(_OWN_COLUMNS, {"table": f"{schema}.{table}"}))
