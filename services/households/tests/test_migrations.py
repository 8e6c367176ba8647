"""The migrated database is the one the code speaks of, and its roles have no more than they need."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from events.tables import metadata as events
from households.conditions.tables import metadata as conditions
from households.duty.tables import metadata as duty
from households.importing.tables import metadata as importing
from households.income.tables import metadata as income
from households.regions.tables import metadata as regions
from households.registry.tables import metadata as registry
from households.reports.tables import metadata as reports
from households.support.tables import metadata as support
from households.teams.tables import metadata as teams
from households.visits.tables import metadata as visits
from kit.database import begin, engine
from kit.migrations import check
from kit.tables import metadata as kit
from stack.postgres import Dsns

from .conftest import CITY, Database


async def test_tables_match_the_code(database: Dsns) -> None:
    parts = [events, kit, regions, duty, registry, importing, income, conditions, support, reports, teams, visits]
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
