"""The directory knows merged households, grids, deputies and leave."""

from alembic import op

from directory.ddl import create_v2

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for statement in create_v2("procurement"):
        op.execute(statement)
