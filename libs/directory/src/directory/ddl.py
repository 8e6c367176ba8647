"""The SQL that makes the directory's tables; versions are frozen, a change is a new function."""

from kit.scope import scope_policy_ddl

_TABLES = """
CREATE TABLE directory_households (
    id uuid CONSTRAINT pk_directory_households PRIMARY KEY,
    revision integer NOT NULL,
    number text NOT NULL,
    region_code varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    household_type text NOT NULL,
    category text,
    risk_eliminated boolean,
    causes text[] NOT NULL,
    no_labour boolean NOT NULL,
    size integer NOT NULL
);
COMMENT ON TABLE directory_households IS '户; row security by path';
CREATE INDEX ix_directory_households_number ON directory_households (number);
CREATE TABLE directory_persons (
    id uuid CONSTRAINT pk_directory_persons PRIMARY KEY,
    revision integer NOT NULL,
    blind_index text NOT NULL,
    masked_name text NOT NULL,
    birth_date date NOT NULL,
    sex text NOT NULL,
    labour_skill text,
    in_school boolean NOT NULL,
    head boolean NOT NULL,
    household_id uuid,
    path text COLLATE "C"
);
COMMENT ON TABLE directory_persons IS
    '人; household_id and path follow from memberships, departures and households, in whatever order they came';
CREATE INDEX ix_directory_persons_household_id ON directory_persons (household_id);
CREATE TABLE directory_memberships (
    person_id uuid NOT NULL,
    household_id uuid NOT NULL,
    since date NOT NULL,
    revision integer NOT NULL,
    CONSTRAINT pk_directory_memberships PRIMARY KEY (person_id, household_id, since)
);
COMMENT ON TABLE directory_memberships IS
    '成员加入: revision is the person''s newest under which this beginning was told';
CREATE INDEX ix_directory_memberships_household_id ON directory_memberships (household_id);
CREATE TABLE directory_departures (
    person_id uuid NOT NULL,
    household_id uuid NOT NULL,
    revision integer NOT NULL,
    until date NOT NULL,
    CONSTRAINT pk_directory_departures PRIMARY KEY (person_id, household_id, revision)
);
COMMENT ON TABLE directory_departures IS
    '成员离开: ends what was told of the same household under a lower revision; until is the first day outside';
CREATE TABLE directory_identities (
    blind_index text CONSTRAINT pk_directory_identities PRIMARY KEY,
    person_id uuid
);
COMMENT ON TABLE directory_identities IS
    '证件盲索引 to person across all scopes, without row security; null while the certificate is only awaited';
CREATE INDEX ix_directory_identities_person_id ON directory_identities (person_id);
CREATE TABLE directory_regions (
    code varchar(12) CONSTRAINT pk_directory_regions PRIMARY KEY,
    revision integer NOT NULL,
    name text NOT NULL,
    level text NOT NULL,
    parent_code varchar(12),
    path text COLLATE "C" NOT NULL,
    key_county boolean NOT NULL,
    valid_from date NOT NULL,
    valid_to date
);
COMMENT ON TABLE directory_regions IS '区划';
CREATE INDEX ix_directory_regions_path ON directory_regions (path);
CREATE TABLE directory_staff (
    assignment_id uuid CONSTRAINT pk_directory_staff PRIMARY KEY,
    revision integer NOT NULL,
    officer text NOT NULL,
    path text COLLATE "C" NOT NULL,
    since date,
    until date
);
COMMENT ON TABLE directory_staff IS '责任人';
CREATE INDEX ix_directory_staff_duty ON directory_staff (path) WHERE until IS NULL;
CREATE TABLE directory_business_days (
    business_date date CONSTRAINT pk_directory_business_days PRIMARY KEY
);
COMMENT ON TABLE directory_business_days IS
    '业务日期: every day the platform has been through; the last one is now'"""

_KEPT_BY_EVENTS = ("households", "persons", "memberships", "departures", "regions", "staff", "business_days")


def create_v1(service: str) -> list[str]:
    """The statements of the first migration: tables, rights, row security on what names a family.

    The API reads only; in `directory_identities` it may note that a certificate is awaited.
    """
    statements = _TABLES.strip().split(";\n")
    for table in _KEPT_BY_EVENTS:
        statements += [
            f"GRANT SELECT ON directory_{table} TO {service}_app",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON directory_{table} TO {service}_worker",
        ]
    statements.append(f"GRANT SELECT, INSERT, UPDATE ON directory_identities TO {service}_app, {service}_worker")
    statements += scope_policy_ddl("directory_households", service)
    statements += scope_policy_ddl("directory_persons", service)
    return statements


_SECOND = """
ALTER TABLE directory_households ADD COLUMN grid text COLLATE "C";
ALTER TABLE directory_staff ADD COLUMN role text;
CREATE TABLE directory_leaves (
    leave_id uuid CONSTRAINT pk_directory_leaves PRIMARY KEY,
    revision integer NOT NULL,
    officer text NOT NULL,
    since date NOT NULL,
    until date NOT NULL
);
COMMENT ON TABLE directory_leaves IS '请假: until is the first day back';
CREATE INDEX ix_directory_leaves_officer ON directory_leaves (officer);
CREATE TABLE directory_aliases (
    household_id uuid CONSTRAINT pk_directory_aliases PRIMARY KEY,
    revision integer NOT NULL,
    into_id uuid
);
COMMENT ON TABLE directory_aliases IS '并户: household_id stands for into_id; null once the merge was undone';
CREATE INDEX ix_directory_aliases_into_id ON directory_aliases (into_id)"""


def create_v2(service: str) -> list[str]:
    """The statements of a later migration: merged households, grids, deputies and leave."""
    statements = _SECOND.strip().split(";\n")
    for table in ("leaves", "aliases"):
        statements += [
            f"GRANT SELECT ON directory_{table} TO {service}_app",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON directory_{table} TO {service}_worker",
        ]
    return statements
