"""A load writes less: first versions are kept when there is a second, and indexes go that others can stand in for."""

from alembic import op

from events.ddl import drop_index_of_chains

revision = "0038"
down_revision: str | None = "0037"

_COMMENTS = {
    "households": "户; stated_on and decided_on are the dates of the newest statement on it and on its category;"
    " merged_into: an alias of that household; case_id and case_version: the step of a case that decided;"
    " ended_on: its registration was taken back; recorded_on: business date of the first version, null where"
    " household_versions has it",
    "persons": "人: household_id is the household the person belongs to, or belonged to last where not active;"
    " recorded_on: business date of the first version, null where person_versions has it",
    "household_versions": "户历史: every version from the day there is a second, with the business date on which it"
    " was recorded; never changed",
    "person_versions": "人历史: every version of a person in each household from the day there is a second, masked;"
    " nothing sealed is kept twice",
    "membership_versions": "成员史的历史: each beginning and end as recorded, under the version the person then had;"
    " the beginning of a first version with person_versions",
}


def upgrade() -> None:
    op.execute(drop_index_of_chains())
    for table, comment in _COMMENTS.items():
        op.execute(f"COMMENT ON TABLE {table} IS '{comment}'")
    # What is there has its first versions already.
    op.execute("ALTER TABLE households ADD COLUMN recorded_on DATE")
    op.execute("ALTER TABLE persons ADD COLUMN recorded_on DATE")
    # Who belongs to a household is looked up first, then what was said or recorded of each.
    op.execute("DROP INDEX ix_import_members_household_id")
    op.execute("DROP INDEX ix_person_versions_household_id")
    op.execute("ALTER TABLE memberships DROP CONSTRAINT pk_memberships")
    op.execute("ALTER TABLE memberships ADD CONSTRAINT pk_memberships PRIMARY KEY (household_id, person_id, since)")
    op.execute("DROP INDEX ix_memberships_household_id")
    op.execute("CREATE INDEX ix_memberships_ended ON memberships (person_id) WHERE until IS NOT NULL")
