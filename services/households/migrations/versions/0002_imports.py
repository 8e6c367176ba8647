"""Imports: jobs, their households, and what the newest export said."""

from alembic import op

revision = "0002"
down_revision = "0001"

_SERVICE = "households"

_TABLES = """
CREATE TABLE import_jobs (
    id UUID NOT NULL,
    scope TEXT[] NOT NULL,
    subject TEXT NOT NULL,
    department TEXT NOT NULL,
    state TEXT NOT NULL,
    exported_on DATE NOT NULL,
    title TEXT NOT NULL,
    headers TEXT[] NOT NULL,
    households INTEGER NOT NULL,
    members INTEGER NOT NULL,
    traceparent TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    heartbeat_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_import_jobs PRIMARY KEY (id)
);
CREATE INDEX ix_import_jobs_state ON import_jobs (state);
COMMENT ON TABLE import_jobs IS
    '导入任务; scope is the area of who uploaded, and only who answers for all of it sees the job';
CREATE TABLE import_households (
    job_id UUID NOT NULL,
    position INTEGER NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts SMALLINT NOT NULL,
    digest BYTEA NOT NULL,
    rows BYTEA,
    problems JSONB NOT NULL,
    household_id UUID,
    CONSTRAINT pk_import_households PRIMARY KEY (job_id, position),
    CONSTRAINT fk_import_households_job_id FOREIGN KEY(job_id) REFERENCES import_jobs (id)
);
CREATE INDEX ix_import_households_job_id_state_attempts_position
    ON import_households (job_id, state, attempts, position);
COMMENT ON TABLE import_households IS
    '导入的户: one per 户编号 of a file; problems name cells, never what stands in them';
CREATE TABLE import_contents (
    household_id UUID NOT NULL,
    number TEXT NOT NULL,
    digest BYTEA NOT NULL,
    exported_on DATE NOT NULL,
    helpers UUID[] NOT NULL,
    CONSTRAINT pk_import_contents PRIMARY KEY (household_id)
);
CREATE UNIQUE INDEX uq_import_contents_number ON import_contents (number);
COMMENT ON TABLE import_contents IS '最近一次导入的内容: digest and helpers of the newest export';
"""

# who sees a part of the uploader's area only would see households of the rest
_WHOLE_AREA = """(
    SELECT coalesce(bool_and(EXISTS (
        SELECT FROM unnest(array_remove(string_to_array(current_setting('app.scope', true), ','), '')) AS mine(path)
        WHERE part.path ^@ mine.path
    )), false)
    FROM unnest(scope) AS part(path)
)"""

_VISIBLE = {
    "import_jobs": _WHOLE_AREA,
    "import_households": "EXISTS (SELECT FROM import_jobs j WHERE j.id = job_id)",
    "import_contents": "EXISTS (SELECT FROM households h WHERE h.id = household_id)",
}


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table, visible in _VISIBLE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({visible}) WITH CHECK ({visible})")
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
