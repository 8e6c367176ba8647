"""When and how a risk was eliminated, as the national register states it, and measures that an import brought."""

from alembic import op

revision = "0016"
down_revision: str | None = "0013"


def upgrade() -> None:
    for table in ("households", "household_versions"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN eliminated_on DATE, ADD COLUMN elimination_way TEXT")
    op.execute("ALTER TABLE measures ADD COLUMN source TEXT NOT NULL DEFAULT 'department'")
    op.execute("ALTER TABLE measures ALTER COLUMN source DROP DEFAULT")
