"""What departments carry out stands beside what people record, and measures have a history."""

from typing import Any

from alembic import op
from sqlalchemy import ARRAY, Row, Text, bindparam, text

from events.catalog.measures import FACTS, Ended, Given, told_of_measure
from events.registry import EVENT_CLASSES

revision = "0034"
down_revision: str | None = "0033"

_SERVICE = "households"

_TABLES = """
CREATE TABLE measure_versions (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    household_id UUID NOT NULL,
    category TEXT NOT NULL,
    causes TEXT[] NOT NULL,
    started_on DATE NOT NULL,
    completed_on DATE,
    department TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    source TEXT NOT NULL,
    recorded_on DATE NOT NULL,
    CONSTRAINT pk_measure_versions PRIMARY KEY (id, revision)
);
CREATE INDEX ix_measure_versions_household_id ON measure_versions (household_id);
COMMENT ON TABLE measure_versions IS
    '帮扶措施历史: every revision of a measure, with the business date of its recording';
CREATE TABLE given_measures (
    service TEXT NOT NULL,
    fact_id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    type TEXT NOT NULL,
    event_id UUID NOT NULL,
    household_id UUID NOT NULL,
    person_id UUID,
    reference UUID,
    category TEXT,
    causes TEXT[] NOT NULL,
    started_on DATE,
    completed_on DATE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_on DATE NOT NULL,
    CONSTRAINT pk_given_measures PRIMARY KEY (service, fact_id, revision)
);
CREATE INDEX ix_given_measures_household_id ON given_measures (household_id);
CREATE INDEX ix_given_measures_person_id ON given_measures (person_id);
COMMENT ON TABLE given_measures IS
    '部门帮扶措施: what departments told of help and of its end, every revision, with the business date of its taking;'
    ' without reference it says that it is none; without category it is the end of another fact'
"""

_FILL = """
INSERT INTO measure_versions SELECT id, revision, void, household_id, category, causes, started_on, completed_on,
    department, recorded_at, source, least((recorded_at AT TIME ZONE 'Asia/Shanghai')::date, today)
    FROM measures, LATERAL (SELECT coalesce(max(business_date), current_date) FROM business_days) AS d(today)
"""

_HEARD = text("""
    SELECT source, id, type, household_id, fact_id, revision, void, recorded_at, data::text AS data,
           least((recorded_at AT TIME ZONE 'Asia/Shanghai')::date, today) AS recorded_on
    FROM received_log, LATERAL (SELECT coalesce(max(business_date), current_date) FROM business_days) AS d(today)
    WHERE type = ANY(:types) AND household_id IS NOT NULL AND fact_id IS NOT NULL
    ORDER BY number
""").bindparams(bindparam("types", type_=ARRAY(Text)))
_TAKE = text("""
    INSERT INTO given_measures VALUES (:service, :fact_id, :revision, :void, :type, :event_id, :household_id,
        :person_id, :reference, :category, :causes, :started_on, :completed_on, :recorded_at, :recorded_on)
    ON CONFLICT DO NOTHING
""").bindparams(bindparam("causes", type_=ARRAY(Text)))
_AT_ONCE = 1000

_OF_HOUSEHOLD = "EXISTS (SELECT FROM households h WHERE h.id = household_id)"
_VISIBLE = {
    "measure_versions": _OF_HOUSEHOLD,
    "given_measures": f"{_OF_HOUSEHOLD} OR EXISTS (SELECT FROM persons p WHERE p.id = person_id)",
}
_RIGHTS = {
    "measure_versions": f"GRANT SELECT, INSERT ON measure_versions TO {_SERVICE}_app, {_SERVICE}_worker",
    "given_measures": f"GRANT SELECT ON given_measures TO {_SERVICE}_app;"
    f"GRANT SELECT, INSERT ON given_measures TO {_SERVICE}_worker",
}


def _take_what_was_heard() -> None:
    """Facts of before the upgrade stand in the received log: nobody will tell them again."""
    types = [cls.wire_type() for cls in FACTS]
    heard = op.get_bind().execute(_HEARD, {"types": types}, execution_options={"yield_per": _AT_ONCE})
    for part in heard.partitions(_AT_ONCE):
        rows = [row for row in map(_row, part) if row is not None]
        if rows:
            op.get_bind().execute(_TAKE, rows)


def _row(event: Row[Any]) -> dict[str, Any] | None:
    data = EVENT_CLASSES[event.type].model_validate_json(event.data)
    told = told_of_measure(data, event.fact_id)
    if told is None and event.revision == 1:
        return None
    same = {name: getattr(event, name) for name in ("fact_id", "revision", "void", "household_id")}
    same |= {"recorded_at": event.recorded_at, "recorded_on": event.recorded_on}
    given = told if isinstance(told, Given) else None
    return same | {
        "service": event.source,
        "type": data.event_name(),
        "event_id": event.id,
        "person_id": getattr(data, "person_id", None),
        "reference": told.reference if told else None,
        "category": given.category.value if given else None,
        "causes": [cause.value for cause in given.causes] if given else [],
        "started_on": given.started_on if given else None,
        "completed_on": given.completed_on if given else told.on if isinstance(told, Ended) else None,
    }


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    # who owns a table reads past its row security only while it is not forced
    op.execute("ALTER TABLE measures NO FORCE ROW LEVEL SECURITY")
    op.execute(_FILL)
    op.execute("ALTER TABLE measures FORCE ROW LEVEL SECURITY")
    _take_what_was_heard()
    for table, visible in _VISIBLE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({visible}) WITH CHECK ({visible})")
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
        for grant in _RIGHTS[table].split(";"):
            op.execute(grant)
