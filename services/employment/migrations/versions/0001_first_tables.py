"""The first tables of employment, their rights, their row security and the policy they start with."""

from dataclasses import asdict
from pathlib import Path

from alembic import op

import employment
from directory.ddl import create_v1 as directory_tables
from directory.facts import FACT_COLUMNS_V1
from events.ddl import create_v1 as event_tables
from kit.ddl import create_v1 as kit_tables
from kit.policy import read_seeds
from kit.scope import scope_policy_ddl
from kit.tables import policy_values

revision = "0001"
down_revision = None

_SERVICE = "employment"

_TABLES = f"""
CREATE TABLE spells ({FACT_COLUMNS_V1},
    started_on date NOT NULL,
    channel text NOT NULL,
    place_code varchar(12),
    employer text,
    monthly_wage numeric(14, 2),
    ended_on date,
    end_reason text,
    end_revision integer NOT NULL,
    next_expected date,
    department text NOT NULL,
    CONSTRAINT pk_spells PRIMARY KEY (id)
);
CREATE INDEX ix_spells_person_id_started_on ON spells (person_id, started_on);
CREATE INDEX ix_spells_household_id ON spells (household_id);
CREATE INDEX ix_spells_path_id ON spells (path, id);
CREATE INDEX ix_spells_expecting ON spells (next_expected) WHERE next_expected IS NOT NULL AND NOT void;
CREATE INDEX ix_spells_awaited ON spells (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE spells IS
    '务工记录: end_revision counts publications of the end; next_expected is the month to look at next';
CREATE TABLE wages ({FACT_COLUMNS_V1},
    spell_id uuid,
    month date NOT NULL,
    amount numeric(14, 2) NOT NULL,
    channel text NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_wages PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_wages_spell_month ON wages (spell_id, month) WHERE NOT void;
CREATE INDEX ix_wages_person_id_month ON wages (person_id, month);
CREATE INDEX ix_wages_household_id ON wages (household_id);
CREATE INDEX ix_wages_path_id ON wages (path, id);
CREATE INDEX ix_wages_awaited ON wages (blind_index) WHERE household_id IS NULL;
COMMENT ON TABLE wages IS '工资: month is its first day';
CREATE TABLE missed_wages ({FACT_COLUMNS_V1},
    spell_id uuid NOT NULL,
    month date NOT NULL,
    expected numeric(14, 2) NOT NULL,
    CONSTRAINT pk_missed_wages PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_missed_wages_spell_month ON missed_wages (spell_id, month);
CREATE INDEX ix_missed_wages_household_id ON missed_wages (household_id);
CREATE INDEX ix_missed_wages_path_id ON missed_wages (path, id);
COMMENT ON TABLE missed_wages IS
    '工资未到: the id follows from spell and month; void once the wage came after all'"""

_FACTS = ("spells", "wages", "missed_wages")


def upgrade() -> None:
    shared = (*event_tables(_SERVICE), *kit_tables(_SERVICE), *directory_tables(_SERVICE))
    for statement in (*shared, *_TABLES.strip().split(";\n")):
        op.execute(statement)
    for table in _FACTS:
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
        for statement in scope_policy_ddl(table, _SERVICE):
            op.execute(statement)
    seeds = read_seeds(Path(employment.__file__).with_name("policy.toml"))
    op.bulk_insert(policy_values, [asdict(value) for value in seeds])
