"""Who holds a place in which village's team, for its assessment."""

from alembic import op

from kit.scope import scope_policy_ddl

revision = "0020"
down_revision: str | None = "0019"

# What was told before this table was there stands in the received log.
_TABLE = """
CREATE TABLE team_places (
    member_id uuid CONSTRAINT pk_team_places PRIMARY KEY,
    revision integer NOT NULL,
    path text NOT NULL,
    role text NOT NULL,
    since date,
    until date
);
CREATE INDEX ix_team_places_path ON team_places (path);
GRANT SELECT ON team_places TO monitoring_app;
GRANT SELECT, INSERT, UPDATE ON team_places TO monitoring_worker;
INSERT INTO team_places (member_id, revision, path, role, since, until)
    SELECT CAST(data ->> 'member_id' AS uuid), max(revision), max(data ->> 'path'), max(data ->> 'role'),
           max(CAST(data ->> 'since' AS date)), (array_agg(CAST(data ->> 'until' AS date) ORDER BY revision DESC))[1]
    FROM received_log WHERE type LIKE 'cn.kunming.zengshou.households.TeamMember%' GROUP BY 1"""


def upgrade() -> None:
    for statement in (*_TABLE.strip().split(";\n"), *scope_policy_ddl("team_places", "monitoring")):
        op.execute(statement)
