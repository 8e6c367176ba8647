"""The first tables of procurement, their rights and their row security."""

from alembic import op

from directory.ddl import create_v1 as directory_tables
from directory.facts import FACT_COLUMNS_V1
from events.ddl import create_v1 as event_tables
from kit.ddl import create_v1 as kit_tables
from kit.scope import scope_policy_ddl

revision = "0001"
down_revision = None

_SERVICE = "procurement"

_TABLES = f"""
CREATE TABLE cancelled_shares ({FACT_COLUMNS_V1},
    order_id uuid NOT NULL,
    order_number text NOT NULL,
    cancelled_on date NOT NULL,
    amount numeric(14, 2) NOT NULL,
    cause text NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_cancelled_shares PRIMARY KEY (id)
);
CREATE INDEX ix_cancelled_shares_order_id ON cancelled_shares (order_id);
CREATE INDEX ix_cancelled_shares_household_id ON cancelled_shares (household_id);
CREATE INDEX ix_cancelled_shares_path_id ON cancelled_shares (path, id);
CREATE INDEX ix_cancelled_shares_awaited ON cancelled_shares (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE cancelled_shares IS '取消订单中各户的份额'"""


def upgrade() -> None:
    shared = (*event_tables(_SERVICE), *kit_tables(_SERVICE), *directory_tables(_SERVICE))
    for statement in (*shared, *_TABLES.strip().split(";\n")):
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON cancelled_shares TO {_SERVICE}_app, {_SERVICE}_worker")
    for statement in scope_policy_ddl("cancelled_shares", _SERVICE):
        op.execute(statement)
