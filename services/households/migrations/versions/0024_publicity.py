"""Publicity in villages, and households that agreed to be role models."""

from alembic import op

revision = "0024"
down_revision: str | None = "0023"

_SERVICE = "households"

_TABLES = """
CREATE TABLE publicity (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    held_on DATE NOT NULL,
    persons INTEGER NOT NULL,
    households INTEGER NOT NULL,
    CONSTRAINT pk_publicity PRIMARY KEY (id)
);
CREATE INDEX ix_publicity_region_code_held_on ON publicity (region_code, held_on);
COMMENT ON TABLE publicity IS '宣传引导: what was held in a village on a day, and how many it reached';
CREATE TABLE role_models (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    household_id UUID NOT NULL,
    field TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    reason TEXT,
    consented_on DATE NOT NULL,
    person_id UUID NOT NULL,
    CONSTRAINT pk_role_models PRIMARY KEY (id)
);
CREATE INDEX ix_role_models_household_id ON role_models (household_id);
COMMENT ON TABLE role_models IS
    '典型: a household that agreed to be shown, and who of it signed; until is the first day without'
"""

_VISIBLE = {
    "publicity": """EXISTS (
        SELECT FROM regions r
        WHERE r.code = region_code AND r.valid_to IS NULL
          AND r.path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))
    )""",
    "role_models": "EXISTS (SELECT FROM households h WHERE h.id = household_id)",
}


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table, visible in _VISIBLE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({visible}) WITH CHECK ({visible})")
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
