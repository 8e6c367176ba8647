"""Persons and memberships are written behind the rows they name, in one transaction: no foreign key finds anything.

Each key cost an import a look and a lock for every person, as much as the row itself. That a certificate is one
person's is said by `identities`; nobody looked for it in the second index.
"""

from alembic import op

revision = "0033"
down_revision: str | None = "0032"

_KEYS = {"persons": ("household_id",), "memberships": ("person_id", "household_id")}


def upgrade() -> None:
    for table, columns in _KEYS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_{column}")
    op.execute("DROP INDEX uq_persons_blind_index")
