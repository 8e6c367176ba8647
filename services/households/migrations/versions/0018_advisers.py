"""Technical advisers of villages."""

from alembic import op

from kit.scope import scope_policy_ddl

revision = "0018"
down_revision: str | None = "0017"

_SERVICE = "households"

_TABLES = """
CREATE TABLE advisers (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    who TEXT NOT NULL,
    name BYTEA NOT NULL,
    masked_name TEXT NOT NULL,
    phone BYTEA,
    masked_phone TEXT,
    organisation TEXT NOT NULL,
    trade TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    CONSTRAINT pk_advisers PRIMARY KEY (id)
);
CREATE INDEX ix_advisers_path ON advisers (path);
CREATE UNIQUE INDEX uq_advisers_standing ON advisers (path, trade, who) WHERE until IS NULL;
COMMENT ON TABLE advisers IS
    '科技顾问: one row per village, trade and adviser; who is a blind index of name and organisation'
"""


def upgrade() -> None:
    for statement in (*_TABLES.strip().split(";\n"), *scope_policy_ddl("advisers", _SERVICE)):
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON advisers TO {_SERVICE}_app, {_SERVICE}_worker")
