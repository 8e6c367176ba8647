"""The migrated database is what the tables in code say."""

from typing import Any

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
from kit import migrations

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
