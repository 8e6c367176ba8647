"""The HTTP root: `uvicorn --factory households.app:create`."""

from fastapi import FastAPI

from kit.web import create_app

from .advisers import api as advisers
from .assets import api as assets
from .checks import api as checks
from .conditions import api as conditions
from .consents import api as consents
from .duty import api as duty
from .entities import api as entities
from .importing import api as importing
from .income import api as income
from .measures import api as measures
from .policy import router as policy
from .regions import api as regions
from .registry import api as registry
from .reports import api as reports
from .reports import door
from .settings import Settings
from .shocks import api as shocks
from .support import api as support
from .tasks import api as tasks
from .teams import api as teams
from .villages import api as villages
from .visits import api as visits

ROUTERS = (
    regions.router,
    duty.router,
    *(
        router
        for part in (
            registry,
            income,
            conditions,
            shocks,
            support,
            consents,
            measures,
            reports,
            visits,
            entities,
            assets,
        )
        for router in (part.router, part.audited)
    ),
    teams.router,
    advisers.router,
    villages.router,
    tasks.router,
    checks.router,
    door.router,
    importing.router,
    importing.exports,
    policy,
)


def create(settings: Settings | None = None) -> FastAPI:
    """The API of this process."""
    return create_app(settings=settings or Settings(), title="households 户籍与收入", routers=ROUTERS)
