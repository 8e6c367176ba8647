"""Rebuilds that replaced the projections: workers forget what they remember of the rows before."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STATEMENTS = (
    """
    CREATE TABLE rebuilds (
        number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_rebuilds PRIMARY KEY,
        until bigint NOT NULL,
        replaced jsonb NOT NULL,
        swapped_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )""",
    "GRANT SELECT ON rebuilds TO monitoring_app",
    "GRANT SELECT, INSERT ON rebuilds TO monitoring_worker",
    # Projections follow from the received log; what must not be there may go.
    "GRANT DELETE ON facts, profiles, level_counts, alerts, gates TO monitoring_worker",
)


def upgrade() -> None:
    """Make the table and give the right."""
    for statement in _STATEMENTS:
        op.execute(sa.text(statement))
