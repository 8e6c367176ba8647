"""The chain of decisions; rows can be added and read, never changed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from kit.scope import scope_policy_ddl

revision = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE decisions (
    number bigint CONSTRAINT pk_decisions PRIMARY KEY,
    seq bigint NOT NULL CONSTRAINT uq_decisions_seq UNIQUE,
    event_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    subject_id uuid NOT NULL,
    household_id uuid,
    path text NOT NULL,
    officer text NOT NULL,
    decided_on date,
    recorded_at timestamptz NOT NULL,
    content jsonb NOT NULL,
    evidence jsonb NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL
);
CREATE INDEX ix_decisions_household_id ON decisions (household_id);
CREATE INDEX ix_decisions_subject_id ON decisions (subject_id);
GRANT SELECT ON decisions TO monitoring_app;
GRANT SELECT, INSERT ON decisions TO monitoring_worker"""


def upgrade() -> None:
    """Make the table."""
    for statement in (*_TABLE.strip().split(";\n"), *scope_policy_ddl("decisions", "monitoring")):
        op.execute(sa.text(statement))
