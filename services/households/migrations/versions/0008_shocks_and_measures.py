"""Shocks that strike a household, and measures that reach it."""

from alembic import op

revision = "0008"
down_revision: str | None = "0007"

_SERVICE = "households"

_TABLES = """
CREATE TABLE shocks (
    fact_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    household_id UUID NOT NULL,
    kind TEXT NOT NULL,
    disaster TEXT,
    happened_on DATE NOT NULL,
    means_lost BOOLEAN NOT NULL,
    loss NUMERIC(14, 2),
    resolved_on DATE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_shocks PRIMARY KEY (fact_id)
);
CREATE INDEX ix_shocks_household_id ON shocks (household_id);
COMMENT ON TABLE shocks IS
    '突发事件: a disaster or an accident; resolved_on is the first day on which the household is through it';
CREATE TABLE measures (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    household_id UUID NOT NULL,
    category TEXT NOT NULL,
    causes TEXT[] NOT NULL,
    started_on DATE NOT NULL,
    completed_on DATE,
    department TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_measures PRIMARY KEY (id)
);
CREATE INDEX ix_measures_household_id ON measures (household_id);
COMMENT ON TABLE measures IS
    '帮扶措施: causes are the risks it is meant to answer; completed_on is the day it was finished'
"""

_VISIBLE = "EXISTS (SELECT FROM households h WHERE h.id = household_id)"


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("shocks", "measures"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({_VISIBLE}) WITH CHECK ({_VISIBLE})")
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
