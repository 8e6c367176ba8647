"""Village collectives: shares, incomes, cadre bonuses, idle assets, distributions."""

from alembic import op

revision = "0010"
down_revision: str | None = "0009"

_SERVICE = "households"

_TABLES = """
CREATE TABLE collectives (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    name TEXT NOT NULL,
    credit_code VARCHAR(18),
    total_shares NUMERIC(14, 2) NOT NULL,
    CONSTRAINT pk_collectives PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_collectives_region_code ON collectives (region_code);
COMMENT ON TABLE collectives IS
    '村集体经济组织: one per village; total_shares holds those that it keeps itself';
CREATE TABLE share_holdings (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    collective_id UUID NOT NULL,
    household_id UUID NOT NULL,
    shares NUMERIC(14, 2) NOT NULL,
    since DATE NOT NULL,
    CONSTRAINT pk_share_holdings PRIMARY KEY (id),
    CONSTRAINT fk_share_holdings_collective_id FOREIGN KEY(collective_id) REFERENCES collectives (id)
);
CREATE UNIQUE INDEX uq_share_holdings_collective_id_household_id ON share_holdings (collective_id, household_id);
CREATE INDEX ix_share_holdings_household_id ON share_holdings (household_id);
COMMENT ON TABLE share_holdings IS
    '股份量化到户: as it stands; what it was before stands in the event log';
CREATE TABLE collective_incomes (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    collective_id UUID NOT NULL,
    year SMALLINT NOT NULL,
    source TEXT NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    CONSTRAINT pk_collective_incomes PRIMARY KEY (id),
    CONSTRAINT fk_collective_incomes_collective_id FOREIGN KEY(collective_id) REFERENCES collectives (id)
);
CREATE UNIQUE INDEX uq_collective_incomes_collective_id_year_source
    ON collective_incomes (collective_id, year, source);
COMMENT ON TABLE collective_incomes IS '村集体收入: one row per year and source';
CREATE TABLE cadre_bonuses (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    collective_id UUID NOT NULL,
    year SMALLINT NOT NULL,
    reference TEXT NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    decided_on DATE NOT NULL,
    policy_id UUID NOT NULL,
    CONSTRAINT pk_cadre_bonuses PRIMARY KEY (id),
    CONSTRAINT fk_cadre_bonuses_collective_id FOREIGN KEY(collective_id) REFERENCES collectives (id)
);
CREATE INDEX ix_cadre_bonuses_collective_id_year ON cadre_bonuses (collective_id, year);
COMMENT ON TABLE cadre_bonuses IS
    '村组干部创收绩效奖励: policy_id is the county''s cap that it kept to';
CREATE TABLE collective_assets (
    id UUID NOT NULL,
    revision INTEGER NOT NULL,
    collective_id UUID NOT NULL,
    household_id UUID,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    idle BOOLEAN NOT NULL,
    operator_id UUID,
    since DATE NOT NULL,
    yearly_rent NUMERIC(14, 2) NOT NULL,
    CONSTRAINT pk_collective_assets PRIMARY KEY (id),
    CONSTRAINT fk_collective_assets_collective_id FOREIGN KEY(collective_id) REFERENCES collectives (id)
);
CREATE INDEX ix_collective_assets_collective_id_id ON collective_assets (collective_id, id);
COMMENT ON TABLE collective_assets IS
    '闲置资产: idle, or run since a day by an entity or by the collective itself';
CREATE TABLE distributions (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    void BOOLEAN NOT NULL,
    collective_id UUID NOT NULL,
    reference TEXT NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    kept NUMERIC(14, 2) NOT NULL,
    total_shares NUMERIC(14, 2) NOT NULL,
    households INTEGER NOT NULL,
    paid_on DATE NOT NULL,
    first_month VARCHAR(7) NOT NULL,
    last_month VARCHAR(7) NOT NULL,
    state TEXT NOT NULL,
    CONSTRAINT pk_distributions PRIMARY KEY (id),
    CONSTRAINT fk_distributions_collective_id FOREIGN KEY(collective_id) REFERENCES collectives (id)
);
CREATE UNIQUE INDEX uq_distributions_collective_id_reference ON distributions (collective_id, reference);
CREATE INDEX ix_distributions_state ON distributions (state);
COMMENT ON TABLE distributions IS
    '收益分配: a job; the worker pays its lines, a few hundred households per transaction';
CREATE TABLE distribution_lines (
    id UUID NOT NULL,
    distribution_id UUID NOT NULL,
    household_id UUID NOT NULL,
    payee_id UUID,
    shares NUMERIC(14, 2) NOT NULL,
    amount NUMERIC(14, 2) NOT NULL,
    revision INTEGER NOT NULL,
    told INTEGER NOT NULL,
    CONSTRAINT pk_distribution_lines PRIMARY KEY (id),
    CONSTRAINT ck_distribution_lines_told CHECK (told <= revision),
    CONSTRAINT fk_distribution_lines_distribution_id FOREIGN KEY(distribution_id) REFERENCES distributions (id)
);
CREATE UNIQUE INDEX uq_distribution_lines_distribution_id_household_id
    ON distribution_lines (distribution_id, household_id);
CREATE INDEX ix_distribution_lines_household_id ON distribution_lines (household_id);
CREATE INDEX ix_distribution_lines_payee_id ON distribution_lines (payee_id);
COMMENT ON TABLE distribution_lines IS
    '分配到户: shares of the day decided; told is the revision the household''s ledger has, payee who was paid'
"""

_OF_COLLECTIVE = "EXISTS (SELECT FROM collectives c WHERE c.id = collective_id)"
_VISIBLE = {
    "collectives": """EXISTS (
        SELECT FROM regions r
        WHERE r.code = region_code AND r.valid_to IS NULL
          AND r.path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))
    )""",
    # A shareholder who moved away still holds: the collective's own people see the whole list.
    "share_holdings": f"{_OF_COLLECTIVE} OR EXISTS (SELECT FROM households h WHERE h.id = household_id)",
    "collective_incomes": _OF_COLLECTIVE,
    "cadre_bonuses": _OF_COLLECTIVE,
    "collective_assets": _OF_COLLECTIVE,
    "distributions": _OF_COLLECTIVE,
    "distribution_lines": "EXISTS (SELECT FROM distributions d WHERE d.id = distribution_id)"
    " OR EXISTS (SELECT FROM households h WHERE h.id = coalesce(payee_id, household_id))",
}


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table, visible in _VISIBLE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app_scope ON {table} TO {_SERVICE}_app USING ({visible}) WITH CHECK ({visible})")
        op.execute(f"CREATE POLICY worker_all ON {table} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
