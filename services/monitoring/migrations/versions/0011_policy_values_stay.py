"""A recorded policy value can only be added to; corrections and ends are values of their own."""

from collections.abc import Sequence

from alembic import op

from kit.ddl import keep_values

revision = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Take the right to change."""
    op.execute(keep_values("monitoring"))
