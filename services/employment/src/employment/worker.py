"""The worker root: relay, consumer and the sweeps of each new day, `python -m employment.worker`."""

import sys
from functools import partial

from directory.handlers import HANDLERS as DIRECTORY
from events.catalog.finance import TransferPaid, TransferReturned
from events.catalog.households import (
    BusinessDateAdvanced,
    HouseholdRegistered,
    HouseholdUpdated,
    PersonJoined,
    PersonLeft,
    PersonUpdated,
)
from events.consumer import Consumer
from events.received import Handlers, merge_handlers
from events.relay import Relay
from kit import worker
from kit.database import engine

from .posts import handlers as posts
from .requests.handlers import HANDLERS as REQUESTS
from .settings import Settings
from .subsidies import handlers as subsidies
from .workers import handlers as workers
from .workers.sweep import sweep
from .zero_employment import handlers as zero_employment
from .zero_employment.sweep import sweep as sweep_zero_employment

_MOVING = (
    workers.on_household_moved,
    zero_employment.on_household_moved,
    subsidies.on_household_moved,
    posts.on_household_moved,
)

HANDLERS: Handlers = merge_handlers(
    DIRECTORY,
    {
        HouseholdRegistered: _MOVING,
        HouseholdUpdated: _MOVING,
        PersonJoined: (workers.on_person, zero_employment.on_person),
        PersonUpdated: (workers.on_person, zero_employment.on_person),
        PersonLeft: (zero_employment.on_person_left,),
        BusinessDateAdvanced: (workers.on_business_date,),
        TransferPaid: (subsidies.on_transfer,),
        TransferReturned: (subsidies.on_transfer,),
    },
    REQUESTS,
)


def main() -> int:
    """Run until told to stop; gives the exit code."""
    settings = Settings()
    database = engine(settings.dsn("worker"), application="employment-worker")
    broker = settings.broker()
    tasks: dict[str, worker.Task] = {
        "relay": Relay("employment", database, broker).run,
        "consumer": Consumer("employment", database, broker, HANDLERS).run,
        "sweep": partial(sweep, database),
        "zero-employment": partial(sweep_zero_employment, database),
    }
    return worker.run(settings, tasks)


if __name__ == "__main__":
    sys.exit(main())
