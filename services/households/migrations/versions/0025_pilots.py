"""Asset pilots of villages, and how many the plan asks for."""

from pathlib import Path

from alembic import op

import households
from kit.policy import adding, read_seeds

revision = "0025"
down_revision: str | None = "0024"

_SERVICE = "households"

_TABLES = """
CREATE TABLE asset_pilots (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    body TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    document TEXT NOT NULL,
    CONSTRAINT pk_asset_pilots PRIMARY KEY (id)
);
CREATE INDEX ix_asset_pilots_region_code ON asset_pilots (region_code);
COMMENT ON TABLE asset_pilots IS '村级资产运营管理试点: one per village; until is the first day without'
"""

_IN_AREA = """EXISTS (
    SELECT FROM regions r
    WHERE r.code = region_code AND r.valid_to IS NULL
      AND r.path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))
)"""


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    op.execute("ALTER TABLE asset_pilots ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE asset_pilots FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY app_scope ON asset_pilots TO {_SERVICE}_app USING ({_IN_AREA}) WITH CHECK ({_IN_AREA})")
    op.execute(f"CREATE POLICY worker_all ON asset_pilots TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON asset_pilots TO {_SERVICE}_app, {_SERVICE}_worker")
    seeds = read_seeds(Path(households.__file__).with_name("policy.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith("asset_pilot.")))
