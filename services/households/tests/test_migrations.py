"""The migrated database is the one the code speaks of, and its roles have no more than they need."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from events.tables import metadata as events
from households.advisers.tables import metadata as advisers
from households.assets.tables import metadata as assets
from households.bases.tables import metadata as bases
from households.checks.tables import metadata as checks
from households.conditions.tables import metadata as conditions
from households.consents.tables import metadata as consents
from households.customs.tables import metadata as customs
from households.duty.tables import metadata as duty
from households.entities.tables import metadata as entities
from households.importing.tables import metadata as importing
from households.income.tables import metadata as income
from households.measures.tables import metadata as measures
from households.pilots.tables import metadata as pilots
from households.preferences.tables import metadata as preferences
from households.publicity.tables import metadata as publicity
from households.rechecks.tables import metadata as rechecks
from households.regions.tables import metadata as regions
from households.registry.tables import metadata as registry
from households.reports.tables import metadata as reports
from households.set_asides.tables import metadata as set_asides
from households.shocks.tables import metadata as shocks
from households.sites.tables import metadata as sites
from households.support.tables import metadata as support
from households.talents.tables import metadata as talents
from households.tasks.tables import metadata as tasks
from households.teams.tables import metadata as teams
from households.villages.tables import metadata as villages
from households.visits.tables import metadata as visits
from kit.database import begin, engine
from kit.migrations import check, upgrade_async, versions_of
from kit.tables import metadata as kit
from stack.postgres import Dsns, Postgres

from .conftest import CITY, Database


async def test_tables_match_the_code(database: Dsns) -> None:
    parts = [events, kit, regions, duty, registry, importing, income, conditions, shocks, support, measures, reports]
    parts += [teams, visits, entities, assets, tasks, rechecks, checks, consents, advisers, villages]
    parts += [customs, bases, talents, preferences, publicity, pilots, sites, set_asides]
    await check("households", database.owner, parts)


async def test_everything_of_a_household_is_under_row_security(db: Database, database: Dsns) -> None:
    bare = await db.rows(
        "SELECT relname FROM pg_class JOIN information_schema.columns ON table_name = relname"
        " WHERE relkind = 'r' AND column_name = 'household_id' AND NOT (relrowsecurity AND relforcerowsecurity)"
        " AND relname NOT LIKE 'event_log%' AND relname <> 'received_log'"
    )
    assert bare == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event_log SET void = true",
        "DELETE FROM households",
        "DELETE FROM audit_log",
        "UPDATE audit_log SET action = ''",
    ],
)
async def test_app_role_cannot_rewrite_the_past(database: Dsns, statement: str) -> None:
    held = engine(database.app)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with begin(held, [CITY]) as tx:
            await tx.execute(text(statement))
    await held.dispose()


_BEFORE = r"""
INSERT INTO business_days VALUES ('2024-05-01', now());
INSERT INTO households VALUES ('00000000-0000-4000-8000-000000000001', '5300000001', '530128001001',
    '5301/530128/530128001/530128001001/', 'lifted', NULL, NULL, NULL, '{water}', false, 1, '2023-10-15', '2023-10-15',
    3, now());
INSERT INTO persons VALUES ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', NULL,
    'k1:00', '\x00', '\x00', '张*', NULL, NULL, '1980-01-02', 'male', NULL, '户主', NULL, NULL, NULL, '{}', true,
    '1980-01-02', 2);
INSERT INTO memberships VALUES ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001',
    '1980-01-02', NULL, NULL);
INSERT INTO income_figures VALUES ('00000000-0000-4000-8000-000000000003', 1, false,
    '00000000-0000-4000-8000-000000000001', '2023-01-01', '2023-12-31', 'identification', 'survey', 1, 1, 1, 1, 1, 0, 0,
    '{}', 1, true, NULL, NULL, '2024-04-30T17:00:00Z');
INSERT INTO helper_assignments VALUES ('00000000-0000-4000-8000-000000000004', 1,
    '00000000-0000-4000-8000-000000000001', '\x00', '刘*', NULL, NULL, '农业农村局', '2023-10-01', NULL);
INSERT INTO staff_assignments VALUES ('00000000-0000-4000-8000-000000000005', 'a', '5301/', '2023-01-01', NULL, 1);
INSERT INTO received_log (source, seq, id, type, key, household_id, fact_id, revision, void, occurred_at, recorded_at,
    correlation_id, data)
    SELECT 'finance', number, gen_random_uuid(), 'cn.kunming.zengshou.finance.LoanSettled.v1',
        '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001',
        '00000000-0000-4000-8000-000000000006', number, number > 1, now(), '2024-04-30T17:00:00Z', gen_random_uuid(),
        '{"person_id": null, "loan_id": "00000000-0000-4000-8000-000000000007", "product": "petty_loan", "settled_on":
          "2024-04-01"}'
    FROM generate_series(1, 2) AS number;
INSERT INTO received_log (source, seq, id, type, key, household_id, fact_id, revision, void, occurred_at, recorded_at,
    correlation_id, data)
    VALUES ('finance', 9, gen_random_uuid(), 'cn.kunming.zengshou.finance.AidGranted.v1',
        '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001',
        '00000000-0000-4000-8000-000000000008', 3, false, now(), '2024-05-30T17:00:00Z', gen_random_uuid(),
        '{"application_id": "00000000-0000-4000-8000-000000000008", "fund_id": "00000000-0000-4000-8000-000000000009",
          "purpose": "water", "granted_on": "2024-03-01", "paid_on": "2024-03-02"}')
"""


async def test_history_begins_with_what_stood_before_it_was_kept(postgres: Postgres, tmp_path: Path) -> None:
    dsns = postgres.create_service_database("hhbefore")
    versions = versions_of("households")
    for file in sorted(versions.glob("000[12]_*.py")):
        text_before = file.read_text("utf-8").replace('_SERVICE = "households"', '_SERVICE = "hhbefore"')
        (tmp_path / file.name).write_text(text_before, "utf-8")
    await upgrade_async("households", dsns.owner, versions=tmp_path)
    worker = engine(dsns.worker)
    async with begin(worker) as tx:
        for statement in _BEFORE.strip().split(";\n"):
            await tx.execute(text(statement))
    for file in sorted(set(versions.glob("*.py")) - set(versions.glob("000[12]_*.py"))):
        text_after = file.read_text("utf-8").replace('_SERVICE = "households"', '_SERVICE = "hhbefore"')
        (tmp_path / file.name).write_text(text_after, "utf-8")
    await upgrade_async("households", dsns.owner, versions=tmp_path)
    async with begin(worker) as tx:
        told = {
            table: tuple((await tx.execute(text(f"SELECT {columns} FROM {table}"))).one())
            for table, columns in (
                ("household_versions", "version, recorded_on::text, size"),
                ("person_versions", "version, recorded_on::text, relation"),
                ("membership_versions", "version, recorded_on::text, since::text"),
                ("helper_versions", "revision, recorded_on::text, masked_name"),
                ("income_figures", "revision, recorded_on::text, source"),
                ("staff_assignments", "version, role, officer"),
            )
        }
        heard = await tx.execute(
            text(
                "SELECT type, revision, void, reference::text, category, causes, started_on::text, completed_on::text,"
                " recorded_on::text FROM given_measures ORDER BY type, revision"
            )
        )
        given = [tuple(row) for row in heard]
    await worker.dispose()
    loan, aid = (f"00000000-0000-4000-8000-00000000000{place}" for place in (7, 8))
    assert given == [
        ("AidGranted", 3, False, aid, "water", ["water"], "2024-03-02", "2024-03-02", "2024-05-01"),
        ("LoanSettled", 1, False, loan, None, [], None, "2024-04-01", "2024-05-01"),
        ("LoanSettled", 2, True, loan, None, [], None, "2024-04-01", "2024-05-01"),
    ], "what was heard before is shown too"
    assert told == {
        "household_versions": (3, "2024-05-01", 1),
        "person_versions": (2, "2024-05-01", "户主"),
        "membership_versions": (2, "2024-05-01", "1980-01-02"),
        "helper_versions": (1, "2024-05-01", "刘*"),
        "income_figures": (1, "2024-05-01", "survey"),
        "staff_assignments": (1, "lead", "a"),
    }
