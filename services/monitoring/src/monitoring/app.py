"""The HTTP root: `uvicorn --factory monitoring.app:create`."""

from fastapi import FastAPI

from kit.web import create_app

from .alerts.api import live
from .alerts.api import router as alerts
from .alerts.stream import Live
from .care.api import router as care
from .cases.api import router as cases
from .counterfactual.api import router as counterfactual
from .decisions.api import router as decisions
from .delivery.api import router as delivery
from .dispatch.api import router as dispatch
from .help.api import router as help_
from .indicators.api import router as indicators
from .papers.api import router as papers
from .policy.api import router as policy
from .profile.api import router as profile
from .settings import Settings
from .shadows.api import router as shadows
from .trail.api import router as trail
from .whatif.api import router as whatif

ROUTERS = (
    profile,
    live,
    care,
    alerts,
    cases,
    help_,
    policy,
    delivery,
    decisions,
    dispatch,
    trail,
    papers,
    whatif,
    shadows,
    counterfactual,
    indicators,
)


def create(settings: Settings | None = None) -> FastAPI:
    """The API of this process."""
    app = create_app(settings=settings or Settings(), title="monitoring 动态监测", routers=ROUTERS, key_locks="rows")
    app.state.live = Live(app.state.running.engine)
    return app
