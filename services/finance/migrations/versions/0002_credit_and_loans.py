"""Ratings, outreach, loans with their repayments and delays, and the policy that finance starts with."""

from pathlib import Path

from alembic import op

import finance.policy
from directory.facts import FACT_COLUMNS_V1
from kit.policy import adding, read_seeds
from kit.scope import scope_policy_ddl

revision = "0002"
down_revision = "0001"

_SERVICE = "finance"

_TABLES = f"""
CREATE TABLE ratings ({FACT_COLUMNS_V1},
    grade text NOT NULL,
    credit_line numeric(14, 2) NOT NULL,
    rated_on date NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_ratings PRIMARY KEY (id)
);
CREATE INDEX ix_ratings_standing ON ratings (household_id, rated_on DESC, id DESC) WHERE NOT void;
CREATE INDEX ix_ratings_path_id ON ratings (path, id);
CREATE INDEX ix_ratings_awaited ON ratings (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE ratings IS '评级授信; the latest day of rating counts for the household';
CREATE TABLE outreach (
    household_id uuid NOT NULL,
    region varchar(12),
    path text COLLATE "C" NOT NULL,
    status text NOT NULL,
    contacted_on date NOT NULL,
    version integer NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_outreach PRIMARY KEY (household_id)
);
CREATE INDEX ix_outreach_path ON outreach (path);
COMMENT ON TABLE outreach IS '走访对接 of rated households without a loan, as last recorded';
CREATE TABLE loans ({FACT_COLUMNS_V1},
    product text NOT NULL,
    amount numeric(14, 2) NOT NULL,
    months integer NOT NULL,
    use text NOT NULL,
    method text NOT NULL,
    stage text NOT NULL,
    applied_on date NOT NULL,
    decided_on date,
    rejection text,
    annual_rate numeric(7, 4),
    loan_number text,
    disbursed_on date,
    settled_on date,
    principal_left numeric(14, 2) NOT NULL,
    overdue_since date,
    look_on date,
    department text NOT NULL,
    CONSTRAINT pk_loans PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_loans_open ON loans (household_id, product) WHERE stage IN ('approved', 'disbursed');
CREATE UNIQUE INDEX uq_loans_number ON loans (department, loan_number);
CREATE INDEX ix_loans_household_id ON loans (household_id);
CREATE INDEX ix_loans_path_id ON loans (path, id);
CREATE INDEX ix_loans_look_on ON loans (look_on) WHERE look_on IS NOT NULL;
CREATE INDEX ix_loans_overdue_since ON loans (overdue_since) WHERE overdue_since IS NOT NULL;
CREATE INDEX ix_loans_awaited ON loans (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE loans IS '贷款; look_on is the first day on which time alone makes another instalment overdue';
CREATE TABLE repayments (
    id uuid NOT NULL,
    loan_id uuid NOT NULL,
    revision integer NOT NULL,
    void boolean NOT NULL,
    paid_on date NOT NULL,
    amount numeric(14, 2) NOT NULL,
    early boolean NOT NULL,
    receipt text NOT NULL,
    principal numeric(14, 2) NOT NULL,
    interest numeric(14, 2) NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_repayments PRIMARY KEY (id),
    CONSTRAINT fk_repayments_loan_id FOREIGN KEY (loan_id) REFERENCES loans (id)
);
CREATE UNIQUE INDEX uq_repayments_receipt ON repayments (loan_id, receipt) WHERE NOT void;
CREATE INDEX ix_repayments_loan_id ON repayments (loan_id);
COMMENT ON TABLE repayments IS
    '还款; principal and interest are how the ledger splits the amount now; seen with their loan';
CREATE TABLE delays (
    id uuid NOT NULL,
    loan_id uuid NOT NULL,
    number integer NOT NULL,
    revision integer NOT NULL,
    void boolean NOT NULL,
    due_on date NOT NULL,
    amount numeric(14, 2) NOT NULL,
    cured_on date,
    cure_revision integer NOT NULL,
    CONSTRAINT pk_delays PRIMARY KEY (id),
    CONSTRAINT fk_delays_loan_id FOREIGN KEY (loan_id) REFERENCES loans (id)
);
CREATE UNIQUE INDEX uq_delays_number ON delays (loan_id, number);
COMMENT ON TABLE delays IS
    '逾期 of own loans as told; the id follows from loan and number; seen with their loan'"""

_WITH_THEIR_LOAN = "EXISTS (SELECT FROM loans WHERE loans.id = loan_id)"


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("ratings", "outreach", "loans"):
        for statement in scope_policy_ddl(table, _SERVICE):
            op.execute(statement)
    for table in ("repayments", "delays"):
        for statement in _seen_with_their_loan(table):
            op.execute(statement)
    for table in ("ratings", "outreach", "loans", "repayments", "delays"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
    op.execute(adding(read_seeds(Path(finance.policy.__file__).with_name("seeds.toml"))))


def _seen_with_their_loan(table: str) -> tuple[str, ...]:
    see = f"USING ({_WITH_THEIR_LOAN}) WITH CHECK ({_WITH_THEIR_LOAN})"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app {see}",
        f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)",
    )
