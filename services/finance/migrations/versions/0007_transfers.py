"""Public payments: purposes, what is owed, batches and their lines."""

from alembic import op
from sqlalchemy import Boolean, Integer, Text, column, table

from directory.facts import FACT_COLUMNS_V1
from kit.scope import scope_policy_ddl

revision = "0007"
down_revision = "0006"

_SERVICE = "finance"

_TABLES = f"""
CREATE TABLE transfer_purposes (
    code text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    counts_as_income boolean NOT NULL,
    document text NOT NULL,
    confidence text NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT pk_transfer_purposes PRIMARY KEY (code)
);
COMMENT ON TABLE transfer_purposes IS '资金用途: an editable list';
CREATE TABLE transfers ({FACT_COLUMNS_V1},
    version integer NOT NULL,
    purpose text NOT NULL,
    counts_as_income boolean NOT NULL,
    amount numeric(14, 2) NOT NULL,
    first_month date NOT NULL,
    last_month date NOT NULL,
    due_on date,
    approval_id uuid,
    approval_revision integer NOT NULL,
    reference text,
    department text NOT NULL,
    state text NOT NULL,
    batch_id uuid,
    paid_on date,
    returned_on date,
    return_reason text,
    CONSTRAINT pk_transfers PRIMARY KEY (id)
);
CREATE INDEX ix_transfers_household_id ON transfers (household_id);
CREATE INDEX ix_transfers_path_id ON transfers (path, id);
CREATE INDEX ix_transfers_state_purpose_due_on_id ON transfers (state, purpose, due_on, id);
CREATE INDEX ix_transfers_awaited ON transfers (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE transfers IS
    '应发款项: revision counts publications, version changes';
CREATE TABLE payment_batches (
    id uuid NOT NULL,
    version integer NOT NULL,
    path text COLLATE "C" NOT NULL,
    purpose text NOT NULL,
    state text NOT NULL,
    lines integer NOT NULL,
    amount numeric(14, 2) NOT NULL,
    paid numeric(14, 2) NOT NULL,
    returned numeric(14, 2) NOT NULL,
    prepared_on date NOT NULL,
    prepared_by text NOT NULL,
    released_on date,
    released_by text,
    settled_on date,
    CONSTRAINT pk_payment_batches PRIMARY KEY (id),
    CONSTRAINT ck_payment_batches_closes CHECK (paid >= 0 AND returned >= 0 AND paid + returned <= amount)
);
CREATE INDEX ix_payment_batches_path_id ON payment_batches (path, id);
COMMENT ON TABLE payment_batches IS
    '支付批次: path is the area of whoever prepared it; paid and returned are of its own lines';
CREATE TABLE payment_lines (
    batch_id uuid NOT NULL,
    number integer NOT NULL,
    transfer_id uuid NOT NULL,
    amount numeric(14, 2) NOT NULL,
    state text NOT NULL,
    happened_on date,
    reason text,
    CONSTRAINT pk_payment_lines PRIMARY KEY (batch_id, number)
);
CREATE INDEX ix_payment_lines_transfer_id ON payment_lines (transfer_id);
COMMENT ON TABLE payment_lines IS
    '支付明细: one attempt to pay a transfer; seen by whoever sees the batch'"""

_OF_BATCH = "EXISTS (SELECT FROM payment_batches b WHERE b.id = batch_id)"

_PLAN = "昆明市脱贫人口持续增收三年行动方案（2022—2024年）§24"
_USUAL = "未核实：国家监测系统转移性收入细项的通行名称"
_PURPOSES = (
    ("farmland", "耕地地力保护补贴", True, _PLAN, "official"),
    ("machinery", "农机购置补贴", True, _PLAN, "official"),
    ("forest", "森林生态效益补偿", True, _PLAN, "official"),
    ("living_allowance", "低保金", True, _PLAN, "official"),
    ("destitute_support", "特困供养金", True, _USUAL, "unverified"),
    ("disability", "残疾人补贴", True, _USUAL, "unverified"),
    ("old_age", "高龄津贴", True, _USUAL, "unverified"),
    ("traffic", "跨省务工一次性交通补助", True, "云人社通〔2021〕49号、云人社发〔2023〕33号", "reported"),
    ("stability", "稳岗就业补贴", True, _PLAN.replace("24", "14"), "official"),
    ("aid", "社会帮扶救助", True, _PLAN.replace("24", "27"), "official"),
    ("interest_subsidy", "小额信贷贴息", False, "未核实：贴息冲抵利息，利息本身不计支出，故不计收入", "unverified"),
)


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for name in ("transfers", "payment_batches"):
        for statement in scope_policy_ddl(name, _SERVICE):
            op.execute(statement)
    op.execute("ALTER TABLE payment_lines ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payment_lines FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY app_scope ON payment_lines TO {_SERVICE}_app USING ({_OF_BATCH}) WITH CHECK ({_OF_BATCH})"
    )
    op.execute(f"CREATE POLICY worker_all ON payment_lines TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
    for name in ("transfer_purposes", "transfers", "payment_batches", "payment_lines"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {name} TO {_SERVICE}_app, {_SERVICE}_worker")
    purposes = table(
        "transfer_purposes",
        column("code", Text),
        column("version", Integer),
        column("name", Text),
        column("counts_as_income", Boolean),
        column("document", Text),
        column("confidence", Text),
        column("active", Boolean),
    )
    names = ("code", "name", "counts_as_income", "document", "confidence")
    op.bulk_insert(purposes, [dict(zip(names, row, strict=True), version=1, active=True) for row in _PURPOSES])
