"""The scope is read once in a statement; who helps a village is found by indexes."""

from alembic import op

from kit.scope import scope_read_once_ddl

revision = "0019"
down_revision: str | None = "0018"

_INDEXES = (
    "CREATE INDEX ix_households_lifted ON households (path, id)"
    " WHERE merged_into IS NULL AND household_type IN ('lifted', 'lifted_no_policy')",
    "CREATE INDEX ix_helper_assignments_household_id_since ON helper_assignments (household_id, since, until)",
    "DROP INDEX ix_helper_assignments_household_id",
)


def upgrade() -> None:
    for statement in _INDEXES:
        op.execute(statement)
    op.execute(scope_read_once_ddl())
