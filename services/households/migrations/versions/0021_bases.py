"""Demonstration bases and villages, their recognitions and households."""

from alembic import op

revision = "0021"
down_revision: str | None = "0020"

_SERVICE = "households"

_TABLES = """
CREATE TABLE bases (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    trade TEXT NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    entity_id UUID,
    collective_id UUID,
    area NUMERIC(14, 2) NOT NULL,
    since DATE NOT NULL,
    closed_on DATE,
    CONSTRAINT pk_bases PRIMARY KEY (id)
);
CREATE INDEX ix_bases_region_code ON bases (region_code);
COMMENT ON TABLE bases IS '示范基地: owned by an entity or a collective; area in mu';
CREATE TABLE base_recognitions (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    base_id UUID NOT NULL,
    level TEXT NOT NULL,
    recognised_on DATE NOT NULL,
    withdrawn_on DATE,
    document TEXT NOT NULL,
    CONSTRAINT pk_base_recognitions PRIMARY KEY (id),
    CONSTRAINT fk_base_recognitions_base_id FOREIGN KEY(base_id) REFERENCES bases (id)
);
CREATE INDEX ix_base_recognitions_base_id ON base_recognitions (base_id);
COMMENT ON TABLE base_recognitions IS
    '认定: one per base and level; withdrawn_on is the first day without it';
CREATE TABLE base_households (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    base_id UUID NOT NULL,
    household_id UUID NOT NULL,
    since DATE NOT NULL,
    until DATE,
    CONSTRAINT pk_base_households PRIMARY KEY (id),
    CONSTRAINT fk_base_households_base_id FOREIGN KEY(base_id) REFERENCES bases (id)
);
CREATE INDEX ix_base_households_base_id ON base_households (base_id);
CREATE INDEX ix_base_households_household_id ON base_households (household_id);
COMMENT ON TABLE base_households IS
    '带动农户: one per base and household; until is the first day without it'
"""

_VISIBLE = {
    "bases": """EXISTS (
        SELECT FROM regions r
        WHERE r.code = region_code AND r.valid_to IS NULL
          AND r.path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))
    )""",
    "base_recognitions": "EXISTS (SELECT FROM bases b WHERE b.id = base_id)",
    "base_households": "EXISTS (SELECT FROM households h WHERE h.id = household_id)",
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
