"""Help that monitoring asks of this department."""

from alembic import op

from directory.requests import create_requests_v1

revision = "0005"
down_revision = "0004"

_SERVICE = "finance"


def upgrade() -> None:
    for statement in create_requests_v1(_SERVICE):
        op.execute(statement)
