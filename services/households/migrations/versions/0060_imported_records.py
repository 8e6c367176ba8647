"""What a file says of a household is kept beside its rows, read once."""

from alembic import op

revision = "0060"
down_revision: str | None = "0018"


def upgrade() -> None:
    op.execute("ALTER TABLE import_households ADD COLUMN record BYTEA")
