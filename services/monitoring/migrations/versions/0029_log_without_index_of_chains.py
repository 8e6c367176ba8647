"""The log's index by chain of events had no reader."""

from alembic import op

from events.ddl import drop_index_of_chains

revision = "0029"
down_revision: str | None = "0028"


def upgrade() -> None:
    op.execute(drop_index_of_chains())
