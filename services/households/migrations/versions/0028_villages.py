"""Villages as the national sheet states them."""

from alembic import op

revision = "0028"
down_revision: str | None = "0027"

_SERVICE = "households"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE village_facts (
            code VARCHAR(12) NOT NULL,
            revision INTEGER NOT NULL,
            stated_on DATE NOT NULL,
            lifted BOOLEAN,
            households INTEGER,
            persons INTEGER,
            hamlets INTEGER,
            groups INTEGER,
            CONSTRAINT pk_village_facts PRIMARY KEY (code)
        )
    """)
    op.execute(
        "COMMENT ON TABLE village_facts IS '村情: as the newest export of 行政村信息 states it; null is not filled;"
        " nothing of persons'"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON village_facts TO {_SERVICE}_app, {_SERVICE}_worker")
