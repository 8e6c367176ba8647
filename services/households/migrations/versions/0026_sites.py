"""Relocation sites and the households settled there."""

from alembic import op

revision = "0026"
down_revision: str | None = "0025"

_SERVICE = "households"

_TABLES = """
CREATE TABLE relocation_sites (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    since DATE NOT NULL,
    closed_on DATE,
    CONSTRAINT pk_relocation_sites PRIMARY KEY (id)
);
CREATE INDEX ix_relocation_sites_region_code ON relocation_sites (region_code);
COMMENT ON TABLE relocation_sites IS '易地扶贫搬迁安置区: closed_on is the first day without it';
CREATE TABLE site_households (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    site_id UUID NOT NULL,
    household_id UUID NOT NULL,
    since DATE NOT NULL,
    until DATE,
    CONSTRAINT pk_site_households PRIMARY KEY (id),
    CONSTRAINT fk_site_households_site_id FOREIGN KEY(site_id) REFERENCES relocation_sites (id)
);
CREATE INDEX ix_site_households_site_id ON site_households (site_id);
CREATE UNIQUE INDEX uq_site_households_standing ON site_households (household_id) WHERE until IS NULL;
COMMENT ON TABLE site_households IS
    '安置农户: one per site and household, in one site at a time; until is the first day without'
"""

_VISIBLE = {
    "relocation_sites": """EXISTS (
        SELECT FROM regions r
        WHERE r.code = region_code AND r.valid_to IS NULL
          AND r.path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))
    )""",
    "site_households": "EXISTS (SELECT FROM households h WHERE h.id = household_id)",
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
