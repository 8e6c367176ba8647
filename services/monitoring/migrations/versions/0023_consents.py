"""Whether households let departments compare what they own."""

from alembic import op

revision = "0023"
down_revision: str | None = "0022"

_VISIBLE = "EXISTS (SELECT FROM profiles AS p WHERE p.household_id = consents.household_id)"
_TABLE = f"""
CREATE TABLE consents (
    household_id uuid CONSTRAINT pk_consents PRIMARY KEY,
    revision integer NOT NULL,
    given boolean NOT NULL,
    decided_on date NOT NULL
);
ALTER TABLE consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE consents FORCE ROW LEVEL SECURITY;
CREATE POLICY app_scope ON consents TO monitoring_app USING ({_VISIBLE}) WITH CHECK ({_VISIBLE});
CREATE POLICY worker_all ON consents TO monitoring_worker USING (true) WITH CHECK (true);
GRANT SELECT ON consents TO monitoring_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON consents TO monitoring_worker"""


def upgrade() -> None:
    for statement in _TABLE.strip().split(";\n"):
        op.execute(statement)
