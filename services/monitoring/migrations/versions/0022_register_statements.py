"""Cases follow the national register; each case knows when it was last decided about."""

from alembic import op

from kit.scope import scope_policy_ddl

revision = "0022"
down_revision: str | None = "0020"

# the owner is bound by row security too and must step aside while the cases are filled
_TABLE = """
CREATE TABLE register_statements (
    household_id uuid CONSTRAINT pk_register_statements PRIMARY KEY,
    revision integer NOT NULL,
    path text NOT NULL,
    region text,
    said jsonb NOT NULL,
    settled boolean NOT NULL
);
CREATE INDEX ix_register_statements_waiting ON register_statements (household_id) WHERE NOT settled;
GRANT SELECT, INSERT, UPDATE ON register_statements TO monitoring_worker;
ALTER TABLE case_steps NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cases NO FORCE ROW LEVEL SECURITY;
UPDATE cases SET body = body || jsonb_build_object('stated', false, 'ruled_on', (
    SELECT max(s.on) FROM case_steps AS s
    WHERE s.case_id = cases.id AND s.move IN ('load', 'approve', 'refuse', 'reenter')));
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
ALTER TABLE case_steps FORCE ROW LEVEL SECURITY"""


def upgrade() -> None:
    for statement in (*_TABLE.strip().split(";\n"), *scope_policy_ddl("register_statements", "monitoring")):
        op.execute(statement)
