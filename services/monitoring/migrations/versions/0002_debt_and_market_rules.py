"""Policy of the rules on repayments due soon and on dependence on one buyer, for installations that began without."""

from pathlib import Path

from alembic import op

import monitoring.policy
from kit.policy import adding, read_seeds

revision = "0002"
down_revision = "0001"

_NEW = frozenset({"debt.due_soon.days", "dwell.debt.due_soon", "market.one_buyer.share", "dwell.market.one_buyer"})


def upgrade() -> None:
    seeds = read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))
    op.execute(adding(value for value in seeds if value.name in _NEW))
