"""Rebuild: the received log through the same handlers into a side schema, compared with what stands; delivers nothing.

`python -m monitoring.rebuild` compares; with `--swap` it replaces what differs, with `--keep` the side schema stays,
with `--processes N` the log up to now is divided among processes first.

1. Make empty copies of the tables; seeds of the policy are given, everything else must follow from the log.
2. Replay up to a number while live flow goes on; sweep the copies.
3. Hold the gate: if something was received meanwhile or live households are behind, let go and replay the rest.
4. Compare every table by hashes of its rows, and what was appended without times and places in the log.
5. Swap, if asked to, in the same transaction: what differs gives way to what was replayed. Readers see the rows of
   before until the commit; the next batch waits at the gate; workers forget what they remember.
"""

import asyncio
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.gate import gate_exclusive
from events.replay import OWN, drop_side_schema, make_side_schema, replay
from kit import loop
from kit.database import engine
from kit.memory import expect_long_lives

from . import shares
from .consumption import handlers
from .indicators.service import sum_up_all
from .profile.service import Profiles
from .settings import Settings

SCHEMA: Final = "rebuild"

# Counts that went back to zero are the trace of batches, not of facts; times and places of the log differ by nature.
_COMPARED: Final = {
    "facts": "SELECT * FROM {schema}.facts",
    "profiles": "SELECT * FROM {schema}.profiles",
    "alerts": "SELECT * FROM {schema}.alerts",
    "alert_acts": "SELECT * FROM {schema}.alert_acts",
    "cases": "SELECT * FROM {schema}.cases",
    "case_steps": "SELECT * FROM {schema}.case_steps",
    "consents": "SELECT * FROM {schema}.consents",
    "help_requests": "SELECT * FROM {schema}.help_requests",
    "level_counts": "SELECT * FROM {schema}.level_counts WHERE households <> 0",
    "indicator_values": "SELECT * FROM {schema}.indicator_values WHERE value <> 0",
    "month_ends": "SELECT * FROM {schema}.month_ends",
    "gates": "SELECT * FROM {schema}.gates",
    "policy_values": "SELECT id, name, path, valid_from, valid_to, value, document, clause FROM {schema}.policy_values",
    "follow_ups": "SELECT type, key, household_id, region, fact_id, revision, void, occurred_at, correlation_id,"
    " causation_id, data FROM {schema}.event_log WHERE type LIKE 'cn.kunming.zengshou.monitoring.%'"
    " AND causation_id IS NOT NULL",
}
_KEYS: Final = {
    "facts": "fact_id",
    "profiles": "household_id",
    "alerts": "id",
    "alert_acts": "number",
    "cases": "id",
    "case_steps": "number",
    "consents": "household_id",
    "help_requests": "id",
    "level_counts": "path || ' ' || level",
    "indicator_values": "path || ' ' || part || ' ' || month",
    "month_ends": "household_id || ' ' || path || ' ' || month",
    "gates": "number",
    "policy_values": "id",
    "follow_ups": "type || ' ' || key || ' ' || coalesce(fact_id::text, '') || ' ' || revision",
}
_SWAPPED: Final = (
    "gates",
    "facts",
    "profiles",
    "level_counts",
    "indicator_values",
    "month_ends",
    "alerts",
    "alert_acts",
    "cases",
    "case_steps",
    "consents",
    "help_requests",
)
"""What a swap replaces; policy values are input, and a log is never changed."""
NAMED: Final = 50
"""Rows that a report names, of each table."""
_COPIES: Final = (
    "facts",
    "profiles",
    "alerts",
    "alert_acts",
    "cases",
    "case_steps",
    "register_statements",
    "consents",
    "help_requests",
    "level_counts",
    "indicator_changes",
    "indicator_values",
    "month_ends",
    "gates",
    "policy_values",
    # Copied without their rows: a replay finds no target, so it has nobody to tell.
    "delivery_targets",
    "deliveries",
)
_SEEDS: Final = """
    INSERT INTO {schema}.policy_values
    SELECT * FROM public.policy_values WHERE id NOT IN (SELECT policy_id FROM public.gates WHERE policy_id IS NOT NULL)
"""
# By hashes, so that one pass over both tables is enough; unequal rows of one key are removed before they are restored.
_REMOVE: Final = f"""
    DELETE FROM public.{{table}} AS live
    WHERE NOT EXISTS (SELECT FROM (SELECT md5(to_jsonb(t)::text) AS h FROM {SCHEMA}.{{table}} AS t) AS side
                      WHERE side.h = md5(to_jsonb(live)::text))
"""  # noqa: S608 - constant names
_RESTORE: Final = f"""
    INSERT INTO public.{{table}} SELECT side.* FROM {SCHEMA}.{{table}} AS side
    WHERE NOT EXISTS (SELECT FROM (SELECT md5(to_jsonb(t)::text) AS h FROM public.{{table}} AS t) AS live
                      WHERE live.h = md5(to_jsonb(side)::text))
"""  # noqa: S608 - constant names
# One pass over either side. A sum tells nothing of order, and equal rows count as often as they stand there.
_SUMMED: Final = """
    SELECT live.rows, live IS NOT DISTINCT FROM side AS same
    FROM (SELECT count(*) AS rows, sum(hash_record_extended(t, 0)), sum(hash_record_extended(t, 1))
          FROM ({live}) AS t) AS live,
         (SELECT count(*) AS rows, sum(hash_record_extended(t, 0)), sum(hash_record_extended(t, 1))
          FROM ({side}) AS t) AS side
"""
_FORGET: Final = text("DELETE FROM kept_profiles")
_NOTE: Final = text("INSERT INTO rebuilds (until, replaced) VALUES (:until, CAST(:replaced AS jsonb))")
_REPLAYED: Final = text("SELECT count(*) FROM received_log WHERE number <= :after")
_BEHIND: Final = text("""
    SELECT (SELECT coalesce(max(number), 0) FROM received_log) AS newest,
           EXISTS (SELECT FROM profiles WHERE gate < (SELECT coalesce(max(number), 0) FROM gates))
           OR EXISTS (SELECT FROM alert_acts WHERE NOT applied)
           OR EXISTS (SELECT FROM case_steps WHERE NOT applied) AS unswept
""")


@dataclass(frozen=True, slots=True)
class Compared:
    """比对结果 of one table.

    Attributes:
        rows: how many stand live.
        different: rows that stand on one side only; a changed row counts on both.
        missing: keys of rows that the replay has and the live table lacks, the first few.
        surplus: keys of rows that stand live and do not follow from the log, the first few.
    """

    table: str
    rows: int
    different: int
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """重建结果."""

    events: int
    tables: tuple[Compared, ...]
    swapped: bool = False

    @property
    def identical(self) -> bool:
        """Whether nothing differed."""
        return not any(table.different for table in self.tables)

    @property
    def holds(self) -> bool:
        """Whether nothing differs now: a swap has mended everything that it may replace."""
        return not any(t.different for t in self.tables if not (self.swapped and t.table in _SWAPPED))


async def rebuild(
    owner: AsyncEngine, worker: AsyncEngine, *, keep: bool = False, swap: bool = False, processes: int = 1
) -> Report:
    """Rebuild beside the live tables and compare.

    Args:
        owner: engine of the owner role; makes and drops the side schema.
        worker: engine of the worker role with row key locks; replays and compares.
        keep: leave the side schema for a look.
        swap: replace what differs by what was replayed.
        processes: how many replay what was received so far; what comes meanwhile is replayed by this one.
    """
    async with owner.begin() as tx:
        parts = await shares.how_many(tx, processes) if processes > 1 else 1
        schemas = [SCHEMA, *(f"{SCHEMA}_{number}" for number in range(1, parts))]
        for schema in schemas:
            await make_side_schema(tx, schema, _COPIES, "monitoring_worker")
            await tx.execute(text(_SEEDS.format(schema=schema)))
    try:
        done = await _in_shares(owner, worker, schemas, processes) if processes > 1 else 0
        return await _catch_and_compare(worker, done, swap=swap)
    finally:
        async with owner.begin() as tx:
            for schema in schemas[1:] if keep else schemas:
                await drop_side_schema(tx, schema)


async def _in_shares(owner: AsyncEngine, worker: AsyncEngine, schemas: Sequence[str], processes: int) -> int:
    """Replay what was received so far, in a schema for each share; gives up to where."""
    async with owner.begin() as tx:
        until: int = (await tx.execute(_BEHIND)).one().newest
        parts = await shares.divided(tx, schemas, until)
    await shares.replay_shares(worker.url.render_as_string(hide_password=False), parts, processes)
    async with worker.begin() as tx:
        await shares.put_together(tx, (*OWN, *_COPIES), parts)
    return until


async def _catch_and_compare(worker: AsyncEngine, after: int, *, swap: bool) -> Report:
    profiles = Profiles(keeping=False)
    table = handlers(profiles)
    async with worker.begin() as tx:
        count: int = (await tx.execute(_REPLAYED, {"after": after})).scalar_one()
    while True:
        async with worker.begin() as tx:
            until = (await tx.execute(_BEHIND)).one().newest
        count += await replay(worker, table, SCHEMA, after=after, until=until)
        await shares.sweep(worker, profiles, SCHEMA)
        after = until
        async with worker.begin() as tx:
            await gate_exclusive(tx)
            live = (await tx.execute(_BEHIND)).one()
            if live.newest == until and not live.unswept:
                await sum_up_all(tx)
                report = Report(count, tuple([await _compare(tx, name) for name in _COMPARED]))
                return await _swapped(tx, report, until) if swap and not report.identical else report
        if live.unswept:
            await asyncio.sleep(0.1)


async def _compare(tx: AsyncConnection, name: str) -> Compared:
    """Compare by sums of hashes, 128 bits of each row; only where they differ, row by row and by key."""
    live, side = (_COMPARED[name].format(schema=schema) for schema in ("public", SCHEMA))
    summed = (await tx.execute(text(_SUMMED.format(live=live, side=side)))).one()
    if summed.same:
        return Compared(name, summed.rows, 0)
    live, side = (f"SELECT {_KEYS[name]} AS k, md5(to_jsonb(t)::text) AS h FROM ({rows}) AS t" for rows in (live, side))  # noqa: S608
    result = await tx.execute(
        text(f"""
            SELECT CAST(k AS text) AS k, count(*) FILTER (WHERE live) AS live, count(*) FILTER (WHERE NOT live) AS side
            FROM (SELECT *, true AS live FROM ({live} EXCEPT ALL {side}) AS l
                  UNION ALL SELECT *, false FROM ({side} EXCEPT ALL {live}) AS s) AS odd
            GROUP BY 1 ORDER BY 1
        """)  # noqa: S608 - constant queries
    )
    odd = result.all()
    missing = [row.k for row in odd if not row.live]
    surplus = [row.k for row in odd if not row.side]
    return Compared(
        name, summed.rows, sum(row.live + row.side for row in odd), tuple(missing[:NAMED]), tuple(surplus[:NAMED])
    )


async def _swapped(tx: AsyncConnection, report: Report, until: int) -> Report:
    """Replace what differs, in the transaction that compared it and holds the gate."""
    replaced = {table.table: table.different for table in report.tables if table.different and table.table in _SWAPPED}
    for table in _SWAPPED:
        if table in replaced:
            await tx.execute(text(_REMOVE.format(table=table)))
            await tx.execute(text(_RESTORE.format(table=table)))
    await tx.execute(_FORGET)
    await tx.execute(_NOTE, {"until": until, "replaced": json.dumps(replaced)})
    return replace(report, swapped=True)


async def _run(settings: Settings, asked: Namespace) -> Report:
    owner = engine(settings.dsn("owner"), application="monitoring-rebuild")
    worker = engine(settings.dsn("worker"), key_locks="rows", application="monitoring-rebuild")
    try:
        return await rebuild(owner, worker, keep=asked.keep, swap=asked.swap, processes=asked.processes)
    finally:
        await owner.dispose()
        await worker.dispose()


def main() -> int:
    """Rebuild, write the report as JSON; 0 where nothing differs, or no more."""
    parser = ArgumentParser("monitoring.rebuild")
    parser.add_argument("--swap", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    expect_long_lives()
    report = loop.run(_run(Settings(), parser.parse_args()))
    told = {**asdict(report), "identical": report.identical, "holds": report.holds}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
