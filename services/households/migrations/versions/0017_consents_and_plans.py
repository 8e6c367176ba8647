"""What households consent to, and the plans agreed with them."""

from alembic import op

revision = "0017"
down_revision: str | None = "0016"

_SERVICE = "households"

_TABLES = """
CREATE TABLE consents (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    household_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    decision TEXT NOT NULL,
    decided_on DATE NOT NULL,
    person_id UUID,
    recorded_by TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_consents PRIMARY KEY (id)
);
CREATE INDEX ix_consents_household_id ON consents (household_id);
COMMENT ON TABLE consents IS '农户授权: the newest decision of a household on each purpose';
CREATE TABLE household_plans (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    household_id UUID NOT NULL,
    year SMALLINT NOT NULL,
    agreed_on DATE NOT NULL,
    target_per_head NUMERIC(14, 2) NOT NULL,
    expected_gain NUMERIC(14, 2) NOT NULL,
    categories TEXT[] NOT NULL,
    causes TEXT[] NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_household_plans PRIMARY KEY (id)
);
CREATE INDEX ix_household_plans_household_id ON household_plans (household_id);
COMMENT ON TABLE household_plans IS '增产增收计划: one per household and year'
"""

_VISIBLE = "EXISTS (SELECT FROM households h WHERE h.id = household_id)"


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("consents", "household_plans"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({_VISIBLE}) WITH CHECK ({_VISIBLE})")
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
