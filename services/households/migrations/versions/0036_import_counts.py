"""How many households of an import are in which state stands with the import while nothing works on it."""

from alembic import op

revision = "0036"
down_revision: str | None = "0035"


def upgrade() -> None:
    op.execute("ALTER TABLE import_jobs ADD COLUMN counts JSONB")
    op.execute("""
        UPDATE import_jobs AS j SET counts = found.counts
        FROM (SELECT job_id, jsonb_object_agg(state, many) AS counts
              FROM (SELECT job_id, state, count(*) AS many FROM import_households GROUP BY job_id, state) AS told
              GROUP BY job_id) AS found
        WHERE j.id = found.job_id AND j.state NOT IN ('applying', 'undoing')
    """)
    op.execute(
        "COMMENT ON TABLE import_jobs IS"
        " '导入任务; scope is the area of who uploaded, and only who answers for all of it sees the job;"
        " counts are its households by state, null while they change'"
    )
