"""Work lists of meetings and their lines; the policy values of their rhythm."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

import monitoring.policy
from kit.policy import adding, read_seeds
from kit.scope import scope_policy_ddl

revision = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE dispatch_lists (
    id uuid CONSTRAINT pk_dispatch_lists PRIMARY KEY,
    level text NOT NULL CONSTRAINT ck_dispatch_lists_level CHECK (level IN ('township', 'county', 'city')),
    path text NOT NULL,
    above text NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    made_on date NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_on date,
    held_on date,
    attendees integer,
    held_by text,
    CONSTRAINT uq_dispatch_lists_level_path_period_from UNIQUE (level, path, period_from),
    CONSTRAINT ck_dispatch_lists_held CHECK ((held_on IS NULL) = (held_by IS NULL))
);
CREATE INDEX ix_dispatch_lists_above_due_on ON dispatch_lists (above, due_on);
CREATE TABLE dispatch_lines (
    id uuid CONSTRAINT pk_dispatch_lines PRIMARY KEY,
    list_id uuid NOT NULL,
    place integer NOT NULL,
    path text NOT NULL,
    kind text NOT NULL,
    what text NOT NULL,
    subject_id uuid,
    household_id uuid,
    level text,
    since date,
    due_on date,
    overdue boolean NOT NULL,
    households bigint NOT NULL,
    resolution text,
    responsible text,
    do_by date,
    decided_by text,
    decided_on date,
    decided_at timestamptz
);
CREATE INDEX ix_dispatch_lines_list_id_place ON dispatch_lines (list_id, place);
CREATE INDEX ix_dispatch_lines_household_id ON dispatch_lines (household_id);
GRANT SELECT, UPDATE ON dispatch_lists, dispatch_lines TO monitoring_app;
GRANT SELECT, INSERT ON dispatch_lists, dispatch_lines TO monitoring_worker"""


def upgrade() -> None:
    """Make the tables, add the seeds."""
    scoped = [line for table in ("dispatch_lists", "dispatch_lines") for line in scope_policy_ddl(table, "monitoring")]
    for statement in (*_TABLES.strip().split(";\n"), *scoped):
        op.execute(sa.text(statement))
    seeds = read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith("dispatch.")))
