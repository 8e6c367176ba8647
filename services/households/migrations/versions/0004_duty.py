"""Deputies, hand-over, leave and grids."""

from dataclasses import asdict
from pathlib import Path

from alembic import op

import households
from kit.policy import read_seeds
from kit.scope import scope_policy_ddl
from kit.tables import policy_values

revision = "0004"
down_revision = "0003"

_SERVICE = "households"

_TABLES = """
ALTER TABLE staff_assignments
    ADD COLUMN role TEXT NOT NULL DEFAULT 'lead',
    ADD COLUMN succeeds_id UUID;
ALTER TABLE staff_assignments ALTER COLUMN role DROP DEFAULT;
COMMENT ON TABLE staff_assignments IS '责任人: who answers for a region or grid, as lead or deputy';
CREATE TABLE staff_leaves (
    id UUID NOT NULL,
    officer TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_staff_leaves PRIMARY KEY (id)
);
CREATE INDEX ix_staff_leaves_officer ON staff_leaves (officer);
COMMENT ON TABLE staff_leaves IS '请假: until is the first day back';
CREATE TABLE grids (
    code VARCHAR(16) NOT NULL,
    village_code VARCHAR(12) NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_grids PRIMARY KEY (code)
);
CREATE INDEX ix_grids_village_code ON grids (village_code);
CREATE UNIQUE INDEX uq_grids_path ON grids (path);
COMMENT ON TABLE grids IS '网格: about 60 households of a village'
"""

# Who answers above one's own area is no secret: a village must know its township.
_ABOVE = """EXISTS (
    SELECT FROM unnest(array_remove(string_to_array(current_setting('app.scope', true), ','), '')) AS mine(path)
    WHERE mine.path ^@ staff_assignments.path
)"""
_OF_OFFICER = "EXISTS (SELECT FROM staff_assignments s WHERE s.officer = staff_leaves.officer)"


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    op.execute(f"CREATE POLICY app_above ON staff_assignments FOR SELECT TO {_SERVICE}_app USING ({_ABOVE})")
    for statement in scope_policy_ddl("grids", _SERVICE):
        op.execute(statement)
    op.execute("ALTER TABLE staff_leaves ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE staff_leaves FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY app_scope ON staff_leaves TO {_SERVICE}_app USING ({_OF_OFFICER}) WITH CHECK ({_OF_OFFICER})"
    )
    op.execute(f"CREATE POLICY worker_all ON staff_leaves TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
    for table in ("staff_leaves", "grids"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
    seeds = read_seeds(Path(households.__file__).with_name("policy.toml"))
    known = [value for value in seeds if value.name == "duty.grid_households"]
    op.bulk_insert(policy_values, [asdict(value) for value in known])
