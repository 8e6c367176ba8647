"""Public-welfare posts, who holds them, and the policy they need."""

from pathlib import Path

from alembic import op

import employment
from kit.policy import adding, read_seeds
from kit.scope import scope_policy_ddl

revision = "0008"
down_revision = "0007"

_SERVICE = "employment"

_TABLES = """
CREATE TABLE public_posts (
    id uuid NOT NULL,
    version integer NOT NULL,
    region varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    name text NOT NULL,
    places integer NOT NULL,
    monthly_pay numeric(14,2) NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    document text NOT NULL,
    department text NOT NULL,
    CONSTRAINT pk_public_posts PRIMARY KEY (id)
);
CREATE INDEX ix_public_posts_path_id ON public_posts (path, id);
COMMENT ON TABLE public_posts IS '乡村公益性岗位: budgeted places of a village';
CREATE TABLE post_holdings (
    id uuid NOT NULL,
    revision integer NOT NULL,
    void boolean NOT NULL,
    person_id uuid NOT NULL,
    household_id uuid NOT NULL,
    region varchar(12) NOT NULL,
    path text COLLATE "C" NOT NULL,
    post_id uuid NOT NULL,
    spell_id uuid NOT NULL,
    contract_from date NOT NULL,
    contract_to date NOT NULL,
    causes text[] NOT NULL,
    ended_on date,
    end_reason text,
    department text NOT NULL,
    CONSTRAINT pk_post_holdings PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_post_holdings_one ON post_holdings (person_id) WHERE ended_on IS NULL AND NOT void;
CREATE INDEX ix_post_holdings_household_id ON post_holdings (household_id);
CREATE INDEX ix_post_holdings_path_id ON post_holdings (path, id);
CREATE INDEX ix_post_holdings_post_id ON post_holdings (post_id);
COMMENT ON TABLE post_holdings IS
    '在岗: ended_on is the first day outside; spell_id is the job under which the wage is paid'"""


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("public_posts", "post_holdings"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {_SERVICE}_app, {_SERVICE}_worker")
        for statement in scope_policy_ddl(table, _SERVICE):
            op.execute(statement)
    seeds = read_seeds(Path(employment.__file__).with_name("policy.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith("post.")))
