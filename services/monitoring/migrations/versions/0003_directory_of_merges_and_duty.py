"""The directory knows merged households, grids, deputies and leave; merges are found among the facts."""

from alembic import op

from directory.ddl import create_v2

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for statement in create_v2("monitoring"):
        op.execute(statement)
    op.execute(
        "CREATE INDEX ix_facts_merges ON facts (household_id) WHERE kind IN ('HouseholdMerged', 'HouseholdUnmerged')"
    )
