"""Teams, visits and their attachments."""

from alembic import op

from kit.scope import scope_policy_ddl

revision = "0006"
down_revision = "0005"

_SERVICE = "households"

_TABLES = """
CREATE TABLE team_members (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    role TEXT NOT NULL,
    household_id UUID,
    name BYTEA,
    masked_name TEXT NOT NULL,
    phone BYTEA,
    masked_phone TEXT,
    organisation TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    CONSTRAINT pk_team_members PRIMARY KEY (id)
);
CREATE INDEX ix_team_members_path ON team_members (path);
COMMENT ON TABLE team_members IS
    '六位一体成员: one row per place that somebody takes in a village''s team';
CREATE TABLE visits (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    household_id UUID NOT NULL,
    assignment_id UUID,
    visited_on DATE NOT NULL,
    met BOOLEAN NOT NULL,
    needs TEXT[] NOT NULL,
    note BYTEA,
    content BYTEA NOT NULL,
    visitor TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_visits PRIMARY KEY (id)
);
CREATE INDEX ix_visits_household_id_visited_on ON visits (household_id, visited_on);
COMMENT ON TABLE visits IS
    '走访; the id follows from the client''s, content is a keyed digest of what was uploaded';
CREATE TABLE attachments (
    id UUID NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    content BYTEA NOT NULL,
    uploader TEXT NOT NULL,
    uploaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_attachments PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_attachments_sha256_uploader ON attachments (sha256, uploader);
COMMENT ON TABLE attachments IS
    '附件: content-addressed; seen by who uploaded it and by who sees a visit it belongs to';
CREATE TABLE visit_attachments (
    visit_id UUID NOT NULL,
    attachment_id UUID NOT NULL,
    CONSTRAINT pk_visit_attachments PRIMARY KEY (visit_id, attachment_id),
    CONSTRAINT fk_visit_attachments_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id),
    CONSTRAINT fk_visit_attachments_attachment_id FOREIGN KEY(attachment_id) REFERENCES attachments (id)
);
CREATE INDEX ix_visit_attachments_attachment_id ON visit_attachments (attachment_id);
COMMENT ON TABLE visit_attachments IS '走访附件'
"""

_VISIBLE = {
    "visits": "EXISTS (SELECT FROM households h WHERE h.id = household_id)",
    "visit_attachments": "EXISTS (SELECT FROM visits v WHERE v.id = visit_id)",
    "attachments": "uploader = current_setting('app.subject', true)"
    " OR EXISTS (SELECT FROM visit_attachments a WHERE a.attachment_id = attachments.id)",
}


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for statement in scope_policy_ddl("team_members", _SERVICE):
        op.execute(statement)
    for table, visible in _VISIBLE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({visible}) WITH CHECK ({visible})")
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
    for table in ("team_members", "visits"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
    for table in ("attachments", "visit_attachments"):
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
