"""The directory knows merged households, grids, deputies and leave."""

from alembic import op

from directory.ddl import create_v2

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for statement in create_v2("procurement"):
        op.execute(statement)
