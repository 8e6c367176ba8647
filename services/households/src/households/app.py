"""The HTTP root: `uvicorn --factory households.app:create`."""

from fastapi import FastAPI

from kit.web import create_app

from .conditions.api import router as conditions
from .importing.api import exports
from .importing.api import router as importing
from .income.api import router as income
from .regions.api import router as regions
from .registry.api import router as registry
from .settings import Settings
from .support.api import router as support

ROUTERS = (regions, registry, income, conditions, support, importing, exports)


def create(settings: Settings | None = None) -> FastAPI:
    """The API of this process."""
    return create_app(settings=settings or Settings(), title="households 户籍与收入", routers=ROUTERS)
