"""What households counted for as months ended; what is not known of the months before, a rebuild finds in the log."""

from alembic import op

from kit.scope import scope_policy_ddl

revision = "0027"
down_revision: str | None = "0026"

_TABLE = """
CREATE TABLE month_ends (
    household_id uuid,
    path text,
    month date,
    "values" jsonb NOT NULL,
    CONSTRAINT pk_month_ends PRIMARY KEY (household_id, path, month)
);
CREATE INDEX ix_month_ends_path ON month_ends (path);
GRANT SELECT ON month_ends TO monitoring_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON month_ends TO monitoring_worker;
ALTER TABLE profiles NO FORCE ROW LEVEL SECURITY;
INSERT INTO month_ends (household_id, path, month, "values")
    SELECT p.household_id, p.path, (date_trunc('month', g.day) - interval '1 month')::date, '{}'
    FROM profiles AS p CROSS JOIN (SELECT max(business_date) AS day FROM gates) AS g
    WHERE p.path <> '' AND g.day IS NOT NULL;
ALTER TABLE profiles FORCE ROW LEVEL SECURITY"""


def upgrade() -> None:
    for statement in (*_TABLE.strip().split(";\n"), *scope_policy_ddl("month_ends", "monitoring")):
        op.execute(statement)
