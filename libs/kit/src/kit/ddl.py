"""The SQL that makes the kit's tables; versions are frozen, a change is a new function."""

from .scope import scope_policy_ddl

_TABLES = """
CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit_log PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    subject text NOT NULL DEFAULT current_setting('app.subject'),
    department text NOT NULL DEFAULT current_setting('app.department'),
    action text NOT NULL,
    entity text,
    entity_id text,
    trace_id text,
    detail jsonb NOT NULL
);
CREATE INDEX ix_audit_log_entity_entity_id ON audit_log (entity, entity_id);
CREATE INDEX ix_audit_log_subject_at ON audit_log (subject, at);
CREATE TABLE idempotency_keys (
    id uuid CONSTRAINT pk_idempotency_keys PRIMARY KEY,
    request bytea NOT NULL,
    status smallint,
    headers jsonb,
    body bytea,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);
CREATE TABLE policy_values (
    id uuid CONSTRAINT pk_policy_values PRIMARY KEY,
    name text NOT NULL,
    path text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    value numeric(18, 6) NOT NULL,
    document text NOT NULL,
    clause text NOT NULL,
    confidence text NOT NULL CONSTRAINT ck_policy_values_confidence
        CHECK (confidence IN ('official', 'reported', 'unverified', 'demo')),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT ck_policy_values_valid_period CHECK (valid_to >= valid_from)
);
CREATE INDEX ix_policy_values_name_valid_from ON policy_values (name, valid_from)"""


def create_v1(service: str) -> list[str]:
    """The statements of the first migration; the audit log can be added to and read, never changed."""
    roles = f"{service}_app, {service}_worker"
    return [
        *_TABLES.strip().split(";\n"),
        f"GRANT SELECT, INSERT ON audit_log TO {roles}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO {roles}",
        f"GRANT SELECT, INSERT, UPDATE ON policy_values TO {roles}",
    ]


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


def create_v2(service: str) -> list[str]:
    """Drafts of policy values, which their own area sees; from here on a recorded value can only be added to."""
    return [
        *_DRAFTS.strip().split(";\n"),
        f"GRANT SELECT, INSERT, UPDATE ON policy_drafts TO {service}_app, {service}_worker",
        *scope_policy_ddl("policy_drafts", service),
        keep_values(service),
    ]


def keep_values(service: str) -> str:
    """The statement that takes the right to change a recorded policy value."""
    return f"REVOKE UPDATE ON policy_values FROM {service}_app, {service}_worker"
