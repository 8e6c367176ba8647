"""Requests whose alert was retracted or whose case ended."""

from alembic import op

revision = "0019"
down_revision: str | None = "0018"

# What the areas gain and lose by it is written down as ever.
_FOLLOW = """
INSERT INTO indicator_changes (path, month, "values")
    SELECT side.path, date_trunc('month', g.day)::date, jsonb_build_object('cases.' || c.state, side.sign)
    FROM cases AS c JOIN profiles AS p USING (household_id)
    CROSS JOIN (SELECT max(business_date) AS day FROM gates) AS g
    CROSS JOIN LATERAL (VALUES (c.path, '-1'), (p.path, '1')) AS side(path, sign)
    WHERE p.path <> '' AND p.path <> c.path AND g.day IS NOT NULL;
UPDATE cases SET path = p.path FROM profiles AS p
    WHERE p.household_id = cases.household_id AND p.path <> '' AND p.path <> cases.path;
UPDATE case_steps SET path = p.path FROM profiles AS p
    WHERE p.household_id = case_steps.household_id AND p.path <> '' AND p.path <> case_steps.path"""

_SCOPED = ("cases", "case_steps", "profiles", "indicator_changes")


def upgrade() -> None:
    """Note the day; cases follow their households, as alerts do."""
    op.execute("ALTER TABLE help_requests ADD COLUMN withdrawn_on date")
    op.execute("GRANT UPDATE ON help_requests TO monitoring_app")
    for table in _SCOPED:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for statement in _FOLLOW.strip().split(";\n"):
        op.execute(statement)
    for table in _SCOPED:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
