"""Unemployment registrations, families without any work, and the policy they need."""

from pathlib import Path

from alembic import op

import employment
from directory.facts import FACT_COLUMNS_V1
from kit.policy import adding, read_seeds
from kit.scope import scope_policy_ddl

revision = "0004"
down_revision: str | None = "0003"

_SERVICE = "employment"

_TABLES = f"""
CREATE TABLE unemployment_registrations ({FACT_COLUMNS_V1},
    registered_on date NOT NULL,
    ended_on date,
    end_reason text,
    department text NOT NULL,
    CONSTRAINT pk_unemployment_registrations PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_unemployment_registrations_standing ON unemployment_registrations (person_id)
    WHERE ended_on IS NULL AND NOT void;
CREATE INDEX ix_unemployment_registrations_household_id ON unemployment_registrations (household_id);
CREATE INDEX ix_unemployment_registrations_path_id ON unemployment_registrations (path, id);
CREATE INDEX ix_unemployment_registrations_awaited ON unemployment_registrations (blind_index)
    WHERE household_id IS NULL;
COMMENT ON TABLE unemployment_registrations IS '失业登记: ended_on is the first day on which it no longer holds';
CREATE TABLE zero_employment_households (
    id uuid NOT NULL,
    revision integer NOT NULL,
    void boolean NOT NULL,
    household_id uuid NOT NULL,
    region varchar(12),
    path text COLLATE "C" NOT NULL,
    found_on date NOT NULL,
    persons integer NOT NULL,
    due_on date,
    offered_on date,
    cleared_on date,
    clear_reason text,
    CONSTRAINT pk_zero_employment_households PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_zero_employment_households_open ON zero_employment_households (household_id)
    WHERE cleared_on IS NULL AND NOT void;
CREATE INDEX ix_zero_employment_households_path_id ON zero_employment_households (path, id);
COMMENT ON TABLE zero_employment_households IS
    '零就业家庭: one row per finding; due_on is the last day for offering a job'"""


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("unemployment_registrations", "zero_employment_households"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
        for statement in scope_policy_ddl(table, _SERVICE):
            op.execute(statement)
    seeds = read_seeds(Path(employment.__file__).with_name("policy.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith(("labour.age.", "zero_employment."))))
