"""Households whose registration was taken back have ended."""

from alembic import op

revision = "0030"
down_revision: str | None = "0029"


def upgrade() -> None:
    for table in ("households", "household_versions"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN ended_on DATE")
    op.execute(
        "COMMENT ON TABLE households IS '户; stated_on and decided_on are the dates of the newest statement on it and"
        " on its category; merged_into: an alias of that household; case_id and case_version: the step of a case that"
        " decided; ended_on: its registration was taken back'"
    )
