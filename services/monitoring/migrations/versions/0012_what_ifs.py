"""What-ifs and their results."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from kit.scope import scope_policy_ddl

revision = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE what_ifs (
    id uuid CONSTRAINT pk_what_ifs PRIMARY KEY,
    title text NOT NULL,
    path text NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    "values" jsonb NOT NULL,
    gate bigint NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CONSTRAINT ck_what_ifs_state CHECK (state IN ('waiting', 'running', 'done', 'cancelled')),
    behind uuid,
    households integer NOT NULL DEFAULT 0,
    levels jsonb NOT NULL DEFAULT '{}',
    shortfall_before numeric(14, 2) NOT NULL DEFAULT 0,
    shortfall_after numeric(14, 2) NOT NULL DEFAULT 0,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    heartbeat_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT ck_what_ifs_period CHECK (first_on <= last_on),
    CONSTRAINT ck_what_ifs_ended CHECK ((state IN ('done', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX ix_what_ifs_waiting ON what_ifs (id) WHERE ended_at IS NULL;
CREATE TABLE what_if_flips (
    what_if_id uuid NOT NULL,
    household_id uuid NOT NULL,
    path text NOT NULL,
    level_before text NOT NULL,
    level_after text NOT NULL,
    since date,
    more text[] NOT NULL,
    fewer text[] NOT NULL,
    CONSTRAINT pk_what_if_flips PRIMARY KEY (what_if_id, household_id)
);
CREATE TABLE what_if_weeks (
    what_if_id uuid NOT NULL,
    path text NOT NULL,
    week date NOT NULL,
    rule text NOT NULL,
    before integer NOT NULL,
    after integer NOT NULL,
    CONSTRAINT pk_what_if_weeks PRIMARY KEY (what_if_id, path, week, rule)
);
GRANT SELECT, INSERT, UPDATE ON what_ifs TO monitoring_app;
GRANT SELECT ON what_if_flips, what_if_weeks TO monitoring_app;
GRANT SELECT, UPDATE ON what_ifs TO monitoring_worker;
GRANT SELECT, INSERT, UPDATE ON what_if_flips, what_if_weeks TO monitoring_worker"""


def upgrade() -> None:
    """Make the tables."""
    tables = ("what_ifs", "what_if_flips", "what_if_weeks")
    scoped = [line for table in tables for line in scope_policy_ddl(table, "monitoring")]
    for statement in (*_TABLES.strip().split(";\n"), *scoped):
        op.execute(sa.text(statement))
