"""The log's index by chain of events had no reader; cases, refused ones too, are read by household with each turn."""

from alembic import op

from events.ddl import drop_index_of_chains

revision = "0029"
down_revision: str | None = "0028"


def upgrade() -> None:
    op.execute(drop_index_of_chains())
    op.execute("CREATE INDEX ix_cases_household_id ON cases (household_id)")
