"""The first tables of finance, their rights and their row security."""

from alembic import op

from directory.ddl import create_v1 as directory_tables
from directory.facts import FACT_COLUMNS_V1
from events.ddl import create_v1 as event_tables
from kit.ddl import create_v1 as kit_tables
from kit.scope import scope_policy_ddl

revision = "0001"
down_revision = None

_SERVICE = "finance"

_TABLES = f"""
CREATE TABLE missed_repayments ({FACT_COLUMNS_V1},
    loan_number text NOT NULL,
    product text NOT NULL,
    due_on date NOT NULL,
    amount numeric(14, 2) NOT NULL,
    cured_on date,
    cure_revision integer NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_missed_repayments PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_missed_repayments_loan_due ON missed_repayments (department, loan_number, due_on) WHERE NOT void;
CREATE INDEX ix_missed_repayments_household_id ON missed_repayments (household_id);
CREATE INDEX ix_missed_repayments_path_id ON missed_repayments (path, id);
CREATE INDEX ix_missed_repayments_awaited ON missed_repayments (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE missed_repayments IS
    '逾期: one row per loan and due date; cure_revision counts publications of the cure'"""


def upgrade() -> None:
    shared = (*event_tables(_SERVICE), *kit_tables(_SERVICE), *directory_tables(_SERVICE))
    for statement in (*shared, *_TABLES.strip().split(";\n")):
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON missed_repayments TO {_SERVICE}_app, {_SERVICE}_worker")
    for statement in scope_policy_ddl("missed_repayments", _SERVICE):
        op.execute(statement)
