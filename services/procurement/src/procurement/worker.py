"""The worker root: relay and consumer, `python -m procurement.worker`."""

import sys

from directory.handlers import HANDLERS as DIRECTORY
from events.catalog.households import (
    HouseholdRegistered,
    HouseholdUpdated,
    PersonJoined,
    PersonUpdated,
    RegionChanged,
)
from events.consumer import Consumer
from events.received import Handlers, merge_handlers
from events.relay import Relay
from kit import worker
from kit.database import engine

from .benefit import handlers as benefit
from .buyers import handlers as buyers
from .orders import handlers as orders
from .requests.handlers import HANDLERS as REQUESTS
from .settings import Settings

HANDLERS: Handlers = merge_handlers(
    DIRECTORY,
    {
        HouseholdRegistered: (orders.on_household_moved, benefit.on_household_moved),
        HouseholdUpdated: (orders.on_household_moved, benefit.on_household_moved),
        PersonJoined: (orders.on_person, benefit.on_person),
        PersonUpdated: (orders.on_person, benefit.on_person),
        RegionChanged: (buyers.on_region_moved, orders.on_region_moved, benefit.on_region_moved),
    },
    REQUESTS,
)


def main() -> int:
    """Run until told to stop; gives the exit code."""
    settings = Settings()
    database = engine(settings.dsn("worker"), application="procurement-worker")
    broker = settings.broker()
    tasks: dict[str, worker.Task] = {
        "relay": Relay("procurement", database, broker).run,
        "consumer": Consumer("procurement", database, broker, HANDLERS).run,
    }
    return worker.run(settings, tasks)


if __name__ == "__main__":
    sys.exit(main())
