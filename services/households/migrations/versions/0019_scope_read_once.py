"""The scope is read once in a statement; helpers are found by household and time."""

from alembic import op

from kit.scope import scope_read_once_ddl

revision = "0019"
down_revision: str | None = "0018"

_INDEXES = (
    "CREATE INDEX ix_helper_assignments_household_id_since ON helper_assignments (household_id, since, until)",
    "DROP INDEX ix_helper_assignments_household_id",
)


def upgrade() -> None:
    for statement in _INDEXES:
        op.execute(statement)
    op.execute(scope_read_once_ddl())
