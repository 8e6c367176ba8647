"""Checks: what is due, what was found, what was verified; what exports say of members beyond the register."""

from pathlib import Path

from alembic import op

import households
from kit.policy import adding, read_seeds

revision = "0012"
down_revision: str | None = "0011"

_SERVICE = "households"

_TABLES = """
CREATE TABLE household_checks (
    household_id UUID NOT NULL,
    due_on DATE NOT NULL,
    edition INTEGER NOT NULL,
    CONSTRAINT pk_household_checks PRIMARY KEY (household_id)
);
CREATE INDEX ix_household_checks_due_on ON household_checks (due_on);
CREATE INDEX ix_household_checks_edition ON household_checks (edition);
COMMENT ON TABLE household_checks IS
    '户查验: due_on is the first business day on which anything could be found otherwise than it was; edition is that'
    ' of the rules and their policy values';
CREATE TABLE findings (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    household_id UUID NOT NULL,
    person_id UUID,
    rule TEXT NOT NULL,
    state TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    digest BYTEA NOT NULL,
    evidence JSONB NOT NULL,
    CONSTRAINT pk_findings PRIMARY KEY (id)
);
CREATE INDEX ix_findings_household_id_id ON findings (household_id, id);
CREATE INDEX ix_findings_rule_standing ON findings (rule) WHERE state <> 'gone';
COMMENT ON TABLE findings IS
    '疑点: one per rule and household or person; evidence names fields and cases, digest is keyed over their'
    ' values; until is the first day on which it no longer stood';
CREATE TABLE finding_exemptions (
    id UUID NOT NULL,
    finding_id UUID NOT NULL,
    household_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    reason TEXT NOT NULL,
    officer TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    ended_on DATE,
    ended_by TEXT,
    CONSTRAINT pk_finding_exemptions PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_finding_exemptions_standing ON finding_exemptions (finding_id) WHERE ended_on IS NULL;
CREATE INDEX ix_finding_exemptions_household_id ON finding_exemptions (household_id);
COMMENT ON TABLE finding_exemptions IS
    '免查名单: verified as correct with these values; until is its last day, ended_by why it ended';
CREATE TABLE import_members (
    person_id UUID NOT NULL,
    household_id UUID NOT NULL,
    resident_insurance BOOLEAN,
    employee_insurance BOOLEAN,
    work_place BOOLEAN,
    work_months INTEGER,
    CONSTRAINT pk_import_members PRIMARY KEY (person_id)
);
CREATE INDEX ix_import_members_household_id ON import_members (household_id);
COMMENT ON TABLE import_members IS
    '成员的参保与务工: as the newest export says; work_place is whether one is named'
"""

_OF_HOUSEHOLD = "EXISTS (SELECT FROM households h WHERE h.id = household_id)"


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    # whoever was registered before is checked once; row security, which binds the owner too, steps aside for it
    op.execute("ALTER TABLE households NO FORCE ROW LEVEL SECURITY")
    op.execute("INSERT INTO household_checks SELECT id, '-infinity', 0 FROM households")
    op.execute("ALTER TABLE households FORCE ROW LEVEL SECURITY")
    for table in ("household_checks", "findings", "finding_exemptions", "import_members"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({_OF_HOUSEHOLD}) WITH CHECK ({_OF_HOUSEHOLD})"
        )
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
    seeds = read_seeds(Path(households.__file__).with_name("policy.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith("check.")))
