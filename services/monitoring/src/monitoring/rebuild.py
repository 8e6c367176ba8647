"""Rebuild: the received log through the same handlers into a side schema, compared with what stands; delivers nothing.

1. Make empty copies of the tables; seeds of the policy are given, everything else must follow from the log.
2. Replay up to a number while live flow goes on; sweep the copies.
3. Hold the gate: if something was received meanwhile or live households are behind, let go and replay the rest.
4. Compare every table by hashes of its rows, and what was appended without times and places in the log.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.gate import gate_exclusive
from events.replay import drop_side_schema, make_side_schema, replay
from kit.database import engine

from .consumption import handlers
from .profile.service import Profiles
from .settings import Settings

SCHEMA: Final = "rebuild"
CHUNK: Final = 200

# Counts that went back to zero are the trace of batches, not of facts; times and places of the log differ by nature.
_COMPARED: Final = {
    "facts": "SELECT * FROM {schema}.facts",
    "profiles": "SELECT * FROM {schema}.profiles",
    "alerts": "SELECT * FROM {schema}.alerts",
    "alert_acts": "SELECT * FROM {schema}.alert_acts",
    "cases": "SELECT * FROM {schema}.cases",
    "case_steps": "SELECT * FROM {schema}.case_steps",
    "level_counts": "SELECT * FROM {schema}.level_counts WHERE households <> 0",
    "gates": "SELECT * FROM {schema}.gates",
    "policy_values": "SELECT id, name, path, valid_from, valid_to, value, document, clause FROM {schema}.policy_values",
    "follow_ups": "SELECT type, key, household_id, region, fact_id, revision, void, occurred_at, correlation_id,"
    " causation_id, data FROM {schema}.event_log WHERE type LIKE 'cn.kunming.zengshou.monitoring.%'"
    " AND causation_id IS NOT NULL",
}
_COPIES: Final = (
    "facts",
    "profiles",
    "alerts",
    "alert_acts",
    "cases",
    "case_steps",
    "level_counts",
    "gates",
    "policy_values",
)
_SEEDS: Final = text(f"""
    INSERT INTO {SCHEMA}.policy_values
    SELECT * FROM public.policy_values WHERE id NOT IN (SELECT policy_id FROM public.gates WHERE policy_id IS NOT NULL)
""")  # noqa: S608 - constant name
_BEHIND: Final = text("""
    SELECT (SELECT coalesce(max(number), 0) FROM received_log) AS newest,
           EXISTS (SELECT FROM profiles WHERE gate < (SELECT coalesce(max(number), 0) FROM gates))
           OR EXISTS (SELECT FROM alert_acts WHERE NOT applied) AS unswept
""")


@dataclass(frozen=True, slots=True)
class Compared:
    """比对结果 of one table: rows compared, rows that stand on one side only."""

    table: str
    rows: int
    different: int


@dataclass(frozen=True, slots=True)
class Report:
    """重建结果."""

    events: int
    tables: tuple[Compared, ...]

    @property
    def identical(self) -> bool:
        """Whether nothing differs."""
        return not any(table.different for table in self.tables)


async def rebuild(owner: AsyncEngine, worker: AsyncEngine, *, keep: bool = False) -> Report:
    """Rebuild beside the live tables and compare.

    Args:
        owner: engine of the owner role; makes and drops the side schema.
        worker: engine of the worker role with row key locks; replays and compares.
        keep: leave the side schema for a look.
    """
    async with owner.begin() as tx:
        await make_side_schema(tx, SCHEMA, _COPIES, "monitoring_worker")
        await tx.execute(_SEEDS)
    try:
        return await _catch_and_compare(worker)
    finally:
        if not keep:
            async with owner.begin() as tx:
                await drop_side_schema(tx, SCHEMA)


async def _catch_and_compare(worker: AsyncEngine) -> Report:
    profiles = Profiles()
    table = handlers(profiles)
    after = count = 0
    while True:
        async with worker.begin() as tx:
            until = (await tx.execute(_BEHIND)).one().newest
        count += await replay(worker, table, SCHEMA, after=after, until=until)
        await _sweep(worker, profiles)
        after = until
        async with worker.begin() as tx:
            await gate_exclusive(tx)
            live = (await tx.execute(_BEHIND)).one()
            if live.newest == until and not live.unswept:
                return Report(count, tuple([await _compare(tx, name) for name in _COMPARED]))
        if live.unswept:
            await asyncio.sleep(0.1)


async def _sweep(worker: AsyncEngine, profiles: Profiles) -> None:
    done = 1
    while done:
        async with worker.begin() as tx:
            await tx.execute(text(f"SET LOCAL search_path = {SCHEMA}, public"))
            done = await profiles.catch_up(tx, CHUNK)


async def _compare(tx: AsyncConnection, name: str) -> Compared:
    live, side = (
        f"SELECT md5(to_jsonb(t)::text) AS h FROM ({_COMPARED[name].format(schema=schema)}) AS t"  # noqa: S608
        for schema in ("public", SCHEMA)
    )
    result = await tx.execute(
        text(f"""
            SELECT (SELECT count(*) FROM ({live}) AS l) AS compared,
                   (SELECT count(*) FROM (({live} EXCEPT ALL {side}) UNION ALL ({side} EXCEPT ALL {live})) AS d) AS odd
        """)  # noqa: S608 - constant queries
    )
    compared, odd = result.one()
    return Compared(name, int(compared), int(odd))


async def _run(settings: Settings) -> Report:
    owner = engine(settings.dsn("owner"), application="monitoring-rebuild")
    worker = engine(settings.dsn("worker"), key_locks="rows", application="monitoring-rebuild")
    try:
        return await rebuild(owner, worker)
    finally:
        await owner.dispose()
        await worker.dispose()


def main() -> int:
    """Rebuild, write the report as JSON; 0 where everything is identical."""
    report = asyncio.run(_run(Settings()))
    sys.stdout.write(json.dumps({**asdict(report), "identical": report.identical}) + "\n")
    return 0 if report.identical else 1


if __name__ == "__main__":
    sys.exit(main())
