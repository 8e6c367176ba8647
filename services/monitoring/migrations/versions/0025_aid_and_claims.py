"""Aid of funds and claims on insurance among what can be asked for."""

from pathlib import Path

from alembic import op

import monitoring.policy
from kit.policy import adding, read_seeds

revision = "0025"
down_revision: str | None = "0024"


def upgrade() -> None:
    seeds = read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))
    op.execute(adding(value for value in seeds if value.name.startswith("offer.")))
