"""The list of entities that are preferred because they pull households along."""

from alembic import op

revision = "0023"
down_revision: str | None = "0022"

_SERVICE = "households"

_TABLES = """
CREATE TABLE preference_listings (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    entity_id UUID NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    listed_on DATE NOT NULL,
    delisted_on DATE,
    reason TEXT,
    households INTEGER NOT NULL,
    paid NUMERIC(14, 2) NOT NULL,
    policy_ids UUID[] NOT NULL,
    CONSTRAINT pk_preference_listings PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_preference_listings_standing ON preference_listings (entity_id) WHERE delisted_on IS NULL;
CREATE INDEX ix_preference_listings_entity_id_listed_on ON preference_listings (entity_id, listed_on);
COMMENT ON TABLE preference_listings IS
    '倾斜支持名单: one row per stay, as it was when listed; delisted_on is the first day without it';
CREATE TABLE preference_reviews (
    reviewed_on DATE NOT NULL,
    CONSTRAINT pk_preference_reviews PRIMARY KEY (reviewed_on)
);
COMMENT ON TABLE preference_reviews IS '名单评定日: the business dates for which the list was made'
"""


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for name in ("preference_listings", "preference_reviews"):
        op.execute(f"GRANT SELECT ON {name} TO {_SERVICE}_app")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {name} TO {_SERVICE}_worker")
