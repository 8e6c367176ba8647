"""Facts, profiles, alerts, ticks and policy values; the message path and the kit; seeds of the policy."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

import monitoring.policy
from directory import ddl as directory_ddl
from events import ddl as events_ddl
from kit import ddl as kit_ddl
from kit.policy import read_seeds
from kit.scope import scope_policy_ddl

revision = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SERVICE = "monitoring"

_TABLES = """
CREATE TABLE facts (
    fact_id uuid CONSTRAINT pk_facts PRIMARY KEY,
    household_id uuid,
    person_id uuid,
    kind text NOT NULL,
    revision integer NOT NULL,
    void boolean NOT NULL,
    occurred_on date NOT NULL,
    amount numeric(14, 2),
    data jsonb NOT NULL,
    received bigint NOT NULL,
    event_id uuid NOT NULL,
    source text NOT NULL
);
CREATE INDEX ix_facts_household_id ON facts (household_id);
CREATE INDEX ix_facts_person_id ON facts (person_id) WHERE person_id IS NOT NULL;
CREATE TABLE profiles (
    household_id uuid CONSTRAINT pk_profiles PRIMARY KEY,
    number text NOT NULL,
    path text NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    level_since date,
    standings jsonb NOT NULL,
    outcomes jsonb NOT NULL,
    figures jsonb NOT NULL,
    digest text NOT NULL,
    received bigint NOT NULL,
    gate bigint NOT NULL,
    version bigint NOT NULL,
    due_on date NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX ix_profiles_level_household_id ON profiles (level, household_id);
CREATE INDEX ix_profiles_path ON profiles (path);
CREATE TABLE level_counts (
    path text,
    level text,
    households bigint NOT NULL,
    CONSTRAINT pk_level_counts PRIMARY KEY (path, level)
);
CREATE TABLE alerts (
    id uuid CONSTRAINT pk_alerts PRIMARY KEY,
    household_id uuid NOT NULL,
    rule text NOT NULL,
    level text NOT NULL,
    state text NOT NULL CONSTRAINT ck_alerts_state CHECK (state IN ('open', 'closed', 'retracted')),
    version integer NOT NULL,
    path text NOT NULL,
    region text NOT NULL,
    opened_on date NOT NULL,
    opening_event uuid NOT NULL,
    raised_at timestamptz NOT NULL,
    changed_on date NOT NULL,
    changed_event uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    number bigint NOT NULL,
    reason_zh text NOT NULL,
    reason_en text NOT NULL,
    policy_version text
);
CREATE UNIQUE INDEX uq_alerts_open ON alerts (household_id, rule) WHERE state = 'open';
CREATE INDEX ix_alerts_number_id ON alerts (number, id);
CREATE INDEX ix_alerts_household_id_number ON alerts (household_id, number);
CREATE TABLE gates (
    number bigint CONSTRAINT pk_gates PRIMARY KEY,
    business_date date,
    policy_id uuid
)"""

_RIGHTS = (
    "GRANT SELECT ON facts, profiles, level_counts, alerts TO monitoring_app",
    "GRANT SELECT, INSERT, UPDATE ON facts, profiles, level_counts, alerts TO monitoring_worker",
    "GRANT SELECT, INSERT ON gates TO monitoring_app, monitoring_worker",
)


def upgrade() -> None:
    """Make everything."""
    scoped = [line for table in ("profiles", "level_counts", "alerts") for line in scope_policy_ddl(table, SERVICE)]
    shared = (*events_ddl.create_v1(SERVICE), *kit_ddl.create_v1(SERVICE), *directory_ddl.create_v1(SERVICE))
    for statement in (*shared, *_TABLES.strip().split(";\n"), *_RIGHTS, *scoped, *_FACT_SCOPE):
        op.execute(sa.text(statement))
    for seed in _seeds():
        op.execute(_SEED.bindparams(**seed))


# Facts carry no path of their own: they are visible with their household, or with the household of whom they concern.
_FACT_SCOPE = (
    "ALTER TABLE facts ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE facts FORCE ROW LEVEL SECURITY",
    "CREATE POLICY app_scope ON facts FOR SELECT TO monitoring_app USING (EXISTS (SELECT FROM profiles WHERE"
    " profiles.household_id = facts.household_id))",
    "CREATE POLICY worker_all ON facts TO monitoring_worker USING (true) WITH CHECK (true)",
)

_SEED = sa.text("""
    INSERT INTO policy_values (id, name, path, valid_from, valid_to, value, document, clause, confidence)
    VALUES (:id, :name, :path, :valid_from, :valid_to, :value, :document, :clause, :confidence)
""")


def _seeds() -> list[dict[str, Any]]:
    return [asdict(value) for value in read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))]
