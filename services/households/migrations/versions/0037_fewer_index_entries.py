"""Two indexes less for each person: a stay is looked up by its household, and who has no phone is not found by it."""

from alembic import op

revision = "0037"
down_revision: str | None = "0036"


def upgrade() -> None:
    op.execute("ALTER TABLE membership_versions DROP CONSTRAINT pk_membership_versions")
    op.execute(
        "ALTER TABLE membership_versions ADD CONSTRAINT pk_membership_versions"
        " PRIMARY KEY (household_id, person_id, since, version)"
    )
    op.execute("DROP INDEX ix_membership_versions_household_id")
    op.execute("DROP INDEX ix_persons_phone_index")
    op.execute("CREATE INDEX ix_persons_phone_index ON persons (phone_index) WHERE phone_index IS NOT NULL")
