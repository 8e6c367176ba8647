"""Village rules on weddings and funerals, and those that are held."""

from alembic import op

revision = "0020"
down_revision: str | None = "0019"

_SERVICE = "households"

_TABLES = """
CREATE TABLE village_rules (
    fact_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    since DATE NOT NULL,
    ended BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    limits JSONB NOT NULL,
    CONSTRAINT pk_village_rules PRIMARY KEY (fact_id, revision)
);
CREATE INDEX ix_village_rules_region_code_since ON village_rules (region_code, since);
COMMENT ON TABLE village_rules IS
    '村规民约: every wording with the day from which it stands; nothing is ever replaced';
CREATE TABLE ceremonies (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    household_id UUID NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    kind TEXT NOT NULL,
    held_on DATE NOT NULL,
    held BOOLEAN NOT NULL,
    figures JSONB NOT NULL,
    fit TEXT NOT NULL,
    CONSTRAINT pk_ceremonies PRIMARY KEY (id)
);
CREATE INDEX ix_ceremonies_household_id ON ceremonies (household_id);
CREATE INDEX ix_ceremonies_region_code_held_on ON ceremonies (region_code, held_on);
COMMENT ON TABLE ceremonies IS
    '红白事: planned until held; fit is as judged when it was recorded, by the rule of the day it is held on'
"""

_IN_AREA = """EXISTS (
    SELECT FROM regions r
    WHERE r.code = region_code AND r.valid_to IS NULL
      AND r.path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))
)"""
_VISIBLE = {
    "village_rules": _IN_AREA,
    # What a family that moved away held in the village stays in the village's numbers.
    "ceremonies": f"{_IN_AREA} OR EXISTS (SELECT FROM households h WHERE h.id = household_id)",
}


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table, visible in _VISIBLE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({visible}) WITH CHECK ({visible})")
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
    for table in _VISIBLE:
        rights = "SELECT, INSERT" if table == "village_rules" else "SELECT, INSERT, UPDATE"
        op.execute(f"GRANT {rights} ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
