"""Self-reports, contests, receipts and household codes."""

from dataclasses import asdict
from pathlib import Path

from alembic import op

import households
from kit.policy import read_seeds
from kit.scope import scope_policy_ddl
from kit.tables import policy_values

revision = "0005"
down_revision = "0004"

_SERVICE = "households"

_TABLES = """
CREATE TABLE self_reports (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    household_id UUID,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    filed_on DATE NOT NULL,
    accepted_on DATE,
    settled_on DATE,
    outcome TEXT,
    text BYTEA,
    contact BYTEA,
    CONSTRAINT pk_self_reports PRIMARY KEY (id)
);
CREATE INDEX ix_self_reports_path_id ON self_reports (path, id);
CREATE INDEX ix_self_reports_household_id ON self_reports (household_id);
COMMENT ON TABLE self_reports IS
    '自主申报; text is what was said, contact how to reach who said it';
CREATE TABLE contests (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    household_id UUID NOT NULL,
    fact_id UUID NOT NULL,
    raised_on DATE NOT NULL,
    settled_on DATE,
    outcome TEXT,
    text BYTEA,
    CONSTRAINT pk_contests PRIMARY KEY (id)
);
CREATE INDEX ix_contests_household_id ON contests (household_id);
COMMENT ON TABLE contests IS '异议: a fact that the household says is wrong';
CREATE TABLE door_keys (
    digest BYTEA NOT NULL,
    opens TEXT NOT NULL,
    target_id UUID NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until DATE,
    CONSTRAINT pk_door_keys PRIMARY KEY (digest)
);
CREATE INDEX ix_door_keys_target_id ON door_keys (target_id);
COMMENT ON TABLE door_keys IS
    '回执与户码: keyed digest of a receipt or household code to what it opens; without row security, like identities'
"""

_OF_HOUSEHOLD = "EXISTS (SELECT FROM households h WHERE h.id = household_id)"


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for statement in scope_policy_ddl("self_reports", _SERVICE):
        op.execute(statement)
    op.execute("ALTER TABLE contests ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contests FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY app_scope ON contests TO {_SERVICE}_app USING ({_OF_HOUSEHOLD}) WITH CHECK ({_OF_HOUSEHOLD})"
    )
    op.execute(f"CREATE POLICY worker_all ON contests TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
    for table in ("self_reports", "contests", "door_keys"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
    seeds = read_seeds(Path(households.__file__).with_name("policy.toml"))
    known = [value for value in seeds if value.name in ("report.accept_days", "door.code_days")]
    op.bulk_insert(policy_values, [asdict(value) for value in known])
