"""The step of a case by which monitoring decided a household's place on the list."""

from alembic import op

revision = "0027"
down_revision: str | None = "0026"


def upgrade() -> None:
    for table in ("households", "household_versions"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN case_id UUID, ADD COLUMN case_version INTEGER")
    op.execute(
        "COMMENT ON TABLE households IS '户; stated_on and decided_on are the dates of the newest statement on it and"
        " on its category; merged_into: an alias of that household; case_id and case_version: the step of a case that"
        " decided'"
    )
