"""A part of a collective's income set apart for the neediest, and what is paid of it."""

from alembic import op

revision = "0035"
down_revision: str | None = "0034"

_SERVICE = "households"

_TABLES = """
CREATE TABLE set_asides (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    collective_id UUID NOT NULL,
    reference TEXT NOT NULL,
    year SMALLINT NOT NULL,
    source TEXT NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    decided_on DATE NOT NULL,
    since DATE NOT NULL,
    until DATE NOT NULL,
    posted_on DATE NOT NULL,
    closed_on DATE,
    CONSTRAINT pk_set_asides PRIMARY KEY (id)
);
CREATE INDEX ix_set_asides_collective_id_year ON set_asides (collective_id, year);
COMMENT ON TABLE set_asides IS
    '帮扶股: what of an income is set apart for the neediest; until is the last day on which it is paid,'
    ' closed_on the day the notice ended';
CREATE TABLE set_aside_lines (
    set_aside_id UUID NOT NULL,
    household_id UUID NOT NULL,
    shares NUMERIC(14, 2) NOT NULL,
    ground TEXT NOT NULL,
    CONSTRAINT pk_set_aside_lines PRIMARY KEY (set_aside_id, household_id),
    CONSTRAINT fk_set_aside_lines_set_aside_id FOREIGN KEY(set_aside_id) REFERENCES set_asides (id)
);
CREATE INDEX ix_set_aside_lines_household_id ON set_aside_lines (household_id);
COMMENT ON TABLE set_aside_lines IS
    '帮扶股到户: shares of a household, 0 = not chosen any more; ground is why it was chosen';
ALTER TABLE distributions ADD COLUMN set_aside_id UUID;
CREATE INDEX ix_distributions_set_aside_id ON distributions (set_aside_id)
"""

_VISIBLE = {
    "set_asides": "EXISTS (SELECT FROM collectives c WHERE c.id = collective_id)",
    "set_aside_lines": "EXISTS (SELECT FROM set_asides s WHERE s.id = set_aside_id)"
    " OR EXISTS (SELECT FROM households h WHERE h.id = household_id)",
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
