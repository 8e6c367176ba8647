"""Talents and the list of their kinds."""

from alembic import op
from sqlalchemy import Boolean, Integer, Text, column, table

revision = "0022"
down_revision: str | None = "0021"

_SERVICE = "households"

_TABLES = """
CREATE TABLE talent_kinds (
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    confidence TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    CONSTRAINT pk_talent_kinds PRIMARY KEY (code)
);
COMMENT ON TABLE talent_kinds IS '人才类别: an editable list; what the plan names is in it';
CREATE TABLE talents (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    household_id UUID,
    person_id UUID,
    entity_id UUID,
    name BYTEA,
    masked_name TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    document TEXT NOT NULL,
    CONSTRAINT pk_talents PRIMARY KEY (id)
);
CREATE INDEX ix_talents_region_code ON talents (region_code);
CREATE INDEX ix_talents_person_id ON talents (person_id);
CREATE INDEX ix_talents_entity_id ON talents (entity_id);
COMMENT ON TABLE talents IS
    '实用型人才: a person of a household, or by name somebody of an entity; until is the first day without'
"""

_AREA = "path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))"
# Where somebody was registered, and where the person or the entity is now: whoever moves is met again there.
_VISIBLE = f"""
    EXISTS (SELECT FROM regions r WHERE r.code = region_code AND r.valid_to IS NULL AND r.{_AREA})
    OR EXISTS (SELECT FROM persons p WHERE p.id = person_id)
    OR EXISTS (SELECT FROM market_entities e JOIN regions r ON r.code = e.region_code AND r.valid_to IS NULL
               WHERE e.id = entity_id AND r.{_AREA})"""  # noqa: S608 - constants

_PLAN = "昆明市脱贫人口持续增收三年行动方案（2022—2024年）第17条"
_KINDS = {
    "skilled_farmer": "高素质农民",
    "skilled_woman": "妇女素质提升",
    "produce_broker": "农产品经纪人才",
    "rural_tourism": "乡村旅游职业人才",
    "e_commerce": "电商人才",
    "management": "经营管理人才",
    "public_service": "公共服务人才",
    "science": "科技人才",
    "certified_craftsman": "持证工匠",
}


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    op.execute("ALTER TABLE talents ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE talents FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY app_scope ON talents TO {_SERVICE}_app USING ({_VISIBLE}) WITH CHECK ({_VISIBLE})")
    op.execute(f"CREATE POLICY worker_all ON talents TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
    for name in ("talent_kinds", "talents"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {name} TO {_SERVICE}_app, {_SERVICE}_worker")
    kinds = table(
        "talent_kinds",
        column("code", Text),
        column("version", Integer),
        column("name", Text),
        column("document", Text),
        column("confidence", Text),
        column("active", Boolean),
    )
    seeds = [
        {"code": code, "version": 1, "name": name, "document": _PLAN, "confidence": "official", "active": True}
        for code, name in _KINDS.items()
    ]
    op.bulk_insert(kinds, seeds)
