"""Undoing an import: what stood before each household of it, and who takes it back."""

from alembic import op

revision = "0013"
down_revision: str | None = "0012"

_SERVICE = "households"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE import_jobs ADD COLUMN undone_by TEXT, ADD COLUMN undone_by_department TEXT,"
        " ADD COLUMN undone_at TIMESTAMP WITH TIME ZONE"
    )
    op.execute("ALTER TABLE import_households ADD COLUMN trace JSONB")
    op.execute(
        "COMMENT ON TABLE import_households IS '导入的户: one per 户编号 of a file; problems name cells, never what"
        " stands in them; trace is what stood before, names sealed, until it is undone'"
    )
    # what an undone import said last about a household was never said
    op.execute(f"GRANT DELETE ON import_contents TO {_SERVICE}_worker")
