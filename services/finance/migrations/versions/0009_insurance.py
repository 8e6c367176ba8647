"""Insurance policies, claims, and for whom donated cover is meant."""

from pathlib import Path

from alembic import op

import finance.policy
from directory.facts import FACT_COLUMNS_V1
from kit.policy import adding, read_seeds
from kit.scope import scope_policy_ddl

revision = "0009"
down_revision = "0008"

_SERVICE = "finance"

_TABLES = f"""
CREATE TABLE insurance_policies ({FACT_COLUMNS_V1},
    kind text NOT NULL,
    policy_number text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    sum_insured numeric(14, 2) NOT NULL,
    paid_by_household numeric(14, 2) NOT NULL,
    paid_by_subsidy numeric(14, 2) NOT NULL,
    paid_by_donation numeric(14, 2) NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_insurance_policies PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_insurance_policies_number ON insurance_policies (department, policy_number) WHERE NOT void;
CREATE INDEX ix_insurance_policies_insured ON insurance_policies (person_id, ends_on)
    WHERE kind = 'medical' AND NOT void;
CREATE INDEX ix_insurance_policies_household_id ON insurance_policies (household_id);
CREATE INDEX ix_insurance_policies_path_id ON insurance_policies (path, id);
CREATE INDEX ix_insurance_policies_awaited ON insurance_policies (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE insurance_policies IS '保单';
CREATE TABLE insurance_claims ({FACT_COLUMNS_V1},
    policy_id uuid NOT NULL CONSTRAINT fk_insurance_claims_policy_id REFERENCES insurance_policies (id),
    claim_number text NOT NULL,
    kind text NOT NULL,
    cause text NOT NULL,
    happened_on date NOT NULL,
    filed_on date NOT NULL,
    state text NOT NULL,
    denied_on date,
    denial text,
    amount numeric(14, 2),
    paid_on date,
    pay_revision integer NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_insurance_claims PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_insurance_claims_number ON insurance_claims (department, claim_number) WHERE NOT void;
CREATE INDEX ix_insurance_claims_policy_id ON insurance_claims (policy_id);
CREATE INDEX ix_insurance_claims_household_id ON insurance_claims (household_id);
CREATE INDEX ix_insurance_claims_path_id ON insurance_claims (path, id);
CREATE INDEX ix_insurance_claims_awaited ON insurance_claims (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE insurance_claims IS '理赔; pay_revision counts what was told of the payment'"""


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("insurance_policies", "insurance_claims"):
        for statement in scope_policy_ddl(table, _SERVICE):
            op.execute(statement)
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
    seeds = read_seeds(Path(finance.policy.__file__).with_name("seeds.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith("insurance.")))
