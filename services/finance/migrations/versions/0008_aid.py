"""Funds, donations with their conditions, applications for aid, and what each grant draws on."""

from alembic import op

from kit.scope import scope_policy_ddl

revision = "0008"
down_revision = "0007"

_SERVICE = "finance"

_TABLES = """
CREATE TABLE aid_funds (
    id uuid CONSTRAINT pk_aid_funds PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    area text COLLATE "C" NOT NULL,
    opened_on date NOT NULL,
    department text NOT NULL
);
COMMENT ON TABLE aid_funds IS '慈善和防返贫基金';
CREATE TABLE aid_donations (
    id uuid CONSTRAINT pk_aid_donations PRIMARY KEY,
    revision integer NOT NULL,
    void boolean NOT NULL,
    fund_id uuid NOT NULL CONSTRAINT fk_aid_donations_fund_id REFERENCES aid_funds (id),
    amount numeric(14, 2) NOT NULL,
    "left" numeric(14, 2) NOT NULL,
    purposes text[] NOT NULL,
    area text COLLATE "C" NOT NULL,
    use_by date,
    received_on date NOT NULL,
    receipt text NOT NULL,
    kind text NOT NULL,
    donor text,
    CONSTRAINT ck_aid_donations_left_within_amount CHECK ("left" >= 0 AND "left" <= amount)
);
CREATE UNIQUE INDEX uq_aid_donations_receipt ON aid_donations (fund_id, receipt) WHERE NOT void;
COMMENT ON TABLE aid_donations IS '捐赠 with the donor''s conditions; left is what no grant has drawn';
CREATE TABLE aid_applications (
    id uuid CONSTRAINT pk_aid_applications PRIMARY KEY,
    revision integer NOT NULL,
    void boolean NOT NULL,
    household_id uuid NOT NULL,
    region varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    fund_id uuid NOT NULL CONSTRAINT fk_aid_applications_fund_id REFERENCES aid_funds (id),
    purpose text NOT NULL,
    amount numeric(14, 2) NOT NULL,
    state text NOT NULL,
    applied_on date NOT NULL,
    applied_by text NOT NULL,
    decided_on date,
    decided_by text,
    reason text,
    paid_on date,
    receipt text,
    revoked_on date,
    department text NOT NULL
);
CREATE UNIQUE INDEX uq_aid_applications_open ON aid_applications (household_id, fund_id, purpose)
    WHERE state IN ('applied', 'granted');
CREATE INDEX ix_aid_applications_household_id ON aid_applications (household_id);
CREATE INDEX ix_aid_applications_path_id ON aid_applications (path, id);
COMMENT ON TABLE aid_applications IS '救助申请, as it stands';
CREATE TABLE aid_draws (
    application_id uuid NOT NULL
        CONSTRAINT fk_aid_draws_application_id REFERENCES aid_applications (id),
    donation_id uuid NOT NULL CONSTRAINT fk_aid_draws_donation_id REFERENCES aid_donations (id),
    amount numeric(14, 2) NOT NULL,
    returned boolean NOT NULL,
    CONSTRAINT pk_aid_draws PRIMARY KEY (application_id, donation_id)
);
CREATE INDEX ix_aid_draws_donation_id ON aid_draws (donation_id);
COMMENT ON TABLE aid_draws IS '支取: what a grant takes of a donation'"""


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for statement in scope_policy_ddl("aid_applications", _SERVICE):
        op.execute(statement)
    for table in ("aid_funds", "aid_donations", "aid_applications", "aid_draws"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
