"""Drafts of policy values: proposed by one person, released by another."""

from alembic import op

from kit.ddl import create_v2

revision = "0003"
down_revision = "0002"

_SERVICE = "employment"


def upgrade() -> None:
    for statement in create_v2(_SERVICE):
        op.execute(statement)
