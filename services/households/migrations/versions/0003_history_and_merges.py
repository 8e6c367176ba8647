"""History of households, persons, memberships and helpers; merges; indexes to find by name and phone."""

from alembic import op

revision = "0003"
down_revision = "0002"

_SERVICE = "households"

_TABLES = """
ALTER TABLE households
    ADD COLUMN merged_into UUID,
    ADD COLUMN grid TEXT COLLATE "C";
CREATE INDEX ix_households_merged_into ON households (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX ix_households_grid ON households (grid) WHERE grid IS NOT NULL;
COMMENT ON TABLE households IS
    '户; stated_on and decided_on are the dates of the newest statement on it and on its category;'
    ' merged_into: an alias of that household';
ALTER TABLE persons
    ADD COLUMN name_index TEXT,
    ADD COLUMN phone_index TEXT;
CREATE INDEX ix_persons_name_index ON persons (name_index);
CREATE INDEX ix_persons_phone_index ON persons (phone_index);
CREATE TABLE household_versions (
    household_id UUID NOT NULL,
    version INTEGER NOT NULL,
    recorded_on DATE NOT NULL,
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
    merged_into UUID,
    grid TEXT COLLATE "C",
    CONSTRAINT pk_household_versions PRIMARY KEY (household_id, version)
);
COMMENT ON TABLE household_versions IS
    '户历史: every version, with the business date on which it was recorded; never changed';
CREATE TABLE person_versions (
    person_id UUID NOT NULL,
    version INTEGER NOT NULL,
    recorded_on DATE NOT NULL,
    household_id UUID NOT NULL,
    masked_name TEXT NOT NULL,
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
    number TEXT,
    CONSTRAINT pk_person_versions PRIMARY KEY (person_id, version)
);
CREATE INDEX ix_person_versions_household_id ON person_versions (household_id);
COMMENT ON TABLE person_versions IS
    '人历史: every version of a person in each household, masked; nothing sealed is kept twice';
CREATE TABLE membership_versions (
    person_id UUID NOT NULL,
    household_id UUID NOT NULL,
    since DATE NOT NULL,
    version INTEGER NOT NULL,
    until DATE,
    reason TEXT,
    recorded_on DATE NOT NULL,
    CONSTRAINT pk_membership_versions PRIMARY KEY (person_id, household_id, since, version)
);
CREATE INDEX ix_membership_versions_household_id ON membership_versions (household_id);
COMMENT ON TABLE membership_versions IS
    '成员史的历史: each beginning and end as recorded, under the version the person then had';
CREATE TABLE household_merges (
    id UUID NOT NULL,
    household_id UUID NOT NULL,
    into_id UUID NOT NULL,
    merged_on DATE NOT NULL,
    recorded_on DATE NOT NULL,
    ended_on DATE,
    places JSONB NOT NULL,
    CONSTRAINT pk_household_merges PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_household_merges_open ON household_merges (household_id) WHERE ended_on IS NULL;
COMMENT ON TABLE household_merges IS
    '并户: places are the members with relation and beginning as they were, so that it can be undone';
CREATE TABLE helper_versions (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    household_id UUID NOT NULL,
    masked_name TEXT NOT NULL,
    masked_phone TEXT,
    organisation TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    recorded_on DATE NOT NULL,
    CONSTRAINT pk_helper_versions PRIMARY KEY (id, revision)
);
CREATE INDEX ix_helper_versions_household_id ON helper_versions (household_id);
COMMENT ON TABLE helper_versions IS
    '帮扶责任人历史: every revision of an assignment, masked, with the business date of its recording';
ALTER TABLE income_figures ADD COLUMN recorded_on DATE
"""

# What stands when history begins is its first version, recorded on the business date of that moment.
_BEGINNINGS = """
UPDATE income_figures SET recorded_on = (recorded_at AT TIME ZONE 'Asia/Shanghai')::date;
INSERT INTO household_versions SELECT id, version, today, number, region_code, path, household_type, category,
    identified_on, risk_eliminated, causes, no_labour, size, stated_on, decided_on, NULL, NULL
    FROM households, LATERAL (SELECT coalesce(max(business_date), current_date) FROM business_days) AS d(today);
INSERT INTO person_versions SELECT id, version, today, household_id, masked_name, masked_phone, birth_date, sex,
    disability, relation, labour_skill, education, school_stage, health, active, since, number
    FROM persons, LATERAL (SELECT coalesce(max(business_date), current_date) FROM business_days) AS d(today);
INSERT INTO membership_versions SELECT m.person_id, m.household_id, m.since, p.version, m.until, m.reason, today
    FROM memberships m JOIN persons p ON p.id = m.person_id,
    LATERAL (SELECT coalesce(max(business_date), current_date) FROM business_days) AS d(today);
INSERT INTO helper_versions SELECT id, revision, household_id, masked_name, masked_phone, organisation, since, until,
    today FROM helper_assignments,
    LATERAL (SELECT coalesce(max(business_date), current_date) FROM business_days) AS d(today)
"""

_OF_HOUSEHOLD = "EXISTS (SELECT FROM households h WHERE h.id = household_id)"
_READ = ("households", "persons", "memberships", "helper_assignments", "income_figures")
_HISTORY = ("household_versions", "person_versions", "membership_versions", "helper_versions")


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    # the owner is bound by row security too, and sees nothing: it must step aside while history begins
    for table in _READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for statement in _BEGINNINGS.strip().split(";\n"):
        op.execute(statement)
    op.execute("ALTER TABLE income_figures ALTER COLUMN recorded_on SET NOT NULL")
    for table in _READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for table in (*_HISTORY, "household_merges"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({_OF_HOUSEHOLD}) WITH CHECK ({_OF_HOUSEHOLD})"
        )
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
    op.execute(f"GRANT UPDATE ON household_merges TO {_SERVICE}_app, {_SERVICE}_worker")
