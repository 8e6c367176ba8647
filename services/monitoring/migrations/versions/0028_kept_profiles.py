"""Profiles kept from the last fold, for policy changes and what-ifs; whoever is behind is found by an index."""

from alembic import op

revision = "0028"
down_revision: str | None = "0027"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE kept_profiles (
            household_id uuid CONSTRAINT pk_kept_profiles PRIMARY KEY,
            received bigint NOT NULL,
            first_on date NOT NULL,
            until_on date NOT NULL,
            form text NOT NULL,
            profile text NOT NULL
        )""")
    # The sweep asks who is behind with every chunk.
    op.execute("CREATE INDEX ix_profiles_gate_household_id ON profiles (gate, household_id)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON kept_profiles TO monitoring_worker")
