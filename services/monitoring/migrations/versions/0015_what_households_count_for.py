"""What each household adds to the indicators of its area; what stood before comes in with the next day."""

from alembic import op

revision = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    """Add the column, and have everybody looked at on the next day."""
    op.execute("ALTER TABLE profiles ADD COLUMN indicators jsonb NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE profiles ALTER COLUMN indicators DROP DEFAULT")
    # Forced row security binds the owner too, and there is no policy for it.
    op.execute("ALTER TABLE profiles NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE profiles SET due_on = '0001-01-01' WHERE path <> ''")
    op.execute("ALTER TABLE profiles FORCE ROW LEVEL SECURITY")
