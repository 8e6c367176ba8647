"""Care of alerts: who holds the ball, what was done; the policy values it needs."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa
from alembic import op

import monitoring.policy
from kit.policy import read_seeds
from kit.scope import scope_policy_ddl

revision = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
ALTER TABLE alerts
    ADD COLUMN source text, ADD COLUMN holder text NOT NULL DEFAULT 'village'
        CONSTRAINT ck_alerts_holder CHECK (holder IN ('village', 'township', 'county')),
    ADD COLUMN held_since date, ADD COLUMN acknowledged_on date, ADD COLUMN verdict text, ADD COLUMN helped_on date,
    ADD COLUMN snoozed_until date, ADD COLUMN snooze_reason text, ADD COLUMN merged_into text;
ALTER TABLE alerts NO FORCE ROW LEVEL SECURITY;
UPDATE alerts SET held_since = opened_on, source = coalesce(
    (SELECT source FROM received_log WHERE id = opening_event
     AND type !~ '(BusinessDateAdvanced|LineChanged)'), 'clock');
ALTER TABLE alerts FORCE ROW LEVEL SECURITY;
ALTER TABLE alerts ALTER COLUMN source SET NOT NULL, ALTER COLUMN held_since SET NOT NULL,
    ALTER COLUMN holder DROP DEFAULT;
CREATE INDEX ix_alerts_path ON alerts (path) WHERE state = 'open';
CREATE TABLE alert_acts (
    number bigint CONSTRAINT pk_alert_acts PRIMARY KEY,
    alert_id uuid NOT NULL,
    household_id uuid NOT NULL,
    path text NOT NULL,
    kind text NOT NULL,
    verdict text,
    acted_on date NOT NULL,
    officer text NOT NULL,
    applied boolean NOT NULL DEFAULT false
);
CREATE INDEX ix_alert_acts_alert_id_number ON alert_acts (alert_id, number);
CREATE INDEX ix_alert_acts_officer_acted_on ON alert_acts (officer, acted_on);
CREATE INDEX ix_alert_acts_pending ON alert_acts (household_id) WHERE NOT applied;
GRANT SELECT, INSERT ON alert_acts TO monitoring_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON alert_acts TO monitoring_worker"""

_NEW = ("escalation.village.days", "escalation.township.days", "help.days", "snooze.most.days", "alerts.budget.week")
_SEED = sa.text("""
    INSERT INTO policy_values (id, name, path, valid_from, valid_to, value, document, clause, confidence)
    VALUES (:id, :name, :path, :valid_from, :valid_to, :value, :document, :clause, :confidence) ON CONFLICT DO NOTHING
""")


def upgrade() -> None:
    """Extend alerts, make the acts, add the seeds that were not there."""
    for statement in (*_TABLES.strip().split(";\n"), *scope_policy_ddl("alert_acts", "monitoring")):
        op.execute(sa.text(statement))
    for value in read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml")):
        if value.name in _NEW:
            op.execute(_SEED.bindparams(**asdict(value)))
