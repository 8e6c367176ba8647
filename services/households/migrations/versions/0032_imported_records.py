"""What a file says of a household is kept beside its rows, read once."""

from alembic import op

revision = "0032"
down_revision: str | None = "0031"

_COMMENT = (
    "导入的户: one per 户编号 of a file; problems name cells, never what stands in them;"
    " record is what the rows say, while it waits to be taken;"
    " trace is what stood before, names sealed, until it is undone; suspicions are what the checks will find"
)


def upgrade() -> None:
    op.execute("ALTER TABLE import_households ADD COLUMN record BYTEA")
    op.execute(f"COMMENT ON TABLE import_households IS '{_COMMENT}'")
