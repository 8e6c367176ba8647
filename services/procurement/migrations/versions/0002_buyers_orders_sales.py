"""Buyers and their reserves, orders with deliveries and payments, what households were paid, the policy."""

from pathlib import Path

from alembic import op

import procurement
from directory.facts import FACT_COLUMNS_V1
from kit.policy import adding, read_seeds
from kit.scope import scope_policy_ddl

revision = "0002"
down_revision = "0001"

_SERVICE = "procurement"

_TABLES = f"""
CREATE TABLE buyers (
    id uuid NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    credit_code varchar(18) NOT NULL,
    region varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    canteen text NOT NULL,
    counts_for uuid,
    members integer,
    closed boolean NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_buyers PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_buyers_credit_code ON buyers (credit_code) WHERE NOT closed;
CREATE INDEX ix_buyers_path_id ON buyers (path, id);
CREATE INDEX ix_buyers_counts_for ON buyers (counts_for);
COMMENT ON TABLE buyers IS '采购单位';
CREATE TABLE reserves (
    id uuid NOT NULL,
    revision integer NOT NULL,
    buyer_id uuid NOT NULL,
    region varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    year smallint NOT NULL,
    food_budget numeric(14, 2) NOT NULL,
    reserve numeric(14, 2) NOT NULL,
    ratio numeric(7, 6) NOT NULL,
    policy_id uuid NOT NULL,
    state text NOT NULL,
    reason text,
    filed_on date NOT NULL,
    decided_on date,
    department text NOT NULL,
    CONSTRAINT pk_reserves PRIMARY KEY (id),
    CONSTRAINT ck_reserves_within_budget CHECK (reserve <= food_budget)
);
CREATE UNIQUE INDEX uq_reserves_buyer_id_year ON reserves (buyer_id, year);
CREATE INDEX ix_reserves_path_id ON reserves (path, id);
COMMENT ON TABLE reserves IS
    '预留份额填报: one row per unit and year, as it stands; what it was before stands in the event log';
CREATE TABLE orders (
    id uuid NOT NULL,
    version integer NOT NULL,
    number text NOT NULL,
    buyer_id uuid NOT NULL,
    region varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    supplier_name text,
    supplier_code varchar(18),
    placed_on date NOT NULL,
    due_on date,
    accepted_on date,
    closed_on date,
    cancelled_on date,
    households integer NOT NULL,
    amount numeric(14, 2) NOT NULL,
    accepted numeric(14, 2) NOT NULL,
    rejected numeric(14, 2) NOT NULL,
    cancelled numeric(14, 2) NOT NULL,
    paid numeric(14, 2) NOT NULL,
    refunded numeric(14, 2) NOT NULL,
    state text NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_orders PRIMARY KEY (id)
);
CREATE INDEX ix_orders_buyer_id ON orders (buyer_id);
CREATE INDEX ix_orders_path_id ON orders (path, id);
COMMENT ON TABLE orders IS
    '订单: the id follows from department and number; region and path are those of the buyer';
CREATE TABLE order_shares ({FACT_COLUMNS_V1},
    order_id uuid NOT NULL,
    order_number text NOT NULL,
    place smallint NOT NULL,
    percent numeric(7, 4),
    ordered numeric(14, 2) NOT NULL,
    accepted numeric(14, 2) NOT NULL,
    rejected numeric(14, 2) NOT NULL,
    cancelled numeric(14, 2) NOT NULL,
    paid numeric(14, 2) NOT NULL,
    refunded numeric(14, 2) NOT NULL,
    CONSTRAINT pk_order_shares PRIMARY KEY (id)
);
CREATE INDEX ix_order_shares_order_id ON order_shares (order_id);
CREATE INDEX ix_order_shares_household_id_order_number ON order_shares (household_id, order_number);
CREATE INDEX ix_order_shares_awaited ON order_shares (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE order_shares IS '订单份额: what each household delivers to an order';
CREATE TABLE deliveries (
    id uuid NOT NULL,
    version integer NOT NULL,
    void boolean NOT NULL,
    order_id uuid NOT NULL,
    reference text NOT NULL,
    region varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    delivered_on date NOT NULL,
    accepted numeric(14, 2) NOT NULL,
    rejected numeric(14, 2) NOT NULL,
    cause text,
    final boolean NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_deliveries PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_deliveries_order_id_reference ON deliveries (order_id, reference) WHERE NOT void;
COMMENT ON TABLE deliveries IS '交付: region and path are those of the buyer';
CREATE TABLE delivered_shares ({FACT_COLUMNS_V1},
    order_id uuid NOT NULL,
    share_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    delivered_on date NOT NULL,
    accepted numeric(14, 2) NOT NULL,
    rejected numeric(14, 2) NOT NULL,
    cause text,
    department text NOT NULL,
    CONSTRAINT pk_delivered_shares PRIMARY KEY (id)
);
CREATE INDEX ix_delivered_shares_delivery_id ON delivered_shares (delivery_id);
CREATE INDEX ix_delivered_shares_household_id ON delivered_shares (household_id);
CREATE INDEX ix_delivered_shares_awaited ON delivered_shares (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE delivered_shares IS
    '交付份额: each household''s part of a delivery; what was rejected is published';
CREATE TABLE settlements (
    id uuid NOT NULL,
    version integer NOT NULL,
    void boolean NOT NULL,
    order_id uuid NOT NULL,
    buyer_id uuid NOT NULL,
    region varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    purpose text NOT NULL,
    reference text NOT NULL,
    paid_on date NOT NULL,
    amount numeric(14, 2) NOT NULL,
    refunded numeric(14, 2) NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_settlements PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_settlements_order_id_reference ON settlements (order_id, reference) WHERE NOT void;
CREATE INDEX ix_settlements_buyer_id_paid_on ON settlements (buyer_id, paid_on);
COMMENT ON TABLE settlements IS '结算: region and path are those of the buyer';
CREATE TABLE sales ({FACT_COLUMNS_V1},
    order_id uuid NOT NULL,
    share_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    place smallint NOT NULL,
    buyer_id uuid NOT NULL,
    purpose text NOT NULL,
    paid_on date NOT NULL,
    paid numeric(14, 2) NOT NULL,
    refunded numeric(14, 2) NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_sales PRIMARY KEY (id)
);
CREATE INDEX ix_sales_settlement_id ON sales (settlement_id);
CREATE INDEX ix_sales_household_id_paid_on ON sales (household_id, paid_on);
CREATE INDEX ix_sales_path_id ON sales (path, id);
CREATE INDEX ix_sales_awaited ON sales (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE sales IS '农户销售: what a settlement paid to one household';
ALTER TABLE cancelled_shares ADD COLUMN share_id uuid"""

_SCOPED = (
    "buyers", "reserves", "orders", "order_shares", "deliveries", "delivered_shares", "settlements", "sales",
)  # fmt: skip


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in _SCOPED:
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
        for statement in scope_policy_ddl(table, _SERVICE):
            op.execute(statement)
    op.execute(adding(read_seeds(Path(procurement.__file__).with_name("policy.toml"))))
