"""Candidate rules in what-ifs and shadows."""

from alembic import op

revision = "0018"
down_revision: str | None = "0017"


def upgrade() -> None:
    """Both may try rules that are not in force."""
    for table in ("what_ifs", "shadows"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN candidates text[] NOT NULL DEFAULT '{{}}'")
