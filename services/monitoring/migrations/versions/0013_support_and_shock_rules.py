"""Profiles take up steps of cases; the policy values of the rules on shocks, work and support."""

from pathlib import Path

from alembic import op

import monitoring.policy
from kit.policy import adding, read_seeds

revision = "0013"
down_revision: str | None = "0012"

# Steps of before are part of what a rebuild gives the new rules; live flow begins with the next one.
_STEPS = """
ALTER TABLE case_steps ADD COLUMN household_id uuid, ADD COLUMN applied boolean NOT NULL DEFAULT true;
ALTER TABLE case_steps NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cases NO FORCE ROW LEVEL SECURITY;
UPDATE case_steps AS s SET household_id = c.household_id FROM cases AS c WHERE c.id = s.case_id;
ALTER TABLE case_steps FORCE ROW LEVEL SECURITY;
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
ALTER TABLE case_steps ALTER COLUMN household_id SET NOT NULL, ALTER COLUMN applied DROP DEFAULT;
CREATE INDEX ix_case_steps_pending ON case_steps (household_id) WHERE NOT applied"""

_NEW = ("support.", "dwell.support.", "dwell.shock.", "dwell.work.zero_employment")


def upgrade() -> None:
    for statement in _STEPS.strip().split(";\n"):
        op.execute(statement)
    seeds = read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith(_NEW)))
