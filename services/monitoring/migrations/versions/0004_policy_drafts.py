"""Drafts of policy values: proposed by one person, released by another."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from kit.scope import scope_policy_ddl

revision = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_DRAFTS = """
CREATE TABLE policy_drafts (
    id uuid CONSTRAINT pk_policy_drafts PRIMARY KEY,
    state text NOT NULL CONSTRAINT ck_policy_drafts_state CHECK (state IN ('draft', 'released', 'withdrawn')),
    name text NOT NULL,
    path text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    value numeric(18, 6) NOT NULL,
    document text NOT NULL,
    clause text NOT NULL,
    confidence text NOT NULL,
    drafted_by text NOT NULL,
    drafted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by text,
    decided_at timestamptz,
    CONSTRAINT ck_policy_drafts_decided CHECK ((state = 'draft') = (decided_by IS NULL)),
    CONSTRAINT ck_policy_drafts_two_persons CHECK (state <> 'released' OR decided_by <> drafted_by)
);
CREATE INDEX ix_policy_drafts_state_id ON policy_drafts (state, id)"""


def upgrade() -> None:
    """Make the table."""
    grant = "GRANT SELECT, INSERT, UPDATE ON policy_drafts TO monitoring_app, monitoring_worker"
    for statement in (*_DRAFTS.strip().split(";\n"), grant, *scope_policy_ddl("policy_drafts", "monitoring")):
        op.execute(sa.text(statement))
