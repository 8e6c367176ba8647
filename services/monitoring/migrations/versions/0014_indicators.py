"""What areas gain and lose, and its sums by area, part and month."""

from alembic import op

from kit.scope import scope_policy_ddl

revision = "0014"
down_revision: str | None = "0013"

_TABLES = """
CREATE TABLE indicator_changes (
    number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_indicator_changes PRIMARY KEY,
    path text NOT NULL,
    month date NOT NULL,
    "values" jsonb NOT NULL
);
CREATE TABLE indicator_values (
    path text,
    part text,
    month date,
    above text NOT NULL,
    value numeric(18, 2) NOT NULL,
    CONSTRAINT pk_indicator_values PRIMARY KEY (path, part, month)
) WITH (fillfactor = 80);
CREATE INDEX ix_indicator_values_above ON indicator_values (above);
GRANT SELECT, INSERT ON indicator_changes TO monitoring_app;
GRANT SELECT, INSERT, DELETE ON indicator_changes TO monitoring_worker;
GRANT SELECT ON indicator_values TO monitoring_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON indicator_values TO monitoring_worker"""


def upgrade() -> None:
    """Make the tables."""
    scoped = [
        line for table in ("indicator_changes", "indicator_values") for line in scope_policy_ddl(table, "monitoring")
    ]
    for statement in (*_TABLES.strip().split(";\n"), *scoped):
        op.execute(statement)
