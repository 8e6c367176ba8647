"""Help that is asked of other services, and the policy values that say for which causes."""

from pathlib import Path

from alembic import op

import monitoring.policy
from kit.policy import adding, read_seeds
from kit.scope import scope_policy_ddl

revision = "0016"
down_revision: str | None = "0015"

_TABLE = """
CREATE TABLE help_requests (
    id uuid CONSTRAINT pk_help_requests PRIMARY KEY,
    household_id uuid NOT NULL,
    path text NOT NULL,
    alert_id uuid,
    case_id uuid,
    service text NOT NULL,
    offer text NOT NULL,
    causes text[] NOT NULL,
    policy_version text NOT NULL,
    asked_on date NOT NULL,
    asked_by text NOT NULL,
    due_on date,
    state text NOT NULL,
    revision integer NOT NULL,
    taken_on date,
    answered_on date,
    answered_by text,
    reason text,
    reference uuid,
    provided_on date,
    number bigint NOT NULL
);
CREATE INDEX ix_help_requests_household_id ON help_requests (household_id);
CREATE INDEX ix_help_requests_alert_id ON help_requests (alert_id);
CREATE INDEX ix_help_requests_case_id ON help_requests (case_id);
CREATE INDEX ix_help_requests_asked_on_id ON help_requests (asked_on, id);
GRANT SELECT, INSERT ON help_requests TO monitoring_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON help_requests TO monitoring_worker"""

_NEW = ("offer.", "help.request.")


def upgrade() -> None:
    for statement in (*_TABLE.strip().split(";\n"), *scope_policy_ddl("help_requests", "monitoring")):
        op.execute(statement)
    seeds = read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith(_NEW)))
