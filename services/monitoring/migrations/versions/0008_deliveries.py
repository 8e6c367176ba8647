"""Targets of alerts and what is sent to them; the policy value it needs."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

import monitoring.policy
from kit.policy import adding, read_seeds
from kit.scope import scope_policy_ddl

revision = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE delivery_targets (
    id uuid CONSTRAINT pk_delivery_targets PRIMARY KEY,
    channel text NOT NULL CONSTRAINT ck_delivery_targets_channel CHECK (channel IN ('webhook', 'apprise')),
    owner text NOT NULL CONSTRAINT ck_delivery_targets_owner CHECK (owner IN ('officer', 'helper', 'department')),
    account text,
    organisation text,
    path text NOT NULL,
    least_level text NOT NULL,
    host text NOT NULL,
    shown text NOT NULL,
    sealed bytea NOT NULL,
    enabled boolean NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT ck_delivery_targets_account CHECK ((owner = 'officer') = (account IS NOT NULL)),
    CONSTRAINT ck_delivery_targets_organisation CHECK ((owner = 'helper') = (organisation IS NOT NULL))
);
CREATE TABLE deliveries (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT pk_deliveries PRIMARY KEY,
    target_id uuid NOT NULL,
    alert_id uuid,
    version integer,
    change text NOT NULL,
    household_id uuid,
    rule text,
    level text,
    path text NOT NULL,
    state text NOT NULL DEFAULT 'pending' CONSTRAINT ck_deliveries_state
        CHECK (state IN ('pending', 'sent', 'failed', 'given_up')),
    attempts integer NOT NULL DEFAULT 0,
    problem text,
    asked_by text,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    CONSTRAINT uq_deliveries_alert_id_target_id_version UNIQUE (alert_id, target_id, version)
);
CREATE INDEX ix_deliveries_due ON deliveries (next_at) WHERE state IN ('pending', 'failed');
CREATE INDEX ix_deliveries_written_at_id ON deliveries (written_at, id);
CREATE INDEX ix_deliveries_household_id ON deliveries (household_id);
GRANT SELECT, INSERT, UPDATE ON delivery_targets, deliveries TO monitoring_app;
GRANT SELECT ON delivery_targets TO monitoring_worker;
GRANT SELECT, INSERT, UPDATE ON deliveries TO monitoring_worker"""


def upgrade() -> None:
    """Make the tables, add the seed."""
    scoped = [line for table in ("delivery_targets", "deliveries") for line in scope_policy_ddl(table, "monitoring")]
    for statement in (*_TABLES.strip().split(";\n"), *scoped):
        op.execute(sa.text(statement))
    seeds = read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith("delivery.")))
