"""Market entities, interest links, benefits; payments that are for several months."""

from alembic import op
from sqlalchemy import Boolean, Integer, Text, column, table

revision = "0009"
down_revision: str | None = "0008"

_SERVICE = "households"

_TABLES = """
ALTER TABLE department_facts ADD COLUMN last_month VARCHAR(7);
COMMENT ON TABLE department_facts IS
    '部门发放台账: what was paid, by months and kind; the highest revision of each fact';
CREATE TABLE market_entities (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    credit_code VARCHAR(18) NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    closed BOOLEAN NOT NULL,
    CONSTRAINT pk_market_entities PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_market_entities_credit_code ON market_entities (credit_code) WHERE NOT closed;
CREATE INDEX ix_market_entities_region_code ON market_entities (region_code);
COMMENT ON TABLE market_entities IS
    '市场主体: read by everybody, as a public register is; written within the area of its region';
CREATE TABLE interest_modes (
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    confidence TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    CONSTRAINT pk_interest_modes PRIMARY KEY (code)
);
COMMENT ON TABLE interest_modes IS
    '利益联结模式: an editable list; the plan speaks of ten modes and names none';
CREATE TABLE interest_links (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    entity_id UUID NOT NULL,
    household_id UUID NOT NULL,
    mode TEXT NOT NULL,
    contract TEXT NOT NULL,
    signed_on DATE NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    ended_on DATE,
    reason TEXT,
    CONSTRAINT pk_interest_links PRIMARY KEY (id)
);
CREATE INDEX ix_interest_links_household_id ON interest_links (household_id);
CREATE INDEX ix_interest_links_entity_id_id ON interest_links (entity_id, id);
COMMENT ON TABLE interest_links IS
    '利益联结: ends_on is the last day agreed, ended_on the first day without the link';
CREATE TABLE benefits (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    link_id UUID NOT NULL,
    entity_id UUID NOT NULL,
    household_id UUID NOT NULL,
    benefit TEXT NOT NULL,
    reference TEXT NOT NULL,
    paid_on DATE NOT NULL,
    first_month VARCHAR(7) NOT NULL,
    last_month VARCHAR(7) NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_benefits PRIMARY KEY (id)
);
CREATE INDEX ix_benefits_household_id_paid_on ON benefits (household_id, paid_on);
CREATE INDEX ix_benefits_link_id ON benefits (link_id);
COMMENT ON TABLE benefits IS
    '收益发放: rent and dividends paid under a link, for the months they name; the highest revision of each'
"""

_OF_HOUSEHOLD = "EXISTS (SELECT FROM households h WHERE h.id = household_id)"
_IN_AREA = """EXISTS (
    SELECT FROM regions r
    WHERE r.code = region_code AND r.valid_to IS NULL
      AND r.path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))
)"""
"""Asked of the region itself, so nothing has to follow when a region changes its path."""

_NOT_NAMED = "未核实：方案提出“利益联结机制助农增收10种模式”，未列出名称"
_MODES = {
    "land_transfer": "土地流转",
    "share_dividend": "入股分红",
    "asset_lease": "资产租赁",
    "employment": "务工就业",
    "order_purchase": "订单收购",
    "agency_sale": "代购代销",
    "entrusted_raising": "托养托管",
    "production_service": "生产托管服务",
    "technical_guidance": "技术指导",
    "lease_back": "反租倒包",
}


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for name in ("interest_links", "benefits"):
        _secure(name, f"USING ({_OF_HOUSEHOLD}) WITH CHECK ({_OF_HOUSEHOLD})")
    _secure("market_entities", f"USING ({_IN_AREA}) WITH CHECK ({_IN_AREA})")
    op.execute(f"CREATE POLICY app_public ON market_entities FOR SELECT TO {_SERVICE}_app USING (true)")
    for name in ("market_entities", "interest_modes", "interest_links", "benefits"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {name} TO {_SERVICE}_app, {_SERVICE}_worker")
    modes = table(
        "interest_modes",
        column("code", Text),
        column("version", Integer),
        column("name", Text),
        column("document", Text),
        column("confidence", Text),
        column("active", Boolean),
    )
    seeds = [
        {"code": code, "version": 1, "name": name, "document": _NOT_NAMED, "confidence": "unverified", "active": True}
        for code, name in _MODES.items()
    ]
    op.bulk_insert(modes, seeds)


def _secure(name: str, visible: str) -> None:
    op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY app_scope ON {name} TO {_SERVICE}_app {visible}")
    op.execute(f"CREATE POLICY worker_all ON {name} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
