"""Policy of the rule on dependence on one buyer, for installations that began without it."""

from pathlib import Path

from alembic import op

import monitoring.policy
from kit.policy import adding, read_seeds

revision = "0002"
down_revision = "0001"

_NAMES = ("market.one_buyer.share", "dwell.market.one_buyer")


def upgrade() -> None:
    seeds = read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))
    op.execute(adding(seed for seed in seeds if seed.name in _NAMES))
