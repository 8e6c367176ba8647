"""The worker root: relay, consumer, imports, distributions, indexing, checks, lists, `python -m households.worker`."""

import sys
from pathlib import Path

from events.catalog.employment import WagePaid
from events.catalog.finance import ClaimPaid, TransferPaid, TransferReturned
from events.catalog.procurement import HouseholdSalePaid
from events.consumer import Consumer
from events.received import Handlers, merge_handlers
from events.relay import Relay
from kit import worker
from kit.cipher import FieldCipher
from kit.database import engine
from kit.keys import Keys

from .assets.runner import DistributionRunner
from .checks.runner import CheckRunner
from .importing.runner import ImportRunner
from .income.handlers import on_claim_paid, on_household_sale_paid, on_transfer, on_wage_paid
from .measures.handlers import HANDLERS as MEASURES
from .preferences.runner import PreferenceList
from .registry.handlers import HANDLERS as REGISTRY
from .registry.indexing import Indexing
from .settings import Settings

INCOME: Handlers = {
    WagePaid: [on_wage_paid],
    HouseholdSalePaid: [on_household_sale_paid],
    ClaimPaid: [on_claim_paid],
    TransferPaid: [on_transfer],
    TransferReturned: [on_transfer],
}

HANDLERS = merge_handlers(INCOME, REGISTRY, MEASURES)


def main() -> int:
    """Run until told to stop; gives the exit code."""
    settings = Settings()
    database = engine(settings.dsn("worker"), application="households-worker")
    broker = settings.broker()
    cipher = FieldCipher(Keys.load(Path(settings.needed("keys_file"))))
    tasks = {
        "relay": Relay("households", database, broker).run,
        "consumer": Consumer("households", database, broker, HANDLERS).run,
        "imports": ImportRunner(database, cipher).run,
        "distributions": DistributionRunner(database).run,
        "indexing": Indexing(database, cipher).run,
        "checks": CheckRunner(database, cipher).run,
        "preferences": worker.taking_turns("preferences", PreferenceList(database).turn, idle=2.0),
    }
    return worker.run(settings, tasks)


if __name__ == "__main__":
    sys.exit(main())
