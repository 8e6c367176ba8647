"""Cases and their steps; the policy values they need."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa
from alembic import op

import monitoring.policy
from kit.policy import read_seeds
from kit.scope import scope_policy_ddl

revision = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE cases (
    id uuid CONSTRAINT pk_cases PRIMARY KEY,
    household_id uuid NOT NULL,
    path text NOT NULL,
    region text,
    state text NOT NULL,
    eliminating boolean NOT NULL,
    due_on date,
    decided_on date,
    version integer NOT NULL,
    number bigint NOT NULL,
    body jsonb NOT NULL
);
CREATE UNIQUE INDEX uq_cases_household_id ON cases (household_id) WHERE state <> 'refused';
CREATE INDEX ix_cases_state_id ON cases (state, id);
CREATE TABLE case_steps (
    number bigint CONSTRAINT pk_case_steps PRIMARY KEY,
    case_id uuid NOT NULL,
    path text NOT NULL,
    move text NOT NULL,
    "on" date NOT NULL,
    officer text NOT NULL,
    state text NOT NULL,
    detail jsonb NOT NULL
);
CREATE INDEX ix_case_steps_case_id_number ON case_steps (case_id, number);
GRANT SELECT, INSERT, UPDATE ON cases, case_steps TO monitoring_app, monitoring_worker;
GRANT DELETE ON cases, case_steps TO monitoring_worker"""

_SEED = sa.text("""
    INSERT INTO policy_values (id, name, path, valid_from, valid_to, value, document, clause, confidence)
    VALUES (:id, :name, :path, :valid_from, :valid_to, :value, :document, :clause, :confidence) ON CONFLICT DO NOTHING
""")


def upgrade() -> None:
    """Make the tables, add the seeds that were not there."""
    scoped = [line for table in ("cases", "case_steps") for line in scope_policy_ddl(table, "monitoring")]
    for statement in (*_TABLES.strip().split(";\n"), *scoped):
        op.execute(sa.text(statement))
    for value in read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml")):
        if value.name.startswith("case."):
            op.execute(_SEED.bindparams(**asdict(value)))
