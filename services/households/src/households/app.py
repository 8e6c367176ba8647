"""The HTTP root: `uvicorn --factory households.app:create`."""

from fastapi import FastAPI

from kit.web import create_app

from .advisers import api as advisers
from .assets import api as assets
from .bases import api as bases
from .checks import api as checks
from .conditions import api as conditions
from .consents import api as consents
from .customs import api as customs
from .duty import api as duty
from .entities import api as entities
from .importing import api as importing
from .income import api as income
from .measures import api as measures
from .pilots import api as pilots
from .policy import router as policy
from .preferences import api as preferences
from .publicity import api as publicity
from .regions import api as regions
from .registry import api as registry
from .reports import api as reports
from .reports import door
from .set_asides import api as set_asides
from .settings import Settings
from .shocks import api as shocks
from .sites import api as sites
from .support import api as support
from .talents import api as talents
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
            customs,
            shocks,
            support,
            consents,
            measures,
            publicity,
            reports,
            visits,
            entities,
            assets,
            set_asides,
        )
        for router in (part.router, part.audited)
    ),
    teams.router,
    advisers.router,
    sites.router,
    bases.router,
    pilots.router,
    preferences.router,
    talents.router,
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
