"""The worker root: relay, consumer and the sweep for overdue instalments, `python -m finance.worker`."""

import sys
from functools import partial

from directory.handlers import HANDLERS as DIRECTORY
from directory.sweeping import sweep
from events.catalog.employment import SubsidyApproved
from events.catalog.households import (
    BusinessDateAdvanced,
    HouseholdRegistered,
    HouseholdUpdated,
    PersonJoined,
    PersonUpdated,
)
from events.consumer import Consumer
from events.received import Handlers, merge_handlers
from events.relay import Relay
from kit import worker
from kit.database import engine

from .aid import handlers as aid
from .credit import handlers as credit
from .insurance import handlers as insurance
from .loans import handlers as loans
from .loans.service import find_overdue
from .missed import handlers as missed
from .requests.handlers import HANDLERS as REQUESTS
from .settings import Settings
from .transfers import handlers as transfers

_MOVING = (
    credit.on_household_moved,
    loans.on_household_moved,
    missed.on_household_moved,
    transfers.on_household_moved,
    aid.on_household_moved,
    insurance.on_household_moved,
)
_MATCHING = (credit.on_person, loans.on_person, missed.on_person, transfers.on_person, insurance.on_person)

HANDLERS: Handlers = merge_handlers(
    DIRECTORY,
    {
        HouseholdRegistered: _MOVING,
        HouseholdUpdated: _MOVING,
        PersonJoined: _MATCHING,
        PersonUpdated: _MATCHING,
        SubsidyApproved: (transfers.on_subsidy_approved,),
        BusinessDateAdvanced: (loans.on_business_date,),
    },
    REQUESTS,
)


def main() -> int:
    """Run until told to stop; gives the exit code."""
    settings = Settings()
    database = engine(settings.dsn("worker"), application="finance-worker")
    broker = settings.broker()
    tasks: dict[str, worker.Task] = {
        "relay": Relay("finance", database, broker).run,
        "consumer": Consumer("finance", database, broker, HANDLERS).run,
        "sweep": partial(sweep, find_overdue, database),
    }
    return worker.run(settings, tasks)


if __name__ == "__main__":
    sys.exit(main())
