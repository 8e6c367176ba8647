"""Lifted households by village, for who has a helper and who has not."""

from alembic import op

revision = "0031"
down_revision: str | None = "0030"


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_households_lifted ON households (path, id) WHERE merged_into IS NULL AND ended_on IS NULL"
        " AND household_type IN ('lifted', 'lifted_no_policy')"
    )
