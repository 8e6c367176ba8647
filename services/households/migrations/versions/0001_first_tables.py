"""The first tables of households, their rights and their row security."""

from alembic import op

from events.ddl import create_v1 as event_tables
from kit.ddl import create_v1 as kit_tables
from kit.scope import scope_policy_ddl

revision = "0001"
down_revision = None

_SERVICE = "households"

_TABLES = """
CREATE TABLE business_days (
    business_date DATE NOT NULL,
    advanced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_business_days PRIMARY KEY (business_date)
);
COMMENT ON TABLE business_days IS
    '业务日期: every day the platform has been through; the last one is now';
CREATE TABLE regions (
    code VARCHAR(12) NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    parent_code VARCHAR(12),
    path TEXT COLLATE "C" NOT NULL,
    key_county BOOLEAN NOT NULL,
    revision INTEGER NOT NULL,
    CONSTRAINT pk_regions PRIMARY KEY (code, valid_from)
);
CREATE UNIQUE INDEX uq_regions_current ON regions (code) WHERE valid_to IS NULL;
COMMENT ON TABLE regions IS
    '区划, effective-dated; valid_to is the first day on which the row no longer stands';
CREATE TABLE staff_assignments (
    id UUID NOT NULL,
    officer TEXT NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    since DATE NOT NULL,
    until DATE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_staff_assignments PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_staff_assignments_open ON staff_assignments (officer, path) WHERE until IS NULL;
COMMENT ON TABLE staff_assignments IS
    '责任人: who answers for a region';
CREATE TABLE households (
    id UUID NOT NULL,
    number TEXT NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    household_type TEXT NOT NULL,
    category TEXT,
    identified_on DATE,
    risk_eliminated BOOLEAN,
    causes TEXT[] NOT NULL,
    no_labour BOOLEAN NOT NULL,
    size INTEGER NOT NULL,
    stated_on DATE NOT NULL,
    decided_on DATE NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_households PRIMARY KEY (id)
);
CREATE INDEX ix_households_path_id ON households (path, id);
CREATE INDEX ix_households_region_code ON households (region_code);
CREATE UNIQUE INDEX uq_households_number ON households (number);
COMMENT ON TABLE households IS
    '户; stated_on and decided_on are the dates of the newest statement on it and on its category';
CREATE TABLE identities (
    blind_index TEXT NOT NULL,
    person_id UUID NOT NULL,
    CONSTRAINT pk_identities PRIMARY KEY (blind_index)
);
COMMENT ON TABLE identities IS
    'Certificate (blind index) to person across all scopes; without row security, without anything else';
CREATE TABLE persons (
    id UUID NOT NULL,
    household_id UUID NOT NULL,
    number TEXT,
    blind_index TEXT NOT NULL,
    certificate BYTEA NOT NULL,
    name BYTEA NOT NULL,
    masked_name TEXT NOT NULL,
    phone BYTEA,
    masked_phone TEXT,
    birth_date DATE NOT NULL,
    sex TEXT NOT NULL,
    disability TEXT,
    relation TEXT NOT NULL,
    labour_skill TEXT,
    education TEXT,
    school_stage TEXT,
    health TEXT[] NOT NULL,
    active BOOLEAN NOT NULL,
    since DATE NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_persons PRIMARY KEY (id),
    CONSTRAINT fk_persons_household_id FOREIGN KEY(household_id) REFERENCES households (id)
);
CREATE INDEX ix_persons_household_id ON persons (household_id);
CREATE UNIQUE INDEX uq_persons_blind_index ON persons (blind_index);
COMMENT ON TABLE persons IS
    '人: household_id is the household the person belongs to, or belonged to last where not active';
CREATE TABLE memberships (
    person_id UUID NOT NULL,
    household_id UUID NOT NULL,
    since DATE NOT NULL,
    until DATE,
    reason TEXT,
    CONSTRAINT pk_memberships PRIMARY KEY (person_id, household_id, since),
    CONSTRAINT fk_memberships_person_id FOREIGN KEY(person_id) REFERENCES persons (id),
    CONSTRAINT fk_memberships_household_id FOREIGN KEY(household_id) REFERENCES households (id)
);
CREATE INDEX ix_memberships_household_id ON memberships (household_id);
CREATE UNIQUE INDEX uq_memberships_open ON memberships (person_id) WHERE until IS NULL;
COMMENT ON TABLE memberships IS
    '成员史: until is the first day on which the person no longer belongs to the household';
CREATE TABLE department_facts (
    source TEXT NOT NULL,
    fact_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    type TEXT NOT NULL,
    household_id UUID,
    person_id UUID,
    job_id UUID,
    month VARCHAR(7) NOT NULL,
    kind TEXT NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_department_facts PRIMARY KEY (source, fact_id)
);
CREATE INDEX ix_department_facts_household_id_month ON department_facts (household_id, month);
CREATE INDEX ix_department_facts_person_id_month ON department_facts (person_id, month);
COMMENT ON TABLE department_facts IS
    '部门发放台账: what departments paid, by month and kind; the highest revision of each fact';
CREATE TABLE income_figures (
    fact_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    household_id UUID NOT NULL,
    window_from DATE NOT NULL,
    window_to DATE NOT NULL,
    purpose TEXT NOT NULL,
    source TEXT NOT NULL,
    wage NUMERIC(14, 2) NOT NULL,
    business NUMERIC(14, 2) NOT NULL,
    property NUMERIC(14, 2) NOT NULL,
    transfer NUMERIC(14, 2) NOT NULL,
    business_cost NUMERIC(14, 2) NOT NULL,
    claims NUMERIC(14, 2) NOT NULL,
    self_paid NUMERIC(14, 2) NOT NULL,
    parts JSONB NOT NULL,
    persons INTEGER NOT NULL,
    verified BOOLEAN NOT NULL,
    evidence TEXT,
    collector TEXT,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_income_figures PRIMARY KEY (fact_id, revision)
);
CREATE INDEX ix_income_figures_household_id_window_to ON income_figures (household_id, window_to);
COMMENT ON TABLE income_figures IS
    '收入登记: survey and official figures; a correction is the next revision, nothing is overwritten';
CREATE TABLE conditions (
    fact_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    household_id UUID NOT NULL,
    guarantee TEXT NOT NULL,
    person_id UUID,
    since DATE NOT NULL,
    resolved_on DATE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_conditions PRIMARY KEY (fact_id)
);
CREATE INDEX ix_conditions_household_id ON conditions (household_id);
COMMENT ON TABLE conditions IS
    '保障问题: a guarantee that is not solved, or was solved on a day';
CREATE TABLE expenses (
    fact_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    household_id UUID NOT NULL,
    kind TEXT NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    window_from DATE NOT NULL,
    window_to DATE NOT NULL,
    source TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_expenses PRIMARY KEY (fact_id)
);
CREATE INDEX ix_expenses_household_id ON expenses (household_id);
COMMENT ON TABLE expenses IS
    '刚性支出: self-paid expenses of a household in a window';
CREATE TABLE helper_assignments (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    household_id UUID NOT NULL,
    name BYTEA NOT NULL,
    masked_name TEXT NOT NULL,
    phone BYTEA,
    masked_phone TEXT,
    organisation TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    CONSTRAINT pk_helper_assignments PRIMARY KEY (id)
);
CREATE INDEX ix_helper_assignments_household_id ON helper_assignments (household_id);
COMMENT ON TABLE helper_assignments IS
    '帮扶责任人: one row per helper and household; until is the first day without the help';
"""

_OF_HOUSEHOLD = "EXISTS (SELECT FROM households h WHERE h.id = household_id)"
"""Row security of households decides for all that belongs to one: inside the policy it applies as everywhere."""

_VISIBLE = {
    "persons": _OF_HOUSEHOLD,
    "memberships": _OF_HOUSEHOLD,
    "income_figures": _OF_HOUSEHOLD,
    "department_facts": f"{_OF_HOUSEHOLD} OR EXISTS (SELECT FROM persons p WHERE p.id = person_id)",
    "conditions": _OF_HOUSEHOLD,
    "expenses": _OF_HOUSEHOLD,
    "helper_assignments": _OF_HOUSEHOLD,
}

_SCOPED_BY_PATH = ("households", "staff_assignments")
_OPEN = ("regions", "business_days", "identities")


def upgrade() -> None:
    for statement in (*event_tables(_SERVICE), *kit_tables(_SERVICE), *_TABLES.strip().split(";\n")):
        op.execute(statement)
    for table in _SCOPED_BY_PATH:
        for statement in scope_policy_ddl(table, _SERVICE):
            op.execute(statement)
    for table, visible in _VISIBLE.items():
        for statement in _child_policy(table, visible):
            op.execute(statement)
    for table in (*_SCOPED_BY_PATH, *_VISIBLE, *_OPEN):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
    op.execute(f"GRANT DELETE ON identities, regions TO {_SERVICE}_app, {_SERVICE}_worker")


def _child_policy(table: str, visible: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({visible}) WITH CHECK ({visible})",
        f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)",
    ]
