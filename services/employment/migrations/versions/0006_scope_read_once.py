"""The scope is read once in a statement."""

from alembic import op

from kit.scope import scope_read_once_ddl

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    op.execute(scope_read_once_ddl())
