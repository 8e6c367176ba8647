"""Policy values watched every day beside those in force."""

from alembic import op

from kit.scope import scope_policy_ddl

revision = "0017"
down_revision: str | None = "0016"

_TABLES = """
CREATE TABLE shadows (
    id uuid CONSTRAINT pk_shadows PRIMARY KEY,
    title text NOT NULL,
    path text NOT NULL,
    "values" jsonb NOT NULL,
    started_by text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    stopped_at timestamptz
);
CREATE INDEX ix_shadows_running ON shadows (id) WHERE stopped_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON shadows TO monitoring_app, monitoring_worker;
GRANT INSERT ON what_ifs TO monitoring_worker;
ALTER TABLE what_ifs ADD COLUMN shadow_id uuid;
CREATE UNIQUE INDEX uq_what_ifs_shadow_id_last_on ON what_ifs (shadow_id, last_on)"""


def upgrade() -> None:
    """Make the table; a what-if may be a day of a shadow."""
    for statement in (*_TABLES.strip().split(";\n"), *scope_policy_ddl("shadows", "monitoring")):
        op.execute(statement)
