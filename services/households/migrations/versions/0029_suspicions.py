"""What the checks will find in the households of a file, kept with them."""

from alembic import op

revision = "0029"
down_revision: str | None = "0028"


def upgrade() -> None:
    op.execute("ALTER TABLE import_households ADD COLUMN suspicions JSONB")
    op.execute(
        "COMMENT ON TABLE import_households IS '导入的户: one per 户编号 of a file; problems name cells, never what"
        " stands in them; trace is what stood before, names sealed, until it is undone; suspicions are what the"
        " checks will find'"
    )
