"""The migrated database is what the tables in code say."""

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import text

import directory.tables
import events.tables
import kit.tables
import monitoring.alerts.tables
import monitoring.care.tables
import monitoring.cases.tables
import monitoring.decisions.tables
import monitoring.delivery.tables
import monitoring.dispatch.tables
import monitoring.help.tables
import monitoring.indicators.tables
import monitoring.policy.tables
import monitoring.profile.tables
import monitoring.shadows.tables
import monitoring.whatif.tables
from events.ids import uuid7
from kit import migrations
from kit.database import engine

MODULES = (
    events.tables,
    kit.tables,
    directory.tables,
    monitoring.alerts.tables,
    monitoring.care.tables,
    monitoring.cases.tables,
    monitoring.decisions.tables,
    monitoring.delivery.tables,
    monitoring.dispatch.tables,
    monitoring.help.tables,
    monitoring.indicators.tables,
    monitoring.policy.tables,
    monitoring.profile.tables,
    monitoring.shadows.tables,
    monitoring.whatif.tables,
)


async def test_migrations_and_tables_agree(dsns: Any) -> None:
    await migrations.check("monitoring", dsns.owner, [module.metadata for module in MODULES])


_ALERT = text("""
    INSERT INTO alerts (id, household_id, rule, level, state, version, path, region, opened_on, opening_event,
                        raised_at, changed_on, changed_event, changed_at, number, reason_zh, reason_en)
    VALUES (:id, :household, 'work.job_lost', 'yellow', 'open', 1, '5301/', '', '2023-10-15', :event, now(),
            '2023-10-15', :event, now(), 1, '', '')
""")
_CASE = text("""
    WITH opened AS (
        INSERT INTO cases (id, household_id, path, state, eliminating, version, number, body)
        VALUES (:id, :household, '5301/', 'clue', false, 1, 1, '{}')
    )
    INSERT INTO case_steps (number, case_id, path, move, "on", officer, state, detail)
    VALUES (1, :id, '5301/', 'open', '2023-10-15', 'officer', 'clue', '{}')
""")


_ELSEWHERE = text("""
    INSERT INTO profiles (household_id, number, path, region, level, standings, outcomes, figures, indicators, digest,
                          received, gate, version, due_on)
    VALUES (:household, '1', '5301/530113/', '', 'green', '[]', '[]', '{}', '{}', '', 1, 1, 1, '2023-10-15')
""")


async def test_rows_of_earlier_versions_are_carried_along(postgres: Any, tmp_path: Path) -> None:
    """Forced row security binds the owner of the tables too, so a migration must reach the rows it fills."""
    made = postgres.create_service_database("monitoring")
    household, alert, case = uuid7(), uuid7(), uuid7()

    async def up_to(last: str) -> None:
        for file in migrations.versions_of("monitoring").glob("0*.py"):
            if file.name[:4] <= last:
                shutil.copy(file, tmp_path / file.name)
        await migrations.upgrade_async("monitoring", made.owner, versions=tmp_path)

    worker = engine(made.worker)
    await up_to("0005")
    async with worker.begin() as tx:
        await tx.execute(_ALERT, {"id": alert, "household": household, "event": uuid7()})
    await up_to("0012")
    async with worker.begin() as tx:
        await tx.execute(_CASE, {"id": case, "household": household})
    await up_to("0018")
    async with worker.begin() as tx:
        await tx.execute(_ELSEWHERE, {"household": household})
        await tx.execute(text("INSERT INTO gates (number, business_date) VALUES (1, '2023-11-14')"))
    await up_to("9999")
    async with worker.begin() as tx:
        moved = (await tx.execute(text("SELECT c.path, s.path AS of_step FROM cases AS c, case_steps AS s"))).one()
        changes = (
            await tx.execute(text('SELECT path, month, "values" AS values_ FROM indicator_changes ORDER BY path'))
        ).all()
        held = (await tx.execute(text("SELECT held_since, source FROM alerts"))).one()
        step = (await tx.execute(text("SELECT household_id, applied FROM case_steps"))).one()
    await worker.dispose()
    assert (str(held.held_since), held.source) == ("2023-10-15", "clock")
    assert (step.household_id, step.applied) == (household, True)
    assert (moved.path, moved.of_step) == ("5301/530113/", "5301/530113/")
    assert [(row.path, str(row.month), row.values_) for row in changes] == [
        ("5301/", "2023-11-01", {"cases.clue": "-1"}),
        ("5301/530113/", "2023-11-01", {"cases.clue": "1"}),
    ]
