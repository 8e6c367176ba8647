"""Memberships are copied from rows of persons in one statement, so nothing is left that their foreign keys could find.

Each key cost an import a look and a lock for every person, as much as the row itself.
"""

from alembic import op

revision = "0033"
down_revision: str | None = "0032"


def upgrade() -> None:
    for column in ("person_id", "household_id"):
        op.execute(f"ALTER TABLE memberships DROP CONSTRAINT fk_memberships_{column}")
