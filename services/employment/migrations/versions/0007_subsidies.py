"""Subsidies, their batches, and the policy they need."""

from pathlib import Path

from alembic import op

import employment
from kit.policy import adding, read_seeds
from kit.scope import scope_policy_ddl

revision = "0007"
down_revision = "0006"

_SERVICE = "employment"

_TABLES = """
CREATE TABLE subsidies (
    id uuid NOT NULL,
    version integer NOT NULL,
    person_id uuid NOT NULL,
    household_id uuid NOT NULL,
    region varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    proof text NOT NULL,
    applied_on date NOT NULL,
    applied_by text NOT NULL,
    department text NOT NULL,
    state text NOT NULL,
    amount numeric(14,2),
    explained jsonb NOT NULL,
    batch_id uuid,
    approved_on date,
    closed_on date,
    close_reason text,
    paid_on date,
    returned_on date,
    return_reason text,
    transfer_revision integer NOT NULL,
    CONSTRAINT pk_subsidies PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_subsidies_once ON subsidies (person_id, kind, year) WHERE state <> 'closed';
CREATE INDEX ix_subsidies_household_id ON subsidies (household_id);
CREATE INDEX ix_subsidies_path_id ON subsidies (path, id);
CREATE INDEX ix_subsidies_batch_id ON subsidies (batch_id);
COMMENT ON TABLE subsidies IS
    '补贴申请: one per person, kind and year; transfer_revision is the highest heard of what finance paid';
CREATE TABLE subsidy_batches (
    id uuid NOT NULL,
    version integer NOT NULL,
    path text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    state text NOT NULL,
    persons integer NOT NULL,
    amount numeric(14,2) NOT NULL,
    prepared_on date NOT NULL,
    prepared_by text NOT NULL,
    decided_on date,
    decided_by text,
    CONSTRAINT pk_subsidy_batches PRIMARY KEY (id)
);
CREATE INDEX ix_subsidy_batches_path_id ON subsidy_batches (path, id);
COMMENT ON TABLE subsidy_batches IS '补贴批次: path is the area of whoever prepared it'"""


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("subsidies", "subsidy_batches"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
        for statement in scope_policy_ddl(table, _SERVICE):
            op.execute(statement)
    seeds = read_seeds(Path(employment.__file__).with_name("policy.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith("subsidy.")))
