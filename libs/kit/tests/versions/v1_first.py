"""Tables of the kit and the notes of the test service."""

from alembic import op

from kit import ddl
from kit.scope import scope_policy_ddl

revision = "v1"
down_revision = None


def upgrade() -> None:
    for statement in (*ddl.create_v1("kittest"), *ddl.create_v2("kittest")):
        op.execute(statement)
    op.execute(
        "CREATE TABLE notes (id uuid CONSTRAINT pk_notes PRIMARY KEY, path text NOT NULL, title text NOT NULL,"
        " version integer NOT NULL, CONSTRAINT uq_notes_title UNIQUE (title) DEFERRABLE INITIALLY DEFERRED)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON notes TO kittest_app, kittest_worker")
    for statement in scope_policy_ddl("notes", "kittest"):
        op.execute(statement)
