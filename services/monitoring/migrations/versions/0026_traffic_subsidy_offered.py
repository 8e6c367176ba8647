"""The traffic subsidy among what can be asked for."""

from pathlib import Path

from alembic import op

import monitoring.policy
from kit.policy import adding, read_seeds

revision = "0026"
down_revision: str | None = "0025"


def upgrade() -> None:
    seeds = read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))
    op.execute(adding(value for value in seeds if value.name == "offer.unstable_work.traffic_subsidy"))
